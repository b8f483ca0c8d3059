"""Derives the package's types from the spec's models and the backends' existing parts.

Pulumi's host reads the types of a component's arguments from annotations of real classes, so they are in a file:
`python -m mlplatform.package.derive > platform/mlplatform/package/args.py`. A test holds the file to what this says.
"""

from __future__ import annotations

import sys
from typing import Any

from mlplatform import discovery
from mlplatform.components.existing import Existing
from mlplatform.package.deriving import Derived, Field, Made, Named
from mlplatform.package.kinds import derived_clouds, existing_kinds
from mlplatform.reading.describe.documentation import field_docs
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.base import SpecModel
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

SPECS: tuple[type[SpecModel], ...] = (
    ArtifactStoreSpec,
    EndpointSpec,
    GpuPoolSpec,
    KeysSpec,
    NetworkSpec,
    RegistrySpec,
    TrainingSpec,
)
"""Specs of the components that the package offers."""

CONTEXT = (
    *("name", "environment", "owner", "cost_center", "data_class", "profile", "tags"),
    *("network", "keys", "monitoring", "access"),
)
"""Fields of the platform's spec that a component alone needs, besides its target: what it is called, and what is made
for it on first use."""
_HEAD = '''"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

'''


def derive() -> str:
    """The whole file."""
    derived = Derived()
    _context(derived)
    for spec in SPECS:
        derived.model(spec)
    made = Made()
    _existing(made, "What a component made, in the shape in which `existing` takes it")
    return _HEAD + "\n\n".join(["", *derived.texts.values(), *made.texts.values()]).removeprefix("\n")


def _context(derived: Derived) -> None:
    docs = field_docs(PlatformSpec)
    hints = {name: PlatformSpec.model_fields[name] for name in CONTEXT}
    existing = _existing(derived, f"{Existing.__doc__} Give the target's cloud.")
    derived.add(
        "ContextArgs",
        "What a component used alone belongs to: names, tags and the account come from here.",
        iter(
            [
                *(Field(name, info.annotation, info.is_required(), docs[name]) for name, info in hints.items()),
                Field("target", dict[str, Any], True, "The account and region, with `cloud`, as in the spec."),
                Field("existing", Named(existing), False, "What somebody else made. Omitted: all is made."),
            ]
        ),
    )


def _existing(derived: Derived, doc: str) -> str:
    parts = {cloud: _parts(derived, cloud) for cloud in derived_clouds()}
    fields = (
        Field(cloud, Named(name), False, f"On {discovery.backend(cloud).title}.") for cloud, name in parts.items()
    )
    return derived.add("ExistingArgs", doc, fields)


def _parts(derived: Derived, cloud: str) -> str:
    kinds = existing_kinds(cloud)
    title = discovery.backend(cloud).title
    fields = (
        Field(part, kind, False, f"{(kind.__doc__ or '').split(chr(10))[0]} Omitted: made.")
        for part, kind in kinds.items()
    )
    return derived.add(f"{cloud.capitalize()}ExistingArgs", f"What somebody else made on {title}.", fields)


if __name__ == "__main__":
    sys.stdout.write(derive())
