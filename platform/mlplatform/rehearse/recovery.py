"""Recovers the state after a failed run, with the commands that a person would use, before the re-run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import cast

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.rehearse.engine import CommandRun
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.rehearse.state import StackState
from mlplatform.rehearse.stopped import StateUnreadable

PLAIN = "a plain re-run"


def recover_state(stage: RehearsalStage, *, killed: bool) -> tuple[str, ...]:
    """Bring the state in line with the cloud; the commands in order, for people.

    Args:
        stage: the stage after the run.
        killed: True if the engine was killed, which leaves its lock.
    """
    commands: list[str] = []
    if killed:
        # first of all: even the lock is not released as long as the state cannot be read
        if _restore_backup(stage):
            commands.append("restore the state's backup")
        # with a service as backend the lock expires by itself
        stage.engine.stack("cancel", "--yes")
        commands.append("pulumi cancel")
    state = stage.engine.state()
    if any(operation.kind == "creating" for operation in state.pending):
        # `--import-pending-creates` marks them as being imported, and the refresh then drops the mark
        stage.engine.stack("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        commands.append("pulumi refresh --clear-pending-creates")
    orphans = _orphans(stage, stage.engine.state() if commands else state)
    # a creation of these takes over the existing resource
    orphans = {key: held for key, held in orphans.items() if held.token not in rules_of(held.token).upserts}
    if orphans:
        _import(stage, orphans)
        commands += [f"pulumi import {held.token} {held.name} {held.id}" for held in orphans.values()]
    return tuple(commands)


def _restore_backup(stage: RehearsalStage) -> bool:
    """Restore the state's backup if the engine died while it wrote the state into a folder.

    Backends that replace whole objects, such as a bucket or a service, do not need this.
    """
    try:
        stage.engine.state()
    except StateUnreadable:
        # the file itself is replaced whole; the one with its attributes beside it can be torn
        # of this stack only: an older state of another one would lose what this one refers to
        for backup in (stage.project.folder / "state").rglob(f"{stage.engine.stack_name}.json.bak*"):
            shutil.copyfile(backup, backup.with_name(backup.name.replace(".bak", "")))
        return True
    return False


def _orphans(stage: RehearsalStage, state: StackState) -> dict[tuple[str, str], Held]:
    known = {(resource.type, resource.id) for resource in state.resources} | stage.retained
    return {(held.token, held.name): held for held in stage.cloud.contents() if (held.token, held.id) not in known}


def _import(stage: RehearsalStage, orphans: dict[tuple[str, str], Held]) -> CommandRun:
    """Import by a file, which the preview writes with everything that it would create, parents and providers too."""
    file = stage.project.folder / "import.json"
    file.unlink(missing_ok=True)
    stage.engine.stack("preview", "--import-file", str(file))
    _keep_orphans(file, orphans)
    return stage.engine.stack(
        "import", "--file", str(file), "--yes", "--skip-preview", "--protect=false", "--generate-code=false"
    )


def _keep_orphans(file: Path, orphans: dict[tuple[str, str], Held]) -> None:
    """Keep only existing resources in the file, and add their ids."""
    document = cast("dict[str, object]", json.loads(file.read_text(encoding="utf-8")))
    kept: list[dict[str, object]] = []
    for resource in cast("list[dict[str, object]]", document.get("resources") or []):
        name = str(resource.get("logicalName") or resource.get("name"))
        held = orphans.get((str(resource.get("type")), name))
        if held is not None:
            kept.append({**resource, "id": held.id})
    document["resources"] = kept
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
