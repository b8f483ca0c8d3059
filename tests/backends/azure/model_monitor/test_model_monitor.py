"""A monitor on Azure may look at one endpoint and tell of it, nothing else; it is private, and silence is told."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from mlplatform import discovery
from mlplatform.backends.azure.model_monitor import captures
from mlplatform.plan.model import Step
from mlplatform.services.stores import open_store
from mlplatform.spec.monitor_job import MonitorJob

from ....pipelines.monitored import monitored
from ....planned import Planned, record_released
from ....steps.door.azure_stage import ENVIRONMENT

NAME = "monitor-fraud-scorer"
Data = dict[str, Any]


@cache
def _planned() -> Planned:
    shadow = {"shadow": {"name": "next", "model": "fraud/8", "sample_percent": 20}}
    return Planned(record_released(monitored("azure", endpoint=shadow), "azure", resolve=True))


def _inputs(name: str) -> Any:  # noqa: ANN401
    return _planned().one(f"{NAME}-{name}").inputs


def _roles() -> dict[tuple[str, str], Step]:
    """The roles of its identity by place and role."""
    held = str(_planned().one(f"{NAME}-identity-identity").outputs["principalId"])
    roles = [each for each in _planned().all("RoleAssignment") if each.inputs["principalId"] == held]
    return {
        (str(each.inputs["scope"]).rpartition("/")[2], each.name.rpartition("fraud-scorer-")[2]): each for each in roles
    }


def test_it_may_do_what_it_must_and_nothing_else() -> None:
    roles = {key: str(each.inputs.get("condition") or "") for key, each in _roles().items()}
    registry = next(place for place, role in roles if role == "acr-pull")
    assert set(roles) == {
        ("data", "blob-reader"),
        ("models", "blob-reader"),
        ("monitoring", "blob-reader"),
        ("monitoring", "blob-contributor"),
        ("door", "queue-sender"),
        (registry, "acr-pull"),
    }
    folders = {key: set(re.findall(r"StringEquals '([^']*)'", each)) for key, each in roles.items() if each}
    assert folders == {
        ("data", "blob-reader"): {"labels/fraud"},
        ("models", "blob-reader"): {"fraud/unreleased"},
        ("monitoring", "blob-reader"): {"capture/fraud-scorer"},
        ("monitoring", "blob-contributor"): {"reports/fraud-scorer"},
    }


def test_its_program_is_told_where_everything_is() -> None:
    job = _inputs("job")
    (container,) = cast("Data", job["template"])["containers"]
    told = {each["name"]: each["value"] for each in container["env"]}
    assert container["command"] == ["mlplatform-monitor"]
    assert told["AZURE_CLIENT_ID"] == _planned().one(f"{NAME}-identity-identity").outputs["clientId"]
    document = MonitorJob.model_validate_json(told["MLPLATFORM_MONITOR_JOB"])
    addresses = [*document.capture, document.reference, document.model, document.reports, str(document.labels)]
    folders = [open_store(each, ENVIRONMENT)[1] for each in addresses]
    assert folders == [
        "capture/fraud-scorer/request",
        "capture/fraud-scorer/response",
        "fraud/unreleased/fraud/reference",
        "fraud/unreleased",
        "reports/fraud-scorer",
        "labels/fraud",
    ]
    assert document.door is not None
    assert document.door.inbox.endswith(".queue.core.windows.net/door")
    assert len(told["MLPLATFORM_MONITOR_JOB"]) < 128 * 1024


def test_a_schedule_starts_it_and_it_ends_before_the_next() -> None:
    settings = cast("Data", _inputs("job")["configuration"])
    assert settings["scheduleTriggerConfig"]["cronExpression"] == "0 6,18 * * *"
    assert settings["replicaTimeout"] < 12 * 3600
    resources = cast("Data", _inputs("job")["template"])["containers"][0]["resources"]
    assert resources["memory"] == f"{2 * resources['cpu']:g}Gi", "Container Apps has these pairs alone"


def test_a_change_broken_data_no_judgement_and_silence_are_told() -> None:
    names = ("changed", "broken", "failed", "silence")
    alerts = {name: _inputs(f"alert-{name}") for name in names}
    queries = {name: str(each["criteria"]["allOf"][0]["query"]) for name, each in alerts.items()}
    lines = {name: re.findall(r"'([a-z-]+)'", each) for name, each in queries.items()}
    assert lines == {
        "changed": ["change", "fraud-scorer"],
        "broken": ["broken", "fraud-scorer"],
        "failed": ["unjudged", "failure", "fraud-scorer"],
        "silence": ["look", "fraud-scorer"],
    }
    assert "ago(24h)" in queries["silence"]
    assert alerts["silence"]["windowSize"] == "P1D"


def test_answers_of_a_shadow_are_in_another_folder() -> None:
    """It gets copies of the same requests: in one folder nobody could tell which model answered what."""
    folders = {
        each.name.rpartition("-capture-")[2]: str(cast("Data", each.inputs["properties"])["dataUri"])
        for each in _planned().all("DataVersion")
    }
    watched = captures.build(monitored("azure").on("azure"), monitored("azure").endpoints[0])
    assert {
        name: any(each.rstrip("/").endswith(f"/{folder}") for folder in watched) for name, each in folders.items()
    } == {
        "request": True,
        "response": True,
        "shadow-request": False,
        "shadow-response": False,
    }


def test_what_the_job_cannot_be_is_refused() -> None:
    spec = monitored("azure", {"image": "other.azurecr.io/monitor:1"}).on("azure")
    assert "endpoints[0].monitor.image" in {problem.path for problem in discovery.backend("azure").problems(spec)}
