"""Changes of the spec format: data for messages and for `mlplatform migrate`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplatform.fast.record import record

CURRENT = 2
"""Current format version; assumed when `spec_version` is omitted."""


@record()
class Rename:
    """A field that was renamed."""

    since: int
    """First version with the new name."""

    model: str
    """Class of the model it belongs to."""

    path: str
    """Its former path, without positions: `endpoints.environment`."""

    to: str
    """Its new name."""

    reason: str
    """Reason for the rename."""

    @property
    def name(self) -> str:
        """Its former name."""
        return self.path.rpartition(".")[2]


RENAMES = (
    Rename(
        since=2,
        model="EndpointSpec",
        path="endpoints.environment",
        to="env",
        reason="a platform's `environment` is dev or prod, an endpoint's were the variables of its container",
    ),
)
"""Every rename, oldest first. No resource is named after a field; one that is needs an alias for its rename."""


def find_rename(model: str, name: str) -> Rename | None:
    """The rename of a field, by its model and former name."""
    return next((rename for rename in RENAMES if (rename.model, rename.name) == (model, name)), None)


def explain_version(version: object) -> tuple[str, str]:
    """The accepted version and the fix, for a version that is refused."""
    if isinstance(version, int) and version > CURRENT:
        return (
            f"at most {CURRENT}: the spec was written for a later mlplatform",
            "upgrade: install a later wheel of mlplatform",
        )
    if isinstance(version, int) and version > 0:
        return f"{CURRENT}: the spec has an earlier version", "rewrite it with `mlplatform migrate SPEC`"
    return f"{CURRENT}", f"write {CURRENT}, or remove it"


FIRST = "0.1.0"
"""The first version of the package: all fields that `ADDED` does not name are as old."""

ADDED: Mapping[str, str] = MappingProxyType({})
"""By dotted path: the version of the package that has a field first, where it is later than `FIRST`."""


def since(model: str, name: str, path: str) -> str:
    """The version of the package that has a field first, in words, with its former name.

    Args:
        model: name of the model that has it.
        name: its name there.
        path: its dotted path.
    """
    first = ADDED.get(path, FIRST)
    rename = next((each for each in RENAMES if (each.model, each.to) == (model, name)), None)
    return f"{first}; called '{rename.name}' before version {rename.since} of specs" if rename else first
