"""Outputs that an update in place raises: what takes one as its input changes too, with nothing new in the program.

A launch template's version is one: a node group that runs `latest_version` replaces its nodes with every new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedOutputs:
    """The outputs of one type that an update raises."""

    outputs: tuple[str, ...]
    """Outputs, in wire names."""

    quiet: frozenset[str]
    """Inputs whose change raises none."""

    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Types of resources that take one as their input, with the path of that input."""

    source: str
    """The page about it."""


RAISED: Mapping[str, RaisedOutputs] = {
    _LAUNCH_TEMPLATE: RaisedOutputs(
        outputs=("latestVersion", "defaultVersion"),
        # the provider makes no version for these: its list of inputs that do has neither, and the rest is all that a
        # template contains
        quiet=frozenset({"tags", "tagsAll", "name", "namePrefix", "defaultVersion", "updateDefaultVersion", "region"}),
        readers={
            "aws:eks/nodeGroup:NodeGroup": ("launchTemplate", "version"),
            "aws:autoscaling/group:Group": ("launchTemplate", "version"),
        },
        source="https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2514",
    ),
}
"""By type token."""


def raises(token: str, path: Sequence[str | int]) -> bool:
    """Whether the change of an input, by its wire path, raises outputs of the resource."""
    row = RAISED.get(token)
    return row is not None and bool(path) and path[0] not in row.quiet
