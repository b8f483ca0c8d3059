"""Pipelines of the training cluster with triggers: the door of the cloud orders their runs, and a starter in the
cluster starts them. One platform per cloud, with a pipeline of each engine."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeAlias, cast

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.clock import CronJob
from mlplatform.cluster.objects.network import NetworkPolicy
from mlplatform.cluster.objects.rbac import RoleBinding
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.components.layer_pods import layer_pods_of
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.mock_cloud.runs.gcp_door import refused_door
from mlplatform.plan.cost.layer_pods import layer_pods
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.providers.wire import plain_value
from mlplatform.spec.platform import PlatformSpec
from mlplatform.steps.door.airflow import LOGIN
from mlplatform.steps.door.rules import read_rules
from mlplatform.steps.door.starter import StartedPipeline, read_starter_rules

from ..conftest import CLOUDS
from ..planned import Planned, record_released
from .fraud import pipeline as managed
from .in_cluster import CLUSTER, pipeline, platform

Document: TypeAlias = "dict[str, Any]"
TRIGGERS = {
    "schedules": [{"name": "weekly", "cron": "0 3 * * MON"}],
    "data": [{"name": "claims", "path": "claims", "marker": "_SUCCESS"}],
}


def _ordered(cloud: str, **changes: object) -> Document:
    image = managed(cloud)["programs_image"]
    return pipeline(
        triggers=TRIGGERS, timeout_hours=20, name="in-cluster", image=image, programs_image=image, **changes
    )


@cache
def _spec(cloud: str) -> PlatformSpec:
    own = {**managed(cloud), "triggers": {}}
    return platform(cloud, own, _ordered(cloud))


@cache
def _planned(cloud: str) -> Planned:
    return Planned(record_released(_spec(cloud), cloud, resolve=True))


@cache
def _items(cloud: str) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(_spec(cloud), cloud))}


def _object(cloud: str, role: str) -> Document:
    body = _items(cloud)[role].body
    assert not isinstance(body, ChartRelease)
    told = cast("Document", _planned(cloud).plan.outputs["layer"])

    def known(name: FromCloud) -> Any:  # noqa: ANN401
        found: Any = {"layer": told}
        for part in name.output.split("."):
            found = found[part]
        return f"{name.before}{found}{name.after}"

    return cast("Document", resolve(wire_object(body), known))


def _starter(cloud: str) -> tuple[Document, dict[str, str]]:
    """The pod and its variables."""
    pod = _object(cloud, "starter")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    return container, {each["name"]: each["value"] for each in container["env"]}


def _door(cloud: str) -> dict[str, str]:
    """The variables of the door."""
    plan = _planned(cloud)
    match cloud:
        case "aws":
            (task,) = (json.loads(str(each.inputs["containerDefinitions"])) for each in plan.all("TaskDefinition"))
            given = task[0]["environment"]
        case "gcp":
            given = cast("Document", plan.one("door-program").inputs)["template"]["template"]["containers"][0]["envs"]
        case _:
            (job,) = (each for each in plan.plan.resources() if each.type == "azure-native:app:Job")
            given = cast("Document", job.inputs)["template"]["containers"][0]["env"]
    return {each["name"]: each["value"] for each in given}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_door_of_the_cloud_knows_pipelines_of_both_engines(cloud: str) -> None:
    assert not list(discovery.backend(cloud).problems(_spec(cloud)))
    plan, told = _planned(cloud), _door(cloud)
    kinds = [step.type for step in plan.plan.steps]
    assert kinds.count("mlplatform:index:Pipeline") == kinds.count("mlplatform:index:PipelineDoor") == 1
    text = told["MLPLATFORM_DOOR_RULES"]
    if cloud == "gcp":
        text = str(plain_value(plan.one("door-rules").inputs["content"]))
    first, second = read_rules(text).pipelines
    assert (first.name, first.engine, second.name, second.engine) == ("fraud-retrain", "", "in-cluster", "cluster")
    assert second.data[0].address.endswith("/claims/")
    assert (second.usd_per_run or 0) > 0, "the price of the cluster's own machines"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_starter_reads_what_the_door_writes(cloud: str) -> None:
    container, told = _starter(cloud)
    door = _door(cloud)
    for name in ("MLPLATFORM_DOOR_ORDERS", "MLPLATFORM_DOOR_REPORTS"):
        assert told[name] == door[name] != ""
    assert told["MLPLATFORM_DOOR_CLOUD"] == cloud
    assert container["command"] == ["mlplatform-step", "starter"]
    assert container["image"].partition("@")[0].partition(":")[0] in str(_ordered(cloud)["programs_image"])
    (pipeline,) = read_starter_rules(told["MLPLATFORM_STARTER_RULES"])
    kinds = {"learningRate": "float", "quick": "boolean", "seed": "integer"}
    assert pipeline == StartedPipeline(name="in-cluster", engine="cluster", parameters=cast("Any", kinds))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_starter_is_alone_in_its_namespace_and_makes_workflows_alone(cloud: str) -> None:
    items = _items(cloud)
    job = _object(cloud, "starter")
    assert not check_kubernetes_object("kubernetes:batch/v1:CronJob", job)
    spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert (job["metadata"]["namespace"], spec["serviceAccountName"]) == ("starter", "starter")
    assert (
        _object(cloud, "namespace-starter")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    )
    bindings = [_object(cloud, role) for role, item in items.items() if isinstance(item.body, RoleBinding)]
    bound = [each for each in bindings if any(who.get("namespace") == "starter" for who in each["subjects"])]
    assert [each["metadata"]["namespace"] for each in bound] == ["pipelines"]
    (rule,) = _object(cloud, "role-starter")["rules"]
    assert rule["resources"] == ["workflows"]
    assert sorted(rule["verbs"]) == ["create", "get", "list", "patch"]


def test_on_aws_each_side_writes_its_own_folder_alone() -> None:
    resources = list(_planned("aws").plan.resources())
    bucket = "arn:aws:s3:::acme-ml-dev-ledgers-123456789012-us-east-1-an"
    writes = {"door-identity": {"door", "orders"}, "door-starter": {"reports"}}
    reads = {"door-identity": {"door", "orders", "reports"}, "door-starter": {"orders", "reports"}}
    folders = ("door", "orders", "reports", "definitions")
    for who, role in ((each, _role(each)) for each in writes):
        for action, allowed in (("s3:PutObject", writes), ("s3:GetObject", reads)):
            found = {each for each in folders if aws_allows(resources, role, action, f"{bucket}/{each}/x.json")}
            assert found == allowed[who], (who, action)
    # without this right an order that is not there yet is told as one that may not be read
    for folder in ("orders", "reports"):
        context = {"s3:prefix": f"{folder}/in-cluster.json"}
        assert aws_allows(resources, _role("door-starter"), "s3:ListBucket", bucket, context)


def _role(part: str) -> str:
    (found,) = (each for each in _planned("aws").plan.resources() if each.type.endswith(":Role") and part in each.name)
    return str(found.inputs["name"])


def test_on_google_each_side_writes_its_own_folder_alone() -> None:
    plan = _planned("gcp")
    assert refused_door(plan.plan.resources(), number="123456789012") == ()
    rest = [each for each in plan.plan.resources() if each is not plan.one("door-orders")]
    assert any("storage.objects.create" in each for each in refused_door(rest, number="123456789012"))
    door, starter = plan.one("door-orders").inputs, plan.one("door-reports").inputs
    assert door["member"] != starter["member"]
    for grant, folder in ((door, "orders"), (starter, "reports")):
        assert f"/objects/{folder}/" in str(cast("Document", grant["condition"])["expression"])
    written = [
        each
        for each in plan.plan.resources()
        if each.inputs.get("member") == starter["member"] and each.inputs.get("role") == "roles/storage.objectUser"
    ]
    assert len(written) == 1


def test_on_azure_each_side_writes_its_own_container_alone() -> None:
    plan = _planned("azure")
    ids = {
        who: str(each.outputs["principalId"])
        for each in plan.all("UserAssignedIdentity")
        for who in ("door-starter", "door-identity")
        if who in each.name
    }
    reader, writer = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    found = {
        (who, str(grant.inputs["scope"]).rpartition("/")[2]): str(grant.inputs["roleDefinitionId"]).rpartition("/")[2]
        for grant in plan.all("RoleAssignment")
        for who, principal in ids.items()
        if grant.inputs["principalId"] == principal and "/containers/" in str(grant.inputs["scope"])
    }
    assert found == {
        ("door-identity", "ledgers"): writer,
        ("door-identity", "door-orders"): writer,
        ("door-identity", "door-reports"): reader,
        ("door-starter", "door-orders"): reader,
        ("door-starter", "door-reports"): writer,
    }


def test_without_triggers_the_cluster_has_no_starter() -> None:
    spec = platform("gcp", pipeline())
    assert not [item.role for item in layer_items(layer_context(spec, "gcp")) if "starter" in item.role]


def test_the_namespace_of_the_starter_is_taken() -> None:
    with pytest.raises(ValidationError, match="what starts runs in the cluster has the namespace starter"):
        platform("gcp", _ordered("gcp"), access={"training_namespace": "starter"})
    platform("gcp", pipeline(), access={"training_namespace": "starter"})


def _with_airflow(cloud: str = "gcp", url: str | None = "http://api.airflow.svc:8080") -> PlatformSpec:
    given = {**_ordered(cloud), "engine": "airflow"}
    return platform(cloud, given, cluster={**CLUSTER, **({"airflow_url": url} if url else {})})


def test_the_starter_reaches_an_airflow_with_a_login_that_is_in_no_state() -> None:
    items = {item.role: item for item in layer_items(layer_context(_with_airflow(), "gcp"))}
    assert "role-starter" not in items, "it makes no workflow"
    job = cast("Document", wire_object(cast("CronJob", items["starter"].body)))
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    told = {each["name"]: each["value"] for each in container["env"]}
    assert told["MLPLATFORM_STARTER_AIRFLOW"] == "http://api.airflow.svc:8080"
    assert container["volumeMounts"] == [{"name": "airflow", "mountPath": str(LOGIN), "readOnly": True}]
    assert pod["volumes"] == [{"name": "airflow", "secret": {"secretName": "airflow-login", "optional": True}}]
    network = cast("Document", wire_object(cast("NetworkPolicy", items["starter-network"].body)))
    assert {each["port"] for each in network["spec"]["egress"][0]["ports"]} == {53, 443, 8080}
    (pipeline,) = read_starter_rules(str(told["MLPLATFORM_STARTER_RULES"]))
    assert pipeline.engine == "airflow"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (None, "set cluster.airflow_url"),
        ("http://airflow.acme.example", "write https"),
        ("https://ada:secret@airflow.acme.example", "without a login"),
        ("airflow.acme.example", "https://HOST"),
        ("https://airflow.acme.example/?x=1", "without a query"),
    ],
)
def test_an_address_of_airflow_that_does_not_do_is_refused(url: str | None, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        _with_airflow(url=url)


def test_the_list_of_rights_says_who_starts_what() -> None:
    """A run acts as the identity of pipelines, so that who starts one is told."""
    notes = {(each.holder, each.part) for each in _planned("gcp").plan.grants if each.right == "start"}
    assert {("door", "fraud-retrain"), ("door-starter", "in-cluster")} <= notes


def test_the_system_pool_has_room_for_the_starter() -> None:
    """Validation counts it by the spec, a plan by its objects: both say the same."""
    (said,) = [each for each in layer_pods_of(_spec("gcp")) if each.who == "starter"]
    (planned,) = [each for each in layer_pods(_planned("gcp").plan.steps) if each.who == "starter"]
    assert (planned.pods, planned.cpus, planned.memory_gib) == (said.pods, said.cpus, said.memory_gib) == (1, 0.1, 0.25)
