"""What a monitor is refused, and what follows from its schedule."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from mlplatform import EndpointSpec, ModelMonitorSpec, PlatformSpec
from mlplatform.components.monitor_document import monitor_settings
from mlplatform.field_problem import FieldsRefused

MONITOR: Mapping[str, object] = {"task": "classification", "inputs": [{"name": "amount"}], "image": "acme/monitor:1"}
ENDPOINT: Mapping[str, object] = {"name": "scorer", "server": "mlflow", "model": "fraud/1", "capture_percent": 10}
GCP = {
    "cloud": "gcp",
    "project": "acme-dev",
    "project_number": "123456789012",
    "region": "us-central1",
    "billing_account": "012345-6789AB-CDEF01",
}
STEP = {"name": "fit", "kind": "train", "image": "acme/train:1", "command": ["fit"]}


def pipeline(name: str = "retrain", **more: object) -> dict[str, object]:
    triggers = {"events": ["drift"]}
    return {
        "name": name,
        "model": "fraud",
        "programs_image": "acme/steps:1",
        "steps": [STEP],
        "triggers": triggers,
    } | more


def spec(monitor: Mapping[str, object], endpoint: Mapping[str, object] | None = None, **more: object) -> PlatformSpec:
    served = {**ENDPOINT, **(endpoint or {}), "monitor": {**MONITOR, **monitor}}
    ground = {"name": "acme", "owner": "ml", "cost_center": "1", "targets": [GCP]}
    return PlatformSpec.model_validate({**ground, "endpoints": [served], **more})


def refused(
    monitor: Mapping[str, object], endpoint: Mapping[str, object] | None = None, **more: object
) -> dict[str, str]:
    """The refusals by field."""
    with pytest.raises((ValidationError, FieldsRefused)) as found:
        spec(monitor, endpoint, **more)
    if isinstance(found.value, FieldsRefused):
        return {".".join(map(str, each.path)): each.expected for each in found.value.problems}
    problems: dict[str, str] = {}
    for each in found.value.errors():
        at = ".".join(map(str, each["loc"]))
        error = each.get("ctx", {}).get("error")
        if isinstance(error, FieldsRefused):
            problems |= {".".join(filter(None, (at, *map(str, p.path)))): p.expected for p in error.problems}
        else:
            problems[at] = each["msg"]
    return problems


LABELS = {"labels": {"path": "labels/fraud"}}


@pytest.mark.parametrize(
    ("monitor", "endpoint", "field", "words"),
    [
        ({}, {"capture_percent": 0}, "monitor", "there is nothing to look at"),
        ({}, {"server": "triton"}, "monitor.reference", "takes each folder"),
        ({}, {"server": "vllm", "accelerator": "L4:1"}, "monitor.task", "are prompts"),
        ({"task": "language"}, {}, "monitor.inputs", "signals of prompts and answers are known"),
        ({"task": "language", "inputs": [], "score": "p"}, {}, "monitor.score", "are known"),
        ({"task": "language", "inputs": [], "slices": ["country"], **LABELS}, {}, "monitor.slices.0", "answer_kind"),
        (
            {"task": "language", "inputs": [], "metrics": [{"metric": "auc"}], **LABELS},
            {},
            "monitor.metrics.0.metric",
            "language models: grounded",
        ),
        ({"metrics": [{"metric": "grounded"}], **LABELS}, {}, "monitor.metrics.0.metric", "of a classification"),
        ({}, {"server": "custom", "image": "acme/own:1", "model": None}, "monitor", "a model in the store"),
        (
            {},
            {
                "model": None,
                "variants": [
                    {"name": "a", "model": "fraud/1", "traffic_percent": 60},
                    {"name": "b", "model": "fraud/2", "traffic_percent": 40},
                ],
            },
            "monitor.variant",
            "a variant with traffic, a, b",
        ),
        ({"variant": "other"}, {}, "monitor.variant", "a variant with traffic, main"),
        ({"inputs": [{"name": f"input{n:04}"} for n in range(700)]}, {}, "monitor.inputs", "in one variable"),
        ({"window_hours": 6}, {}, "monitor.window_hours", "would never be judged"),
        ({"every_hours": 5}, {}, "monitor.every_hours", "Input should be"),
        ({"false_alarms_per_year": 20}, {}, "monitor.false_alarms_per_year", "at most 18.25"),
        ({"metrics": [{"metric": "auc"}]}, {}, "monitor.metrics", "never judged"),
        ({"least_labels": 50}, {}, "monitor.least_labels", "never judged"),
        ({"slices": ["country"], **LABELS}, {}, "monitor.slices.0", "of kind category"),
        ({"metrics": [{"metric": "mae"}], **LABELS}, {}, "monitor.metrics.0.metric", "of a classification"),
        ({"metrics": [{"metric": "auc", "at_least": 1.2}], **LABELS}, {}, "monitor.metrics.0.at_least", "at most 1"),
        ({"metrics": [{"metric": "auc", "at_most": 1.0}], **LABELS}, {}, "monitor.metrics.0.at_most", "some values"),
        ({"score": None}, {}, "monitor.score", "what the model answers"),
        ({"image": None}, {}, "monitor.image", "the image with mlplatform-monitor on gcp"),
        ({"on": "cluster"}, {}, "monitor.on", "has no cluster"),
        ({"pool": "prep"}, {}, "monitor.pool", "a job of the cloud has no nodes"),
        ({"workers": 25, "window_hours": 48}, {}, "monitor.workers", "less than or equal to 24"),
        ({"workers": 9, "every_hours": 8}, {}, "monitor.workers", "at most the hours of the window, 8"),
        (
            {"on": "cluster", "pool": "prep", "workers": 9, "every_hours": 8},
            {},
            "monitor.workers",
            "at most the hours of the window, 8",
        ),
        ({"query": "request"}, {}, "monitor.query", "a ranking"),
        ({"task": "ranking", "predicted": "class"}, {}, "monitor.predicted", "judged by its scores"),
        ({"task": "ranking", "score": None}, {}, "monitor.score", "what the model answers"),
        ({"task": "ranking", "metrics": [{"metric": "auc"}], **LABELS}, {}, "monitor.metrics.0.metric", "ndcg, mrr"),
        (
            {"score": None, "predicted": "c", "metrics": [{"metric": "brier"}], **LABELS},
            {},
            "monitor.metrics.0.metric",
            "there is no score",
        ),
        ({"retrain": ["no"]}, {}, "monitor.retrain.0", "the spec has none"),
    ],
)
def test_a_monitor_that_could_never_tell_is_refused(
    monitor: dict[str, object], endpoint: dict[str, object], field: str, words: str
) -> None:
    found = refused(monitor, endpoint)
    assert words in found[f"endpoints.0.{field}"], found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"triggers": None}, "a pipeline that monitors may ask"),
        ({"triggers": {"branch": "main"}}, "a pipeline that monitors may ask"),
        ({"model": "churn"}, "makes the model of the endpoint, fraud"),
    ],
)
def test_a_pipeline_that_cannot_be_asked_is_refused(changes: dict[str, object], words: str) -> None:
    found = refused({"retrain": ["retrain"]}, pipelines=[pipeline() | changes])
    assert words in found["endpoints.0.monitor.retrain.0"]


def test_one_pipeline_is_asked_on_each_target() -> None:
    both = [pipeline("one"), pipeline("two")]
    assert (
        "one may run there too" in refused({"retrain": ["one", "two"]}, pipelines=both)["endpoints.0.monitor.retrain.1"]
    )
    others = [GCP, {**GCP, "name": "west", "project": "acme-west", "region": "us-west1"}]
    made = spec(
        {"retrain": ["one", "two"], "image": None},
        targets=others,
        pipelines=[pipeline("one", on="gcp"), pipeline("two", on="west")],
    )
    asked = {name: made.on(name).endpoints[0].monitor for name in ("gcp", "west")}
    assert {name: each.retrain if each else None for name, each in asked.items()} == {"gcp": ("one",), "west": ("two",)}


def test_captures_are_kept_until_their_labels_are_there() -> None:
    store = {"monitoring": {"expire_after_days": 7}}
    assert spec({}, artifact_store=store)
    late = {"labels": {"path": "labels/fraud", "days": 14}}
    assert "15.04 days" in refused(late, artifact_store=store)["endpoints.0.monitor"]


def test_a_target_may_go_without() -> None:
    made = spec({}, targets=[{**GCP, "endpoints": {"scorer": {"monitor": "none", "capture_percent": 0}}}])
    assert made.endpoints[0].monitor
    assert made.on("gcp").endpoints[0].monitor is None


def test_looks_follow_from_the_schedule() -> None:
    daily = ModelMonitorSpec.model_validate(MONITOR)
    assert (daily.hours_of_day, daily.looks_per_year, daily.window) == ((6,), 365, 24)
    often = daily.overlay(every_hours=6, first_hour=20, labels={"path": "l", "days": 3})
    assert often.hours_of_day == (2, 8, 14, 20)
    assert often.looks_per_year == 2 * 1460


def test_the_model_is_defined_only_for_a_spec_that_has_a_monitor() -> None:
    plain = EndpointSpec.model_validate(ENDPOINT)
    assert plain.monitor is None
    assert json.loads(spec({}).model_dump_json(exclude_unset=True))["endpoints"][0]["monitor"] == MONITOR


def test_a_language_model_has_a_monitor() -> None:
    language = {"task": "language", "inputs": [], "metrics": [{"metric": "grounded", "at_least": 0.8}], **LABELS}
    endpoint = spec(language, {"server": "vllm", "accelerator": "L4:1"}).endpoints[0]
    assert endpoint.monitor is not None
    told = monitor_settings(endpoint.monitor, endpoint, None)
    assert (told.task, told.watched[0].metric, told.inputs) == ("language", "grounded", ())
    # the document is read back as it is written
    assert type(told).model_validate_json(told.model_dump_json(exclude_defaults=True)) == told


@pytest.mark.parametrize(
    ("pool", "training", "words"),
    [
        ("prep", {"cpu_pools": [{"name": "web", "max_nodes": 1}]}, "one of the CPU pools: web"),
        ("prep", {}, "a CPU pool, and the spec has none"),
        ("small", {"cpu_pools": [{"name": "small", "max_nodes": 1, "memory_gib": 4}]}, "memory_gib of at least 8"),
    ],
)
def test_a_pool_without_room_for_a_look_is_refused(pool: str, training: dict[str, object], words: str) -> None:
    found = refused({"on": "cluster", "pool": pool}, training=training, cluster={})
    assert words in found["endpoints.0.monitor.pool"], found


def test_the_namespace_of_monitors_is_theirs() -> None:
    more = {"training": {}, "cluster": {}, "access": {"training_namespace": "model-monitors"}}
    assert "the monitors on the cluster have" in refused({"on": "cluster"}, **more)["access.training_namespace"]
