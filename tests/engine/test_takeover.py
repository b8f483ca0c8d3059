"""An account that has everything, and a stack that has lost its state: Pulumi's own engine takes over what is there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlplatform import discovery
from mlplatform.catalog.import_ids import MADE, import_form, matches
from mlplatform.components.names import stack_name
from mlplatform.fast.sdk import fast_sdk
from mlplatform.mock_cloud import Held
from mlplatform.plan.inside import without_charts
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.rehearse.engine import CommandRun
from mlplatform.rehearse.outcome import UP
from mlplatform.rehearse.stage import RehearsalStage, open_stage
from mlplatform.spec.platform import PlatformSpec
from mlplatform.takeover.given import read_given
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.import_file import import_document, made_first
from mlplatform.takeover.model import Takeover
from mlplatform.takeover.survey import survey, takes_over
from mlplatform.views.style import Style
from mlplatform.views.takeover import make_first, takeover_text

from ..conftest import CLOUDS
from .gates import needs_engine, only_rehearsed

pytestmark = [needs_engine, only_rehearsed()]


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
        taken, told = _write_import_file(stage, plan, file)
        assert len(taken) > 100
        imported = _import(stage, told, file)
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


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_cluster_has_is_taken_over_and_nothing_is_replaced(
    cloud: str, stack_spec: Callable[[str], PlatformSpec], root: Path, tmp_path: Path
) -> None:
    fast_sdk((*discovery.backend(cloud).sdks, "pulumi_kubernetes"))
    spec = stack_spec("dev").with_record(None)
    with open_stage(spec, cloud, root, tmp_path / "stage", stack=stack_name(spec, cloud)) as outer:
        made = outer.engine.stack(*UP)
        assert made.code == 0, made.output
        stage = outer.inner
        assert stage is not None
        made = stage.engine.stack(*UP)
        assert made.code == 0, made.output
        before = {(held.token, held.id) for held in stage.cloud.contents()}
        way = _way_to_cluster(stage)
        _lose_state(stage)
        plan = without_charts(record(spec, cloud, layer="cluster", resolve=True))
        # first the provider, as it is told: nothing in the cluster is touched
        up, export = _made_first(stage, plan)
        made = stage.engine.run(*up, "--yes", "--skip-preview")
        assert made.code == 0, made.output
        assert {(held.token, held.id) for held in stage.cloud.contents()} == before
        assert _way_to_cluster(stage) == way
        assert export == ["stack", "export", "--stack", stage.engine.stack_name, "--file", "state.json"]
        managed = frozenset(each["urn"] for each in _exported(stage)["deployment"]["resources"])
        file = tmp_path / "import.json"
        taken, told = _write_import_file(stage, plan, file, managed)
        assert len(taken) > 20
        imported = _import(stage, told, file)
        assert imported.code == 0, imported.output
        assert {(each.type, each.name) for each in stage.engine.state().resources} == taken
        stage.cloud.run()
        again = stage.engine.stack(*UP)
        assert again.code == 0, again.output
        # nothing that was there is made again, replaced, updated or deleted
        assert again.events.touched == (), again.output
        assert {(held.token, held.id) for held in stage.cloud.contents()} == before


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


def _exported(stage: RehearsalStage) -> dict[str, Any]:
    file = stage.project.folder / "exported.json"
    stage.engine.run("stack", "export", "--stack", stage.engine.stack_name, "--file", str(file))
    return json.loads(file.read_text(encoding="utf-8"))


def _way_to_cluster(stage: RehearsalStage) -> str:
    """The kubeconfig of the stack's only provider of Kubernetes."""
    resources = _exported(stage)["deployment"]["resources"]
    (way,) = (each["inputs"]["kubeconfig"] for each in resources if each["type"] == "pulumi:providers:kubernetes")
    assert "[secret]" not in way
    return way


def _lose_state(stage: RehearsalStage) -> None:
    file = stage.project.folder / "lost.json"
    document = _exported(stage)
    document["deployment"]["resources"] = []
    document["deployment"].pop("pending_operations", None)
    file.write_text(json.dumps(document), encoding="utf-8")
    assert stage.engine.run("stack", "import", "--stack", stage.engine.stack_name, "--file", str(file)).code == 0


def _import(stage: RehearsalStage, told: str, file: Path) -> CommandRun:
    """Type the command that is told, with the file's place; nobody is there to answer its questions."""
    words = shlex.split(told.replace(" import.json ", f" {shlex.quote(str(file))} "))
    assert words[:4] == ["pulumi", "import", "--stack", stage.engine.stack_name]
    return stage.engine.run(*words[1:], "--yes", "--skip-preview")


def _write_import_file(
    stage: RehearsalStage, plan: Plan, file: Path, managed: frozenset[str] = frozenset()
) -> tuple[set[tuple[str, str]], str]:
    """Name everything that is there, as a person would with a list of ids.

    Returns:
        Type and name of what is taken over, and the command for it that people are told.
    """
    found = _found(stage, plan, managed)
    assert not made_first(found)
    file.write_text(json.dumps(import_document(found)), encoding="utf-8")
    told = takeover_text(found, Style(), asked=False)
    (command,) = re.findall(r"`(pulumi import [^`]+)`", " ".join(told.split()))
    return {(entry.step.type, entry.step.name) for entry in found.of("import")}, command


def _made_first(stage: RehearsalStage, plan: Plan) -> list[list[str]]:
    """The words of the commands of Pulumi that the file needs first."""
    found = _found(stage, plan, frozenset())
    return [shlex.split(each)[1:] for each in re.findall(r"`(pulumi [^`]+)`", make_first(found, made_first(found)))]


def _found(stage: RehearsalStage, plan: Plan, managed: frozenset[str]) -> Takeover:
    identifier = Identifier(plan, stage.cloud.account)
    held = {(each.token, each.name): each for each in stage.cloud.contents()}
    given = read_given(list(_pairs(plan, identifier, held)), plan, identifier, managed)
    assert given.problems == []
    return survey(plan, identifier, given.ids, {}, managed)


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
