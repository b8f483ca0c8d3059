"""Monitors of models that the cluster runs: a CronJob each, with an identity of its own and few ways out."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.monitor_program import JOB_VARIABLE
from mlplatform.monitor.workers import INDEXES, JOB_NAME
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.providers.wire import value_at_path
from mlplatform.spec.monitor_job import RUN_VARIABLE, MonitorJob
from mlplatform.spec.platform import PlatformSpec

from ..pipelines.monitored import monitored
from ..planned import Planned

CLOUDS = ("aws", "gcp", "azure")
INSIDE = {"on": "cluster", "pool": "prep", "workers": 4}
POOL = {"name": "prep", "max_nodes": 4, "taints": [{"key": "team", "value": "llm"}]}


def inside(cloud: str, monitor: dict[str, object] | None = None, **training: object) -> PlatformSpec:
    more = {"training": {"cpu_pools": [POOL], **training}, "cluster": {}}
    return as_released(monitored(cloud, {**INSIDE, **(monitor or {})}, **more), (cloud,))


@cache
def layer_of(cloud: str) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(inside(cloud), cloud)) if "monitor" in item.role}


def body(cloud: str, role: str) -> dict[str, Any]:
    made = wire_object(cast("KubeObject", layer_of(cloud)[role].body))
    return cast("dict[str, Any]", resolve(made, lambda told: told.output))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_api_server_takes_the_clock_and_its_pods_are_locked(cloud: str) -> None:
    clock = body(cloud, "monitor-fraud-scorer")
    assert not check_kubernetes_object("kubernetes:batch/v1:CronJob", clock)
    assert (clock["spec"]["schedule"], clock["spec"]["timeZone"]) == ("0 6,18 * * *", "Etc/UTC")
    job = clock["spec"]["jobTemplate"]["spec"]
    assert (job["completionMode"], job["completions"], job["parallelism"]) == ("Indexed", 4, 4)
    assert job["podFailurePolicy"]["rules"][0]["action"] == "Ignore", "an interruption is no failure"
    pod = job["template"]["spec"]
    assert pod["serviceAccountName"] == body(cloud, "account-model-monitors-monitor-fraud-scorer")["metadata"]["name"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["nodeSelector"] == {"mlplatform.dev/pool": "prep"}
    assert "team" in {each["key"] for each in pod["tolerations"]}
    (container,) = pod["containers"]
    assert container["securityContext"]["runAsNonRoot"]
    # what the program reads of a pod is what the pod has; the number of a pod sets Kubernetes itself
    assert {RUN_VARIABLE, JOB_NAME} <= {each["name"] for each in container["env"]}
    assert not {each["name"] for each in container["env"]} & set(INDEXES)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_pods_reach_names_https_and_their_credentials_alone(cloud: str) -> None:
    spec = body(cloud, "monitors-network")["spec"]
    assert spec["podSelector"] == {}
    assert spec["policyTypes"] == ["Egress"]
    open_ports = {port["port"] for rule in spec["egress"] if not rule.get("to") for port in rule["ports"]}
    assert open_ports == {53, 443}
    assert all(peer["ipBlock"]["cidr"].endswith("/32") for rule in spec["egress"] for peer in rule.get("to", ()))
    assert "monitor-fraud-scorer" in {role.partition("model-monitors-")[2] for role in layer_of(cloud)}


def test_one_worker_on_the_system_pool_needs_room_there() -> None:
    spec = inside("gcp", {"pool": None, "workers": 1})
    (clock,) = (i.body for i in layer_items(layer_context(spec, "gcp")) if i.role == "monitor-fraud-scorer")
    job = cast("Any", wire_object(cast("KubeObject", clock)))["spec"]["jobTemplate"]["spec"]
    assert "completions" not in job
    assert "nodeSelector" not in job["template"]["spec"]
    small = inside("gcp", {"pool": None, "workers": 1}, system_pool={"vcpus": 2, "memory_gib": 4}).on("gcp")
    problems = {each.path: str(each) for each in discovery.backend("gcp").problems(small)}
    assert "4 GiB" in problems["training.system_pool"]


def test_a_log_has_no_room_for_more_filters_than_cloudwatch_takes() -> None:
    spec = inside("aws")
    many = [spec.endpoints[0].overlay(name=f"scorer-{number}") for number in range(21)]
    problems = list(discovery.backend("aws").problems(spec.overlay(endpoints=tuple(many)).on("aws")))
    assert any("21 monitors on the cluster" in str(each) for each in problems)


SOURCES = {
    "aws": ('$.kubernetes.namespace_name = "model-monitors"', '$.log_processed.endpoint = "fraud-scorer"'),
    "gcp": ('namespace_name="model-monitors"', 'jsonPayload.endpoint="fraud-scorer"', 'cluster_name="acme-ml-dev"'),
    "azure": ("PodNamespace == 'model-monitors'", "tostring(said.endpoint) == 'fraud-scorer'"),
}
"""What every filter of its lines has: any pod of the cluster can write a line that looks like one of a monitor."""

FILTERS = {
    "aws": ("LogMetricFilter", "pattern", 5),
    "gcp": ("Metric", "filter", 2),
    "azure": ("ScheduledQueryRule", "criteria.allOf.0.query", 4),
}


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", CLOUDS)
def test_alerts_read_its_lines_of_the_log_of_pods_and_no_others(cloud: str) -> None:
    plan = Planned(record(inside(cloud), cloud, resolve=True))
    kind, path, number = FILTERS[cloud]
    made = [step for step in plan.all(kind) if "monitor-fraud-scorer" in step.name]
    assert len(made) == number
    for step in made:
        text = str(value_at_path(step.inputs, path))
        assert all(words in text for words in SOURCES[cloud]), text
    if cloud == "gcp":
        policies = [step for step in plan.all("AlertPolicy") if "monitor-fraud-scorer" in step.name]
        told = [str(value_at_path(step.inputs, "conditions.0.conditionMatchedLog.filter") or "") for step in policies]
        assert sum(all(words in text for words in SOURCES["gcp"]) for text in told) == 3
        (silence,) = (step for step in policies if step.name.endswith("silence"))
        query = str(value_at_path(silence.inputs, "conditions.0.conditionPrometheusQueryLanguage.query"))
        assert "user_acme_ml_dev_monitor_fraud_scorer_looks" in query
    layer = cast("Any", plan.plan.outputs["layer"])
    document = MonitorJob.model_validate_json(layer["monitors"]["monitor-fraud-scorer"])
    assert (document.workers, document.wait_seconds) == (4, 6 * 3600 - 600)
    assert layer["identities"]["monitor-fraud-scorer"]
    (clock,) = plan.all("CronJob")
    (container,) = cast("Any", value_at_path(clock.inputs, "spec.jobTemplate.spec.template.spec.containers"))
    told_pod = {each["name"]: each.get("value") for each in container["env"]}
    assert told_pod[JOB_VARIABLE] == layer["monitors"]["monitor-fraud-scorer"]
    jobs = plan.all("Schedule" if cloud == "aws" else "Job")
    assert not [step for step in jobs if "monitor-fraud-scorer" in step.name], "the cloud has no job of it"
