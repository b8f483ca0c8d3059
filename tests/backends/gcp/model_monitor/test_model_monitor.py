"""The monitor of an endpoint on GCP: its job as planned, run against Google's services with the rights as planned."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mlplatform.components.imagined_releases import as_released
from mlplatform.components.monitor_program import JOB_VARIABLE
from mlplatform.monitor.program import run
from mlplatform.plan.record import record
from mlplatform.providers.wire import value_at_path
from mlplatform.services import gcp_api
from mlplatform.services.rest import HttpAnswer
from mlplatform.spec.monitor_job import MonitorJob

from ....monitor.test_clouds import as_router
from ....monitor.test_program import NOW, Job
from ....monitor.worlds import SETTINGS
from ....pipelines.fraud import pipeline, platform
from ....planned import Planned
from ....steps.door import fake_google

ACCOUNT = "monitor-fraud-scorer"
MONITOR: Mapping[str, object] = {
    "task": "classification",
    "inputs": [{"name": each.name, "kind": each.kind} for each in SETTINGS.inputs],
    "reference": "fraud/reference",
    "labels": {"path": "labels/fraud"},
    "every_hours": 12,
    "severity": "critical",
}


def plan_of(endpoint: Mapping[str, object], *, released: bool = True) -> Planned:
    retrain = {**pipeline("gcp"), "triggers": {"events": ["drift", "quality"]}, "timeout_hours": 24}
    name = str(retrain["name"])
    monitor = {**MONITOR, "retrain": [name]}
    served = {"name": "fraud-scorer", "model": "fraud", "capture_percent": 10, "monitor": monitor, **endpoint}
    registry = {"repositories": ["training"]}
    spec = platform("gcp", pipelines=(retrain,), registry=registry, endpoints=[served])
    return Planned(record(as_released(spec) if released else spec, "gcp", resolve=True))


@pytest.fixture(scope="module")
def plan() -> Planned:
    return plan_of({})


@pytest.fixture(scope="module")
def document(plan: Planned) -> MonitorJob:
    container = value_at_path(plan.one("monitor-fraud-scorer-program").inputs, "template.template.containers")
    (given,) = cast("list[dict[str, object]]", container)
    assert given["commands"] == ["mlplatform-monitor"]
    values = {each["name"]: each["value"] for each in cast("list[dict[str, str]]", given["envs"])}
    return MonitorJob.model_validate_json(values[JOB_VARIABLE])


def account(plan: Planned) -> str:
    return f"serviceAccount:{plan.one(f'{ACCOUNT}-identity-account').inputs['accountId']}@"


def folders(plan: Planned) -> dict[str, set[str]]:
    """Folders that the monitor's account reaches, by role."""
    found: dict[str, set[str]] = {}
    for grant in plan.all("BucketIAMMember"):
        if str(grant.inputs["member"]).startswith(account(plan)):
            below = re.search(r'/objects/([^"]*)"', str(value_at_path(grant.inputs, "condition.expression")))
            assert below, "a right on all objects of a bucket"
            address = f"{grant.inputs['bucket']}/{below[1]}"
            found.setdefault(str(grant.inputs["role"]).rpartition(".")[2], set()).add(address)
    return found


def test_the_document_follows_the_spec_and_the_release(document: MonitorJob) -> None:
    assert (document.settings.model, document.settings.version) == ("fraud", "unreleased")
    assert document.reference.endswith("/fraud/unreleased/fraud/reference")
    assert document.capture[0].endswith("/capture/fraud-scorer")
    assert document.settings.runs_per_year == 730
    assert document.hours == 12
    assert document.door
    assert document.door.events == ("drift", "quality")


def test_the_account_reaches_its_folders_and_its_door_alone(plan: Planned) -> None:
    found = folders(plan)
    ends = {role: sorted(each.partition("/")[2] for each in places) for role, places in found.items()}
    assert ends == {
        "objectViewer": ["capture/fraud-scorer/", "fraud/unreleased/", "labels/fraud/"],
        "objectUser": ["reports/fraud-scorer/"],
    }
    others = {
        each.type.rpartition(":")[2]: each.inputs["role"]
        for each in plan.plan.resources()
        if str(each.inputs.get("member")).startswith(account(plan)) and not each.type.endswith("BucketIAMMember")
    }
    assert others == {"TopicIAMMember": "roles/pubsub.publisher", "JobIamMember": "roles/run.invoker"}


