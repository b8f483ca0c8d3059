"""The sequence of a rehearsal, its end and its recovery, with an engine that answers from a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.providers.accounts import Account
from mlplatform.rehearse.ending import destroy_all, destroy_protected, destroy_with_data
from mlplatform.rehearse.engine import CommandRun
from mlplatform.rehearse.events import EngineError, EngineEvents
from mlplatform.rehearse.life import RehearsalStep, rehearse_life
from mlplatform.rehearse.model import Rehearsal
from mlplatform.rehearse.project import ThrowawayProject
from mlplatform.rehearse.recovery import recover_state
from mlplatform.rehearse.releasing import release_all
from mlplatform.rehearse.stage import CANARY, RehearsalStage
from mlplatform.rehearse.state import PendingOperation, StackState, StateResource
from mlplatform.rehearse.stopped import StateUnreadable
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.rehearsal import json as json_view

TOPIC = "aws:sns/topic:Topic"
KEY = "aws:kms/key:Key"
BUCKET = "aws:s3/bucket:Bucket"
NODES = "aws:eks/nodeGroup:NodeGroup"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev-aws::mlplatform::{token}::{name}"


def kept(token: str, name: str, id_: str, *, protect: bool = False, retained: bool = False) -> StateResource:
    return StateResource(urn(token, name), token, id_, protect, retained, False, "", "")


def run(code: int = 0, *errors: EngineError, **changes: int) -> CommandRun:
    return CommandRun(code, 1.0, "", EngineEvents(changes, errors))


class Scripted:
    """An engine that answers from a script and records its commands."""

    stack_name = "dev"

    def __init__(self, answers: list[CommandRun], states: list[StackState | None]) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._answers = answers
        self._states = states

    def stack(self, *arguments: str, **options: object) -> CommandRun:
        self.asked.append(arguments)
        if "--import-file" in arguments:
            everything = [{"type": KEY, "name": name, "parent": "platform"} for name in ("key", "other")]
            Path(arguments[-1]).write_text(json.dumps({"resources": everything}), "utf-8")
        return self._answers.pop(0) if self._answers else run()

    def configure(self, key: str, value: str) -> CommandRun:
        return run()

    def state(self) -> StackState:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if state is None:
            raise StateUnreadable("EOF")
        return state


SetUp = Callable[..., RehearsalStage]


@pytest.fixture
def set_up(tmp_path: Path, stack_spec: Callable[[str], PlatformSpec]) -> SetUp:
    """A stage with a scripted engine."""

    def make(answers: list[CommandRun], *states: StackState | None) -> RehearsalStage:
        cloud = Cloud(Account.sample("aws"))
        engine = Scripted(answers, list(states) or [StackState((), ())])
        # nothing waits, so that the sequence is that of the changes alone
        spec = as_released(stack_spec("dev"), ("aws",))
        project = ThrowawayProject(Path(mkdtemp(dir=tmp_path)), tmp_path)
        return RehearsalStage(cloud, engine, project, spec, "aws")  # type: ignore[arg-type]

    return make


def test_protected_resources_are_unprotected_by_name_for_a_change(set_up: SetUp) -> None:
    refused = EngineError(urn(TOPIC, "logs"), "cannot be deleted\nbecause it is protected. To unprotect …")
    answers = [run(create=3), run(), run(), run(1, refused, update=1), run(), run(0, delete=1, same=2), run()]
    stage = set_up(
        answers, StackState((kept(TOPIC, "logs", "x", protect=True), kept(TOPIC, "other", "y", protect=True)), ())
    )
    phases = list(rehearse_life(stage, (RehearsalStep("an endpoint less", "endpoint"),), lambda _: None))
    change = next(phase for phase in phases if phase.name == "an endpoint less")
    assert change.ok
    assert change.changes == {"update": 1, "delete": 1}
    assert "unprotected for it: logs (aws:sns/topic:Topic)" in change.notes[0]
    assert ("state", "unprotect", urn(TOPIC, "logs"), "--yes") in stage.engine.asked  # type: ignore[attr-defined]
    assert (
        json.loads(json_view.document([Rehearsal("dev-aws", "aws", 3, tuple(phases))]))["rehearsals"][0]["resources"]
        == 3
    )


def test_what_is_protected_inside_the_cluster_is_unprotected_by_name_for_a_change(set_up: SetUp) -> None:
    release = "kubernetes:helm.sh/v3:Release"
    refused = EngineError(urn(release, "argo"), "cannot be deleted\nbecause it is protected. To unprotect …")
    stage = set_up([])
    unchanged = [run(), run(), run()]
    kept_there = StackState((kept(release, "argo", "argo", protect=True),), ())
    stage.inner = set_up([*unchanged, run(1, refused), run(), run(0, delete=1), run()], kept_there)
    phases = list(rehearse_life(stage, (RehearsalStep("an add-on", "addon"),), lambda _: None))
    change = next(phase for phase in phases if phase.name == "an add-on: it comes, cluster")
    assert change.ok
    assert "unprotected for it: argo" in change.notes[0]


def test_what_is_released_between_two_updates_is_released_for_both_stacks(set_up: SetUp) -> None:
    stage = set_up([])
    stage.inner = set_up([])
    for one in (stage, stage.inner):
        one.spec = one.spec.with_record(None)
    stage.use_spec(stage.spec)
    assert release_all(stage)
    assert stage.spec.record is not None
    assert stage.inner.spec.record == stage.spec.record


def test_another_refusal_ends_the_rehearsal(set_up: SetUp) -> None:
    stage = set_up([run(create=3), run(), run(), run(1, EngineError(urn(TOPIC, "logs"), "AuthorizationError"))])
    phases = list(rehearse_life(stage, (RehearsalStep("a tag more", "tag"),), lambda _: None))
    assert [phase.ok for phase in phases] == [True, True, True, False]
    assert phases[-1].failures[0].answer == "AuthorizationError"


def test_an_unexpected_change_is_named(set_up: SetUp) -> None:
    seen = EngineEvents({"update": 1}, (), (("update", urn(TOPIC, "logs"), ("tags.a",)),))
    phases = list(rehearse_life(set_up([run(create=3), CommandRun(1, 1.0, "", seen)]), (), lambda _: None))
    assert not phases[-1].ok
    assert phases[-1].failures[0].subject == "logs (aws:sns/topic:Topic)"
    assert phases[-1].failures[0].answer == "update: tags.a"


def test_a_destroy_that_goes_through_although_something_is_protected_is_a_failure(set_up: SetUp) -> None:
    guarded = StackState((kept(TOPIC, "logs", "x", protect=True),), ())
    assert destroy_protected(set_up([], StackState((), ())), "d") is None
    refused = destroy_protected(set_up([run(1, delete=9)], guarded), "d")
    assert refused is not None
    assert refused.ok
    assert refused.changes == {}
    gone = destroy_protected(set_up([run(0, delete=9)], guarded), "d")
    assert gone is not None
    assert not gone.ok


def test_stores_with_data_are_kept(set_up: SetUp) -> None:
    stage = set_up([run(1)])
    assert destroy_with_data(stage, "d") is None
    stage.cloud.create(BUCKET, "store", {"bucket": "acme"})
    found = destroy_with_data(stage, "d")
    assert found is not None
    assert found.ok
    stage = set_up([run(1)])
    held = stage.cloud.create(BUCKET, "store", {"bucket": "acme"})

    def takes_the_data(*_: str) -> CommandRun:
        stage.cloud.occupy(BUCKET, held.id, full=False)
        stage.cloud.delete(BUCKET, held.id)
        return run(1)

    stage.engine.stack = takes_the_data  # type: ignore[assignment, method-assign]
    lost = destroy_with_data(stage, "d")
    assert lost is not None
    assert [failure.subject for failure in lost.failures] == ["store"]


def test_unintended_leftovers_are_failures(set_up: SetUp) -> None:
    stage = set_up([run()])
    retained = stage.cloud.create(TOPIC, "kept", {"name": "kept"})
    stage.cloud.create(TOPIC, "forgotten", {"name": "forgotten"})
    stage.cloud.delete(KEY, stage.cloud.create(KEY, "key", {}).id)
    stage.retained.add((TOPIC, retained.id))
    found = destroy_all(stage, "destroy")
    assert [failure.subject for failure in found.failures] == ["forgotten (aws:sns/topic:Topic)"]
    assert [(stay.subject, stay.reason) for stay in found.stays] == [
        (f"kept ({TOPIC})", "retained on purpose"),
        (f"key ({KEY})", "the key is deleted after 7 to 30 days; until then it is unusable and costs nothing"),
    ]


def test_a_count_that_the_engine_sets_back_is_a_failure(set_up: SetUp) -> None:
    stage = set_up([run(create=3), run(), run(), run(), run(update=1)])
    group = {"nodeGroupName": "gpu", "scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 2}}
    held = stage.cloud.create(NODES, "nodes", group)
    answer = stage.engine.stack

    def sets_it_back(*arguments: str, **options: object) -> CommandRun:
        if arguments[0] == "up":
            stage.cloud.update(NODES, held.id, group)
        done = answer(*arguments)
        stage.cloud.run()
        return done

    stage.engine.stack = sets_it_back  # type: ignore[assignment, method-assign]
    phases = list(rehearse_life(stage, (RehearsalStep("autoscaled", "autoscaled"),), lambda _: None))
    assert [(phase.name, phase.ok) for phase in phases[3:]] == [
        ("autoscaled: moved, preview", True),
        ("autoscaled", False),
    ]
    (failure,) = phases[-1].failures
    assert failure.answer == "was set back: scalingConfig.desiredSize was 1 and is 0"
    assert "ignore_changes" in failure.cause


def test_the_cloud_changes_by_itself_after_each_turn(set_up: SetUp) -> None:
    stage = set_up([])
    drifts: list[str] = []
    stage.cloud.drift = drifts.append  # type: ignore[assignment, method-assign]
    # as on clouds whose rollouts go on after the update
    stage.cloud.fire_alarms = lambda: False  # type: ignore[assignment, method-assign]
    phases = list(
        rehearse_life(
            stage, (RehearsalStep("fails", "alarm"), RehearsalStep("autoscaled", "autoscaled")), lambda _: None
        )
    )
    assert drifts == ["rolled out", "taken back", "rolled out", "scaled", "rolled out"]
    # no preview while the declared model does not serve
    assert [phase.name for phase in phases[3:-3]] == [
        "fails: taken back, promote",
        "fails: taken back",
        "fails: the former one again, promote",
        "fails: the former one again",
        "fails: the former one again, preview",
        "autoscaled: moved, preview",
        "autoscaled",
        "autoscaled, preview",
    ]
    assert [phase.name for phase in phases[-3:]] == ["secrets", "destroy", "secrets, destroyed"]


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (run(1, EngineError("", "RolloutTakenBack: SageMaker took the rollout back, because an alarm fired")), True),
        (run(1, EngineError("", "another error")), False),
        (run(), False),
    ],
)
def test_a_rollout_that_is_taken_back_within_the_update_must_end_the_run(
    set_up: SetUp, answer: CommandRun, ok: bool
) -> None:
    stage = set_up([run(), run(), run(), answer])
    phases = list(rehearse_life(stage, (RehearsalStep("fails", "alarm"),), lambda _: None))
    assert [(phase.name, phase.ok) for phase in phases[4:5]] == [("fails: taken back", ok)]


@pytest.mark.parametrize(("refused", "ok"), [(True, True), (False, False)])
def test_what_the_risks_foresee_the_cloud_must_refuse(set_up: SetUp, refused: bool, ok: bool) -> None:
    stage = set_up([run(), run(), run(), run(int(refused), EngineError("", "ValidationException"))])
    if refused:
        answer = stage.engine.stack

        def asks(*arguments: str, **options: object) -> CommandRun:
            result = answer(*arguments)
            if result.code:
                stage.cloud.note_refusal("update", NODES, "endpoint", CloudRefused("ValidationException", "no"))
            return result

        stage.engine.stack = asks  # type: ignore[assignment, method-assign]
    phases = list(rehearse_life(stage, (RehearsalStep("variant", "variant"),), lambda _: None))
    assert [(phase.name, phase.ok) for phase in phases[3:4]] == [("variant: a tenth of the traffic", ok)]


def test_a_secret_in_the_output_of_destroy_is_found(set_up: SetUp) -> None:
    stage = set_up([])
    answer = stage.engine.stack

    def leaks(*arguments: str, **options: object) -> CommandRun:
        if arguments[0] == "destroy":
            stage.project.log("009-destroy.log").write_text(f"deleting with {CANARY}", "utf-8")
        return answer(*arguments)

    stage.engine.stack = leaks  # type: ignore[assignment, method-assign]
    last = list(rehearse_life(stage, (), lambda _: None))[-1]
    assert (last.name, last.ok) == ("secrets, destroyed", False)
    assert last.failures[0].subject == "logs/009-destroy.log"
    assert CANARY not in last.failures[0].answer


def test_after_a_kill_existing_resources_are_imported(set_up: SetUp) -> None:
    pending = StackState((), (PendingOperation(urn(KEY, "key"), "creating"),))
    stage = set_up([], pending, pending, StackState((), ()))
    key = stage.cloud.create(KEY, "key", {})
    commands = recover_state(stage, killed=True)
    assert commands == ("pulumi cancel", "pulumi refresh --clear-pending-creates", f"pulumi import {KEY} key {key.id}")
    asked = [arguments[0] for arguments in stage.engine.asked]  # type: ignore[attr-defined]
    assert asked == ["cancel", "refresh", "preview", "import"]
    document = json.loads((stage.project.folder / "import.json").read_text("utf-8"))
    assert document["resources"] == [{"type": KEY, "name": "key", "parent": "platform", "id": key.id}]


def test_a_resource_that_a_creation_takes_over_needs_no_import(set_up: SetUp) -> None:
    stage = set_up([])
    stage.cloud.create(TOPIC, "alarms", {"name": "alarms"})
    assert recover_state(stage, killed=False) == ()
    assert stage.engine.asked == []  # type: ignore[attr-defined]


def test_the_backup_of_a_torn_state_is_restored(set_up: SetUp) -> None:
    stage = set_up([], None, StackState((), ()))
    folder = stage.project.folder / "state" / ".pulumi" / "stacks"
    folder.mkdir(parents=True)
    (folder / "dev.json").write_text("torn", "utf-8")
    (folder / "dev.json.bak").write_text("whole", "utf-8")
    assert recover_state(stage, killed=True) == ("restore the state's backup", "pulumi cancel")
    assert (folder / "dev.json").read_text("utf-8") == "whole"
