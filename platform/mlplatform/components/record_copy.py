"""The copy of the record of releases in the store of a target: what it says, and how a cloud's store takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from mlplatform.components.champion import champion_of
from mlplatform.components.contract import contract
from mlplatform.spec.platform import PlatformSpec

if TYPE_CHECKING:
    from mlplatform.services.stored_text import StoredText
    from mlplatform.spec.record_copy import RecordCopy

RunsCommand = Callable[[Sequence[str]], str]
"""Runs a command of the cloud's own command line, and returns what it prints; raises an exception where it fails."""


class KeepsText(Protocol):
    """A folder of the store whose files are replaced only where nobody else has replaced them since they were read."""

    def read(self, name: str, /) -> StoredText:
        """A file, by its name without `.json`."""
        ...

    def write(self, name: str, text: str, version: str, /) -> str:
        """Replace the file that has a version, or make it where the version is empty.

        Returns:
            Its new version.

        Raises:
            WrittenMeanwhile: it has another version, or is there already.
        """
        ...


@contract("artifact_store.record_copy")
class OpensRecordCopy(Protocol):
    """Opens the folder of an address, as `Backend.record_uri` gives it, with the login of the cloud's command line."""

    def __call__(self, folder: str, run: RunsCommand, /) -> KeepsText: ...


def record_copy(spec: PlatformSpec, commit: str, changed: datetime) -> RecordCopy:
    """What the copy says.

    Args:
        spec: narrowed to one target, with its record.
        commit: that was applied; empty where Git does not know it.
        changed: when that was made.
    """
    from mlplatform.spec.record_copy import CopiedChampion, RecordCopy

    target = spec.targets[0].name
    champions: dict[str, CopiedChampion] = {}
    for pipeline in spec.pipelines:
        found = champion_of(spec, pipeline)
        champions[pipeline.name] = CopiedChampion(model=pipeline.model, version=found.version if found else None)
    return RecordCopy(
        copy_version=1,
        platform=spec.name,
        environment=spec.environment,
        target=target,
        commit=commit,
        changed=changed,
        champions=champions,
        releases=spec.record.targets.get(target, {}) if spec.record else {},
    )


def compares(spec: PlatformSpec) -> bool:
    """Whether a step of a spec, narrowed to one target, asks what is released: only those read the copy."""
    steps = (step for pipeline in spec.pipelines for step in pipeline.steps)
    return any(step.kind == "champion" or (step.gate and step.gate.champion) for step in steps)
