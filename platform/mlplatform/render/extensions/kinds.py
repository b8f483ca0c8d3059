"""The kinds of packages that `mlplatform new` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from mlplatform.fast.record import record

ExtensionKind = Literal["backend", "capability", "check", "risk-rule"]
"""What a package adds."""

EXTENSION_KINDS: tuple[ExtensionKind, ...] = get_args(ExtensionKind)
"""All kinds."""


@record(kw_only=True)
class ExtensionForm:
    """What is the same for all packages of one kind."""

    meaning: str
    """What it adds, for people."""

    group: str
    """The group of its entry point."""

    attribute: str
    """What the entry point names in the package's module."""

    further: Mapping[str, str]
    """Further groups of entry points, and the place below the package's module that each names: `.cost:RULES`."""

    longest: int
    """Characters that a name may have."""

    tries: tuple[str, ...]
    """Commands that use the package once it is installed."""


FORMS: Mapping[ExtensionKind, ExtensionForm] = {
    "backend": ExtensionForm(
        meaning="a cloud: the targets of a spec, and how each capability is built there",
        group="mlplatform.backends",
        attribute="BACKEND",
        further={"mlplatform.cost": ".cost:RULES", "mlplatform.doors": ".pipelines.door_program"},
        # it is a target's name, and a part of every physical name
        longest=20,
        tries=("mlplatform plan production.yaml", "mlplatform cost production.yaml", "mlplatform matrix"),
    ),
    "capability": ExtensionForm(
        meaning="a capability of the platform: fields of a spec, and resources on each cloud",
        group="mlplatform.capabilities",
        attribute="CAPABILITY",
        further={},
        # it is a part of logical and physical names
        longest=20,
        tries=("mlplatform plan example.yaml",),
    ),
    "check": ExtensionForm(
        meaning="a check of plans: what each resource must be like",
        group="mlplatform.checks",
        attribute="RULE",
        further={},
        longest=40,
        tries=("mlplatform check --list",),
    ),
    "risk-rule": ExtensionForm(
        meaning="a rule for reviews: what a reviewer of a change must not miss",
        group="mlplatform.risks",
        attribute="RULE",
        further={},
        longest=40,
        tries=(),
    ),
}
"""By kind."""
