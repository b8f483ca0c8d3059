"""A planted change in each form of capture, in each cloud's store, reaches that cloud's door as the right event."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.monitor.program import run
from mlplatform.services import azure_api, gcp_api
from mlplatform.services.stores import aws, open_store, send_to_door
from mlplatform.steps.door import azure_inbox, gcp_inbox
from mlplatform.steps.door.aws_inbox import QueueClient, SqsInbox
from mlplatform.steps.door.events import of_message
from mlplatform.steps.door.ports import Received
from mlplatform.steps.door.rules import DoorRules

from ..steps.door import fake_azure, fake_google
from ..steps.door.azure_stage import ENVIRONMENT
from ..steps.door.fake_azure import FakeAzure
from ..steps.door.fake_google import FakeGoogle
from ..steps.door.stage import RULES
from .fake_aws import FakeAws
from .test_capture import envoy, event, sagemaker
from .test_program import NOW, Job
from .worlds import Change

Files = Mapping[str, str]
DAY = "2026/11/29/05"
QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/acme-door"


def exchanges(job: Job) -> list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """What SageMaker's lines of the job hold: key, request, answer, and the parsed line."""
    lines = (job.folder / f"capture/AllTraffic/{DAY}/part.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        (
            each["eventMetadata"]["eventId"],
            json.loads(each["captureData"]["endpointInput"]["data"]),
            {"predictions": json.loads(each["captureData"]["endpointOutput"]["data"])},
            each,
        )
        for each in found
    ]


def as_sagemaker(job: Job) -> Files:
    return {
        f"capture/fraud-scorer/main/{DAY}/10-00-000.jsonl": "\n".join(
            sagemaker(json.dumps(asked), json.dumps(answer), key=key) for key, asked, answer, _ in exchanges(job)
        )
    }


def as_azure(job: Job) -> Files:
    sides: dict[str, list[str]] = {"request": [], "response": []}
    for key, asked, answer, _ in exchanges(job):
        sides["request"].append(event("request", asked, key))
        sides["response"].append(event("response", answer, key))
    return {
        f"capture/fraud-scorer/{side}/acme-fraud-scorer/main/{side}/{DAY}/i1.jsonl": "\n".join(lines)
        for side, lines in sides.items()
    }


def as_router(job: Job) -> Files:
    return {
        f"capture/fraud-scorer/{DAY}/{key}_trace.json": envoy(asked, answer).replace('"e1"', f'"{key}"')
        for key, asked, answer, _ in exchanges(job)
    }


def as_tensors(job: Job) -> Files:
    """KServe's Open Inference Protocol: a tensor for each field, https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol"""
    files: dict[str, str] = {}
    for key, asked, answer, _ in exchanges(job):
        rows = asked["instances"]
        scores = [each["score"] if isinstance(each, dict) else each for each in answer["predictions"]]
        sides = (
            {"inputs": [_tensor(name, [row[name] for row in rows]) for name in rows[0]]},
            {"outputs": [_tensor("score", scores)]},
        )
        files[f"capture/fraud-scorer/{DAY}/{key}_trace.json"] = envoy(*sides).replace('"e1"', f'"{key}"')
    return files


def _tensor(name: str, data: list[object]) -> Mapping[str, object]:
    kind = "BYTES" if isinstance(data[0], str) else "BOOL" if isinstance(data[0], bool) else "FP64"
    return {"name": name, "shape": [len(data)], "datatype": kind, "data": data}


def as_azure_batched(job: Job) -> Files:
    """Requests that come close together are one event, whose data are a list."""
    found = exchanges(job)
    sides: dict[str, list[str]] = {"request": [], "response": []}
    for at in range(0, len(found), 3):
        part = found[at : at + 3]
        sides["request"].append(event("request", [asked for _, asked, _, _ in part], part[0][0]))
        sides["response"].append(event("response", [answer for _, _, answer, _ in part], part[0][0]))
    return {
        f"capture/fraud-scorer/{side}/acme-fraud-scorer/main/{side}/{DAY}/i1.jsonl": "\n".join(lines)
        for side, lines in sides.items()
    }


