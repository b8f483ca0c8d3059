"""An account that has everything, and a stack that has lost its state: Pulumi's own engine takes over what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.catalog.import_ids import MADE, import_form, matches
from mlplatform.components.names import stack_name
from mlplatform.fast.sdk import fast_sdk
from mlplatform.mock_cloud import Held
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.rehearse.outcome import UP
from mlplatform.rehearse.stage import RehearsalStage, open_stage
from mlplatform.spec.platform import PlatformSpec
from mlplatform.takeover.given import read_given
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.import_file import import_document
from mlplatform.takeover.survey import survey, takes_over

from ..conftest import CLOUDS
from .gates import needs_engine, only_rehearsed

pytestmark = [needs_engine, only_rehearsed()]
IMPORT = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_an_account_has_is_taken_over_and_nothing_is_replaced(
    cloud: str, stack_spec: Callable[[str], PlatformSpec], root: Path, tmp_path: Path
) -> None:
    fast_sdk(discovery.backend(cloud).sdks)
    spec = stack_spec("dev").with_record(None)
    with open_stage(spec, cloud, root, tmp_path / "stage", stack=stack_name(spec, cloud)) as stage:
        made = stage.engine.stack(*UP)
        assert made.code == 0, made.output
        _delete_what_has_no_import(stage)
        changed = _change_by_hand(stage)
        before = {(held.token, held.id) for held in stage.cloud.contents()}
        _lose_state(stage)
        plan = record(spec, cloud, layer="cloud", resolve=True)
        file = tmp_path / "import.json"
        taken = _write_import_file(stage, plan, file)
        assert len(taken) > 100
        imported = stage.engine.stack("import", "--file", str(file), *IMPORT)
        assert imported.code == 0, imported.output
        assert {(each.type, each.name) for each in stage.engine.state().resources} == taken
        stage.cloud.run()
        again = stage.engine.stack(*UP)
        assert again.code == 0, again.output
        # nothing that was there is made again, replaced or deleted; what people changed is updated in place
        assert {op for op, _, _ in again.events.touched} <= {"create", "update"}, again.output
        assert {urn.rpartition("::")[2] for op, urn, _ in again.events.touched if op == "update"} == {changed}
        assert {(held.token, held.id) for held in stage.cloud.contents()} >= before
        fresh = {held.token for held in stage.cloud.contents() if (held.token, held.id) not in before}
        assert all(_has_no_import(token) for token in fresh), fresh


def _delete_what_has_no_import(stage: RehearsalStage) -> None:
    """What can neither be imported nor made a second time goes first, as the command says."""
    for held in stage.cloud.contents():
        form = import_form(held.token)
        if form is not None and not form.form and not takes_over(held.token):
            stage.cloud.delete(held.token, held.id)


def _change_by_hand(stage: RehearsalStage) -> str:
    """Give one bucket or account other tags or labels; its logical name."""
    kinds = ("aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket", "azure-native:storage:StorageAccount")
    held = next(held for held in stage.cloud.contents() if held.token in kinds)
    key = "labels" if "labels" in held.inputs else "tags"
    stage.cloud.update(held.token, held.id, {**held.inputs, key: {"made-by": "hand"}})
    return held.name


def _has_no_import(token: str) -> bool:
    form = import_form(token)
    return form is None or not form.form


def _lose_state(stage: RehearsalStage) -> None:
    file = stage.project.folder / "lost.json"
    stage.engine.run("stack", "export", "--stack", stage.engine.stack_name, "--file", str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    document["deployment"]["resources"] = []
    document["deployment"].pop("pending_operations", None)
    file.write_text(json.dumps(document), encoding="utf-8")
    assert stage.engine.run("stack", "import", "--stack", stage.engine.stack_name, "--file", str(file)).code == 0


def _write_import_file(stage: RehearsalStage, plan: Plan, file: Path) -> set[tuple[str, str]]:
    """Name everything that is there, as a person would with a list of ids; type and name of what is taken over."""
    identifier = Identifier(plan, stage.cloud.account)
    held = {(each.token, each.name): each for each in stage.cloud.contents()}
    given = read_given(list(_pairs(plan, identifier, held)), plan, identifier, frozenset())
    assert given.problems == []
    found = survey(plan, identifier, given.ids, {}, frozenset())
    file.write_text(json.dumps(import_document(found)), encoding="utf-8")
    return {(entry.step.type, entry.step.name) for entry in found.of("import")}


def _pairs(plan: Plan, identifier: Identifier, held: dict[tuple[str, str], Held]) -> Iterator[tuple[str, str, str]]:
    for step in plan.resources():
        there, expected = held.get((step.type, step.name)), identifier.id_of(step)
        if there is None or expected is None or takes_over(step.type):
            continue
        if MADE not in expected:
            yield "ids", step.name, ""
            continue
        id_ = there.id if matches(expected, there.id) else expected.replace(MADE, there.id)
        identifier.know(step, id_)
        yield "ids", step.name, "" if MADE not in (identifier.id_of(step) or MADE) else id_
