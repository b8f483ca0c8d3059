"""What to do after a run that went wrong, as a person would: tell the state what is there, then run again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import cast

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.rehearse.engine import Run, StateUnreadable
from mlplatform.rehearse.stage import Stage
from mlplatform.rehearse.state import State

PLAIN = "a plain re-run"


def recover(stage: Stage, *, killed: bool) -> tuple[str, ...]:
    """Make the state know what the cloud has; the commands that it took, in order, for people.

    Args:
        stage: after the run.
        killed: the engine was killed, so that its lock is still there.
    """
    told: list[str] = []
    if killed:
        # first of all: even the lock is not given back as long as the state cannot be read
        if _mended(stage):
            told.append("the state's backup in its place")
        # with a service as backend the lock runs out by itself
        stage.engine.stack("cancel", "--yes")
        told.append("pulumi cancel")
    state = stage.engine.state()
    if any(operation.kind == "creating" for operation in state.pending):
        # `--import-pending-creates` marks them as being imported, and the refresh then drops the mark
        stage.engine.stack("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        told.append("pulumi refresh --clear-pending-creates")
    orphans = _orphans(stage, stage.engine.state() if told else state)
    # a creation of these takes over what is there
    orphans = {key: held for key, held in orphans.items() if held.token not in rules_of(held.token).upserts}
    if orphans:
        _import(stage, orphans)
        told += [f"pulumi import {held.token} {held.name} {held.id}" for held in orphans.values()]
    return tuple(told)


def _mended(stage: Stage) -> bool:
    """Put the state's backup in its place where the engine died while it wrote the state into a folder.

    Backends that replace an object whole, as a bucket or a service does, need none of this.
    """
    try:
        stage.engine.state()
    except StateUnreadable:
        # the file itself is replaced whole; what is torn is the one with its attributes beside it
        for backup in (stage.workshop.folder / "state").rglob("*.json.bak*"):
            shutil.copyfile(backup, backup.with_name(backup.name.replace(".bak", "")))
        return True
    return False


def _orphans(stage: Stage, state: State) -> dict[tuple[str, str], Held]:
    known = {(kept.type, kept.id) for kept in state.resources} | stage.retained
    return {(held.token, held.name): held for held in stage.cloud.contents() if (held.token, held.id) not in known}


def _import(stage: Stage, orphans: dict[tuple[str, str], Held]) -> Run:
    """Import by a file: the preview writes one with everything that it would create, parents and providers too."""
    file = stage.workshop.folder / "import.json"
    file.unlink(missing_ok=True)
    stage.engine.stack("preview", "--import-file", str(file))
    _keep(file, orphans)
    return stage.engine.stack(
        "import", "--file", str(file), "--yes", "--skip-preview", "--protect=false", "--generate-code=false"
    )


def _keep(file: Path, orphans: dict[tuple[str, str], Held]) -> None:
    """Of the file, only what is there already, with its id."""
    document = cast("dict[str, object]", json.loads(file.read_text(encoding="utf-8")))
    kept: list[dict[str, object]] = []
    for resource in cast("list[dict[str, object]]", document.get("resources") or []):
        name = str(resource.get("logicalName") or resource.get("name"))
        held = orphans.get((str(resource.get("type")), name))
        if held is not None:
            kept.append({**resource, "id": held.id})
    document["resources"] = kept
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