class Cloud:
    """A cloud in memory: where its store is, and what its door receives."""

    store: str
    inbox: str
    captures: Sequence[str] = ("capture/fraud-scorer",)

    def receive(self) -> Sequence[Received]:
        raise NotImplementedError


class Aws(Cloud):
    store, inbox = "s3://acme-monitoring", QUEUE

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.fake = FakeAws("capture/fraud-scorer", "reports/fraud-scorer/", "reference/", "labels/")
        patch.setenv("AWS_REGION", "eu-central-1")
        patch.setattr(aws, "_client", self.fake.client)

    def receive(self) -> Sequence[Received]:
        return SqsInbox(cast("QueueClient", self.fake), QUEUE, "dead").receive()


class Azure(Cloud):
    store = f"{fake_azure.BLOBS}/monitoring"
    inbox = f"{fake_azure.QUEUES}/door"

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.fake = FakeAzure(lambda: datetime.now(UTC))
        patch.setattr(azure_api, "send", self.fake)
        for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_CLIENT_ID"):
            patch.setenv(name, ENVIRONMENT[name])

    def receive(self) -> Sequence[Received]:
        api = azure_api.AzureApi(ENVIRONMENT, self.fake)
        return azure_inbox.StorageQueue(api, self.inbox, f"{fake_azure.QUEUES}/door-dead").receive()


class Google(Cloud):
    store, inbox = "gs://acme-monitoring", fake_google.TOPIC

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.fake = FakeGoogle()
        patch.setattr(gcp_api, "send", self.fake)

    def receive(self) -> Sequence[Received]:
        api = gcp_api.GoogleApi(self.fake)
        return gcp_inbox.PubSubInbox(api, fake_google.SUBSCRIPTION, fake_google.DEAD).receive()


CASES: Mapping[str, tuple[Callable[[pytest.MonkeyPatch], Cloud], Callable[[Job], Files], Sequence[str]]] = {
    "SageMaker": (Aws, as_sagemaker, ["capture/fraud-scorer"]),
    "Azure ML": (Azure, as_azure, ["capture/fraud-scorer/request", "capture/fraud-scorer/response"]),
    "Cloud Run": (Google, as_router, ["capture/fraud-scorer"]),
    "EKS": (Aws, as_router, ["capture/fraud-scorer"]),
    "GKE": (Google, as_router, ["capture/fraud-scorer"]),
    "AKS": (Azure, as_router, ["capture/fraud-scorer"]),
    "EKS, KServe": (Aws, as_tensors, ["capture/fraud-scorer"]),
    "GKE, KServe": (Google, as_tensors, ["capture/fraud-scorer"]),
    "AKS, KServe": (Azure, as_tensors, ["capture/fraud-scorer"]),
    "Azure ML, batched": (
        Azure,
        as_azure_batched,
        ["capture/fraud-scorer/request", "capture/fraud-scorer/response"],
    ),
}


def look(job: Job, cloud: Cloud, form: Callable[[Job], Files], captures: Sequence[str], change: Change) -> int:
    """One look of the program, with everything in the cloud's store."""
    job.capture(change)
    place = MonitorPlace(cloud.store)
    for name, text in form(job).items():
        place.write(name, text)
    for name in ("reference/part.parquet", "labels/part.parquet", "reference/reference.json"):
        place.write(name, (job.folder / name).read_bytes())
    words = [word for each in captures for word in ("--capture", f"{cloud.store}/{each}")]
    return run(
        [
            *("--settings", str(job.folder / "settings.json")),
            *("--reference", f"{cloud.store}/reference"),
            *("--labels", f"{cloud.store}/labels"),
            *("--output", f"{cloud.store}/reports/fraud-scorer/2026-11-29"),
            *("--inbox", cloud.inbox),
            *words,
        ],
        now=NOW,
    )


