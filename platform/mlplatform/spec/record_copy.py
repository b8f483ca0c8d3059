"""The copy of the record of releases that programs in a cloud read: one object in the store of each target.

The file in Git is the truth. CI's job that applies a change copies it after a successful `up`, so that a program which
runs for days sees what is released now, and not what was when it was started.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mlplatform.spec.model_names import ModelName, Version
from mlplatform.spec.releases import Release


class _Copied(BaseModel):
    # programs read what a later version of the platform wrote: its further fields are not for them
    model_config = ConfigDict(frozen=True, extra="ignore")


class CopiedChampion(_Copied):
    """What the candidates of one pipeline are compared with."""

    model: ModelName
    """Name of the model."""

    version: Version | None = None
    """The released version of the variant with the most traffic; None: nothing is released."""


class RecordCopy(_Copied):
    """What is released on one target."""

    copy_version: Literal[1] = 1
    """Version of this format."""

    platform: str
    """Name of the platform."""

    environment: str
    """Its environment."""

    target: str
    """Name of the target."""

    commit: Annotated[str, Field(max_length=200)] = ""
    """The commit that was applied; empty where Git does not know it."""

    changed: AwareDatetime
    """When that commit was made: a copy of an earlier one never replaces a later one's."""

    champions: dict[str, CopiedChampion]
    """What candidates are compared with, by pipeline."""

    releases: dict[str, dict[str, Release]]
    """The record's releases on the target, by endpoint, and variant or shadow."""

    @property
    def content(self) -> tuple[object, ...]:
        """What the copy says, without the commit that said it."""
        return self.platform, self.environment, self.target, self.champions, self.releases

    @property
    def origin(self) -> str:
        """The record that it is of, for people: `the record of commit 0123456789ab, of 2026-11-30 09:00 UTC`."""
        commit = f" of commit {self.commit[:12]}," if self.commit else ""
        return f"the record{commit} of {_shown(self.changed)}"

    def text(self) -> str:
        """The document, the same bytes for the same content."""
        return self.model_dump_json(indent=2, exclude_unset=True, exclude_none=True) + "\n"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".strip()
