"""The table of cases on GCP, and what its services do that no case says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from mlplatform.services.gcp_api import GoogleApi, GoogleRefused
from mlplatform.services.gcp_texts import StorageTexts
from mlplatform.services.rest import HttpAnswer
from mlplatform.services.stored_text import WrittenMeanwhile
from mlplatform.steps.door import gcp
from mlplatform.steps.door.ports import StartRefused
from mlplatform.steps.door.rules import DoorRules

from .cases import CASES
from .fake_google import BUCKET, PARENT, FakeGoogle, refused
from .gcp_stage import DEFINITION, ENVIRONMENT, NAME, GcpStage
from .stage import PIPELINE

Refusal = Callable[[str, str], "HttpAnswer | None"]


@pytest.mark.parametrize("name", CASES)
def test_the_door_on_gcp(name: str) -> None:
    CASES[name](GcpStage())


@pytest.fixture
def stage() -> GcpStage:
    return GcpStage()


def once(status: int, url_part: str, reason: str = "") -> Refusal:
    """The first request of an address is refused."""
    left = [status]
    return lambda _, url: refused(left.pop(), "try again", reason) if url_part in url and left else None


def test_a_run_starts_from_the_planned_definition_with_its_account(stage: GcpStage) -> None:
    stage.ask("manual", parameters={"rounds": 7})
    stage.look()
    (job,) = stage.google.jobs.values()
    assert job["pipelineSpec"] == json.loads(DEFINITION)
    assert job["serviceAccount"] == "acme-ml-dev-pipelines@acme-ml.iam.gserviceaccount.com"
    # a definition declares texts alone
    assert job["runtimeConfig"]["parameterValues"] == {"rounds": "7"}  # type: ignore[index]


def test_a_definition_that_somebody_changed_starts_nothing(stage: GcpStage) -> None:
    stage.google.objects[f"{BUCKET}/{NAME}"] = (DEFINITION + b" ", 2)
    stage.ask("manual")
    stage.look()
    assert not stage.started()
    assert any("somebody changed it" in reason for reason in stage.told("failure"))


def test_more_runs_than_a_page_holds_are_all_seen(stage: GcpStage) -> None:
    for number in range(250):
        stage.google.start_by_hand(f"by-hand-{number}", PIPELINE)
    found = stage.ports().runner.runs(stage.pipeline)
    assert len(found) == 250


def test_a_run_of_another_pipeline_and_one_of_two_months_ago_are_not_seen(stage: GcpStage) -> None:
    stage.google.start_by_hand("old", PIPELINE)
    stage.now += timedelta(days=60)
    stage.google.start_by_hand("other", "churn")
    assert stage.ports().runner.runs(stage.pipeline) == ()


def test_a_paused_run_is_going(stage: GcpStage) -> None:
    stage.google.start_by_hand("by-hand", PIPELINE)
    stage.google.jobs[f"{PARENT}/pipelineJobs/by-hand"]["state"] = "PIPELINE_STATE_PAUSED"
    assert [run.state for run in stage.ports().runner.runs(stage.pipeline)] == ["going"]


def test_a_run_that_ended_meanwhile_is_not_stopped(stage: GcpStage) -> None:
    stage.google.start_by_hand("by-hand", PIPELINE)
    runner = stage.ports().runner
    (run,) = runner.runs(stage.pipeline)
    stage.google.end("by-hand")
    runner.stop(stage.pipeline, run)


def test_a_start_without_the_right_is_tried_again(stage: GcpStage) -> None:
    stage.google.refusals = [once(403, "/pipelineJobs?pipelineJobId")]
    stage.ask("manual")
    stage.look()
    assert not stage.started()
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1


@pytest.mark.parametrize(("status", "reason"), [(400, "FAILED_PRECONDITION"), (409, "ABORTED")])
def test_what_is_not_ready_yet_is_tried_again(stage: GcpStage, status: int, reason: str) -> None:
    stage.google.refusals = [once(status, "/pipelineJobs?pipelineJobId", reason)]
    stage.ask("manual")
    stage.look()
    assert not stage.started()
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1


def test_an_id_that_vertex_ai_does_not_take_is_refused_for_good(stage: GcpStage) -> None:
    with pytest.raises(StartRefused):
        stage.ports().runner.start(stage.pipeline, "2026-run", {})


def test_a_service_that_is_busy_is_asked_again(stage: GcpStage) -> None:
    waits: list[float] = []
    stage.google.refusals = [once(429, "storage"), once(503, "storage")]
    ports = gcp.open_door(DoorRules("t", ()), ENVIRONMENT, GoogleApi(stage.google, sleep=waits.append))
    assert ports.ledgers.read(PIPELINE).text is None
    assert waits == [1.0, 4.0]


def test_a_refusal_says_what_the_service_says(stage: GcpStage) -> None:
    stage.google.refusals = [lambda _, __: refused(403, "Permission 'storage.objects.get' denied")]
    with pytest.raises(GoogleRefused, match=r"403 Permission 'storage\.objects\.get' denied"):
        stage.ports().ledgers.read(PIPELINE)


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    asked: list[str] = []
    google, time = FakeGoogle(), [0.0]

    def counting(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> HttpAnswer:
        asked.append(url)
        return google(method, url, body, headers)

    api = GoogleApi(counting, clock=lambda: time[0])  # type: ignore[arg-type]
    ledgers = StorageTexts(api, f"gs://{BUCKET}/door/")
    ledgers.read("a")
    ledgers.read("b")
    assert sum("metadata" in url for url in asked) == 1
    time[0] = 3600.0
    ledgers.read("c")
    assert sum("metadata" in url for url in asked) == 2


def test_a_line_of_the_record_is_written_once_and_a_ledger_is_not_overwritten(stage: GcpStage) -> None:
    ledgers = stage.ports().ledgers
    ledgers.append(PIPELINE, "line", "{}")
    ledgers.append(PIPELINE, "line", "{}")
    version = ledgers.write(PIPELINE, "one", "")
    ledgers.write(PIPELINE, "two", version)
    for old in ("", version):
        with pytest.raises(WrittenMeanwhile):
            ledgers.write(PIPELINE, "three", old)
    assert ledgers.read(PIPELINE).text == "two"


def test_what_is_not_text_goes_to_the_dead_letters_with_its_reason(stage: GcpStage) -> None:
    stage.google.messages["ack"] = ({"data": "//79", "messageId": "1"}, stage.now)
    stage.look()
    (letter,) = stage.google.dead
    assert letter["attributes"] == {"reason": "not JSON"}


def test_other_events_of_the_store_are_ignored(stage: GcpStage) -> None:
    stage.google.publish("{}", {"eventType": "OBJECT_DELETE", "bucketId": "b", "objectId": "claims/_SUCCESS"})
    stage.look()
    assert stage.waiting() == stage.dead() == 0


def test_the_rules_are_read_from_the_bucket(stage: GcpStage) -> None:
    stage.google.objects[f"{BUCKET}/rules.json"] = (b'{"version": 1}', 1)
    assert gcp.read_text(f"gs://{BUCKET}/rules.json", GoogleApi(stage.google)) == '{"version": 1}'