def test_the_job_is_private_encrypted_and_comes_twice_a_day(plan: Planned) -> None:
    template = cast("dict[str, object]", value_at_path(plan.one(f"{ACCOUNT}-program").inputs, "template.template"))
    assert value_at_path(template, "vpcAccess.egress") == "ALL_TRAFFIC"
    assert template["encryptionKey"] == plan.one("keys-monitoring").id
    assert plan.one(f"{ACCOUNT}-clock").inputs["schedule"] == "0 6,18 * * *"
    assert f"{ACCOUNT}-program-starter" in plan.after(f"{ACCOUNT}-clock")
    assert any("monitoring-write" in each for each in plan.after(f"{ACCOUNT}-program")), "its rights come first"


def test_somebody_is_told_of_each_end(plan: Planned) -> None:
    told = {
        role: (alert.inputs["severity"], json.dumps(alert.inputs["conditions"]))
        for role in ("changed", "broken", "failed", "silence")
        if (alert := plan.one(f"{ACCOUNT}-alert-{role}"))
    }
    assert told["changed"][0] == told["broken"][0] == "CRITICAL"
    assert 'jsonPayload.monitor=\\"change\\"' in told["changed"][1]
    assert 'jsonPayload.monitor=\\"unjudged\\" OR jsonPayload.monitor=\\"failure\\"' in told["failed"][1]
    assert "[24h]" in told["silence"][1]


def test_a_planted_change_reaches_the_door_with_the_planned_rights(
    plan: Planned,
    document: MonitorJob,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    google, rights, door = fake_google.FakeGoogle(), folders(plan), document.door
    assert door
    assert door.inbox == plan.one("door-inbox").id
    monkeypatch.setattr(gcp_api, "send", google)
    monkeypatch.setattr(fake_google, "TOPIC", door.inbox)
    monkeypatch.setenv(JOB_VARIABLE, document.model_dump_json(exclude_defaults=True))
    job = Job(tmp_path_factory.mktemp("monitor"))
    job.capture("concept")
    folder = _path(document.capture[0])
    captured = {f"{folder}/2026/{name.partition('/2026/')[2]}": text.encode() for name, text in as_router(job).items()}
    stored = {
        **captured,
        f"{_path(document.reference)}/part.parquet": (job.folder / "reference/part.parquet").read_bytes(),
        f"{_path(document.labels or '')}/part.parquet": (job.folder / "labels/part.parquet").read_bytes(),
    }
    google.objects = {name: (data, 1) for name, data in stored.items()}
    google.refusals.append(lambda method, url: _refused(rights, method, url))
    assert run([], now=NOW) == 0, capsys.readouterr()
    ((message, _),) = google.messages.values()
    event = json.loads(fake_google.base64.b64decode(str(message["data"])))
    assert (event["pipeline"], event["reason"]) == (document.settings.pipeline, "drift")
    reports = [name for name in google.objects if name.startswith(f"{_path(document.reports)}/")]
    assert len(reports) == 4
    _check_signals(plan, capsys.readouterr().out)


def _check_signals(plan: Planned, log: str) -> None:
    """The metric of the log reads fields that the lines have, with the name and labels that dashboards ask for."""
    lines = [line for line in map(json.loads, log.splitlines()) if line["monitor"] == "metric"]
    metric = plan.one(f"{ACCOUNT.removesuffix('-identity')}-signals").inputs
    assert 'jsonPayload.monitor="metric"' in metric["filter"]
    read = {**metric["labelExtractors"], "value": metric["valueExtractor"]}
    fields = {key: text.removeprefix("EXTRACT(jsonPayload.").removesuffix(")") for key, text in read.items()}
    told = {(line[fields["signal"]], line[fields["part"]]) for line in lines}
    assert {("rows", "all"), ("change", "concept"), ("judged", "all")} <= told
    assert all(isinstance(line[fields["value"]], float) for line in lines)
    assert {label["key"] for label in metric["metricDescriptor"]["labels"]} == {"signal", "part"}


def _path(address: str) -> str:
    return address.removeprefix("gs://")


def _refused(rights: Mapping[str, set[str]], method: str, url: str) -> HttpAnswer | None:
    """What the conditions of the planned rights do not allow."""
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.netloc != "storage.googleapis.com":
        return None
    bucket, _, name = parts.path.partition("/b/")[2].partition("/o")
    wanted = f"{bucket}/{asked.get('prefix') or asked.get('name') or unquote(name.removeprefix('/'))}"
    allowed = rights["objectUser"] | (rights["objectViewer"] if method == "GET" else set[str]())
    return None if wanted.startswith(tuple(allowed)) else fake_google.refused(403, f"{method} {wanted}")


def test_it_starts_with_the_first_model() -> None:
    waiting = plan_of({}, released=False)
    assert not waiting.has(f"{ACCOUNT}-program")
    assert "it starts with the endpoint's first model" in waiting.notes()