@pytest.mark.parametrize("case", CASES)
def test_a_planted_change_reaches_the_door(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, form, captures = CASES[case]
    cloud = make(monkeypatch)
    assert look(Job(tmp_path), cloud, form, captures, "concept") == 0
    (message,) = cloud.receive()
    found = of_message(message.body, DoorRules("t", (replace(RULES, name="fraud-retrain"),)))
    assert (found.pipeline, found.reason) == ("fraud-retrain", "drift")
    assert found.key == "drift  fraud-scorer 7 2026-11-28T07Z/2026-11-29T07Z"
    assert "concept" in found.by
    report = MonitorPlace(f"{cloud.store}/reports/fraud-scorer/2026-11-29").text("monitor.json")
    assert report is not None
    assert json.loads(report)["rows"] == 1500, "every row of every page of the listing, once"


def test_without_a_change_the_door_hears_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Aws(monkeypatch)
    assert look(Job(tmp_path), cloud, as_sagemaker, ["capture/fraud-scorer"], "none") == 0
    assert not cloud.receive()


def test_what_is_refused_is_told_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A monitor whose event nobody got must not look like one that told."""
    cloud = Aws(monkeypatch)
    job = Job(tmp_path)
    cloud.inbox = "https://elsewhere.example/queue"
    assert look(job, cloud, as_sagemaker, ["capture/fraud-scorer"], "concept") == 2
    assert "expected the address of a queue" in capsys.readouterr().err
    assert look(job, cloud, as_sagemaker, ["capture/another"], "concept") == 2
    assert "AccessDenied" in capsys.readouterr().err


def test_addresses_of_azure_are_those_of_the_blob_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """The `dfs` address has no private endpoint, and Arrow asks it for an access list that readers may not see."""
    for address in ("abfss://c@acmemain.dfs.core.windows.net/a/b", "wasbs://c@acmemain.blob.core.windows.net/a/b"):
        _, folder = open_store(address, ENVIRONMENT)
        assert folder == "a/b"
    seen: list[str] = []

    def sent(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Any:  # noqa: ANN401
        del method, body, headers
        seen.append(url)
        raise ConnectionError

    monkeypatch.setattr(azure_api, "send", sent)
    store, _ = open_store("abfss://c@acmemain.dfs.core.windows.net/a", {**ENVIRONMENT, "IDENTITY_ENDPOINT": "x"})
    with pytest.raises(ConnectionError):
        list(store.listed("a/"))
    assert seen
    with pytest.raises(Unreadable, match="is not set"):
        MonitorPlace("https://acmemain.blob.core.windows.net/c", environment={"A": "b"})
    with pytest.raises(Unreadable, match="expected https://ACCOUNT"):
        MonitorPlace("https://example.com/c")


def test_a_message_is_what_the_door_reads_whatever_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"pipeline": "p", "reason": "drift", "key": "ä <&> 'x'"}, ensure_ascii=False)
    for make in (Aws, Azure, Google):
        cloud = make(monkeypatch)
        send_to_door(cloud.inbox, text, os.environ)
        (message,) = cloud.receive()
        assert message.body == text


def test_big_objects_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Aws(monkeypatch)
    data = base64.b64encode(bytes(range(256))) * 30_000
    cloud.fake.objects["capture/fraud-scorer/2026/11/29/05/big.jsonl"] = b"\n".join([data] * 2)
    asked: list[str] = []
    read = cloud.fake.get_object

    def counted(**given: str) -> dict[str, Any]:
        asked.append(given["Range"])
        return read(**given)

    monkeypatch.setattr(cloud.fake, "get_object", counted)
    place = MonitorPlace(f"{cloud.store}/capture/fraud-scorer")
    lines: Iterator[str] = place.lines(*place.files(".jsonl"))
    assert [len(line) for line in lines] == [len(data) + 1, len(data)]
    assert len(asked) > 1
