"""The fields that every capability of another package has."""

from typing import Any

from pydantic import Field

from mlplatform.spec.base import SpecModel
from mlplatform.spec.target import TargetName


def _name_of_kind(values: dict[str, Any]) -> str:
    """The default of an extension's name: its kind, which is the field before it."""
    return str(values.get("kind", ""))


class ExtensionSpec(SpecModel):
    """One capability that an installed package adds to the platform. Each package adds its own fields."""

    kind: str
    """Which capability: the name of the package's entry point."""

    name: TargetName = Field(default_factory=_name_of_kind)
    """Its name, unique among the extensions, at most 20 characters: a part of logical names. Omitted: the kind."""

    on: TargetName | None = None
    """The target that has it. Omitted: every target."""
