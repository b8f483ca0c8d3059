"""The door on Azure: the table of cases by its own requests, and what only Azure does."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from mlplatform.pipelines.forms import azureml
from mlplatform.services.azure_api import AzureApi, AzureRefused
from mlplatform.services.rest import HttpAnswer
from mlplatform.steps.door import azure_inbox, azure_runs
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import StartRefused

from .azure_stage import ENVIRONMENT, REQUEST, AzureStage
from .cases import CASES
from .fake_azure import FakeAzure


@pytest.mark.parametrize("name", CASES)
def test_the_door(name: str) -> None:
    CASES[name](AzureStage())


def test_an_answer_that_gets_lost_starts_no_second_run() -> None:
    """The service has taken the request; the door sends it again."""
    stage = AzureStage()
    stage.ask("manual")
    stage.azure.lost = 3
    for _ in range(4):
        stage.wait_and_look(minutes=6)
    assert len(stage.started()) == 1
    assert stage.waiting() == 0


def test_a_message_that_is_never_done_is_put_away_and_told_of() -> None:
    stage = AzureStage()
    stage.ask("manual")
    stage.azure.queues["door"][0].times = azure_inbox.MOST_RECEIVED
    report = stage.look()
    assert report
    assert (report.buried, report.failures, stage.waiting(), stage.dead()) == (1, 1, 0, 1)
    kept = json.loads(azure_inbox.plain_text(stage.azure.queues["door-dead"][0].text))
    assert json.loads(kept["message"])["reason"] == "manual"
    assert kept["reason"].startswith("received 51 times")


@pytest.mark.parametrize("text", ["x" * 70_000, "\N{PILE OF POO}" * 20_000, "<&>'\""])
def test_whatever_cannot_be_read_fits_into_the_dead_letters(text: str) -> None:
    stage = AzureStage()
    stage.send(text)
    stage.look()
    assert (stage.waiting(), stage.dead()) == (0, 1)


def test_old_runs_are_not_all_read() -> None:
    """A year of runs would be many pages at each look."""
    stage = AzureStage()
    for number in range(40):
        stage.wait(days=4)
        stage.start_by_hand(f"old-{number}")
        stage.end_run("succeeded")
    asked: list[str] = []

    def heard(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        asked.append(url)
        return stage.azure(method, url, body, headers)

    api = AzureApi(ENVIRONMENT, heard, clock=lambda: stage.now.timestamp())
    runner = azure_runs.WorkspaceJobs(api, {}, lambda: stage.now)
    assert [run.run for run in runner.runs(stage.pipeline)] == ["old-39"]
    assert len([url for url in asked if "/jobs" in url]) == 2


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (
            {
                "eventType": "Microsoft.Storage.BlobCreated",
                "topic": "/subscriptions/x/storageAccounts/acmemain",
                "subject": "/blobServices/default/containers/data/blobs/claims/a b/\u00e9.csv",
                "data": {"eTag": "0x8D", "url": "https://elsewhere.example/data/claims/x"},
            },
            "wasbs://data@acmemain.blob.core.windows.net/claims/a b/\u00e9.csv",
        ),
        ({"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {}}, None),
        ({"eventType": "Microsoft.Storage.BlobDeleted", "subject": "/blobServices/default/containers/d/blobs/x"}, None),
    ],
)
def test_what_event_grid_says(event: dict[str, object], found: str | None) -> None:
    for sent in (event, [event]):
        received = azure_inbox.read_message("1", json.dumps(sent))
        assert received.objects == ((NewObject(found, "0x8D"),) if found else ())
        assert received.ignored is (found is None)


def test_a_value_reaches_its_parameter_and_nothing_else() -> None:
    body = azure_runs.with_values(json.loads(json.dumps(REQUEST)), {"since": "it's", "rounds": True})
    inputs = body["properties"]["inputs"]  # type: ignore[index]
    assert inputs["since"]["value"] == azureml.in_quotes("it's")
    assert inputs["rounds"]["value"] == "true"
    for name in ("nobody", "Folder_ingest_claims"):
        with pytest.raises(StartRefused, match="no parameter"):
            azure_runs.with_values(json.loads(json.dumps(REQUEST)), {name: "x"})


def test_the_form_and_the_door_use_the_same_tag() -> None:
    assert azure_runs.tag_of("fraud-retrain") == azureml.tag_of("fraud-retrain")


def test_a_list_that_goes_on_elsewhere_is_not_followed() -> None:
    """The token would go there too."""
    stage = AzureStage()

    def answer(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        if "/jobs?" in url:
            return HttpAnswer(
                200, json.dumps({"value": [], "nextLink": "https://management.azure.com.evil/x"}).encode()
            )
        return stage.azure(method, url, body, headers)

    api = AzureApi(ENVIRONMENT, answer, clock=lambda: stage.now.timestamp())
    with pytest.raises(RuntimeError, match="is not the service"):
        azure_runs.WorkspaceJobs(api, {}, lambda: stage.now).runs(stage.pipeline)


def test_a_refusal_says_what_the_service_said() -> None:
    stage = AzureStage()
    api = AzureApi(ENVIRONMENT, FakeAzure(lambda: stage.now), sleep=lambda _: None, clock=lambda: stage.now.timestamp())
    with pytest.raises(AzureRefused, match="404 UserError not found"):
        api.call("management", "GET", f"https://management.azure.com{stage.start['jobs']}/x?api-version=2025-12-01")
