"""Airflow as a service of the cloud: its DAGs, who starts pods and runs, and what is refused."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Network
from typing import Any, cast

import pytest

from mlplatform import ClusterSpec, ManagedAirflowSpec, MountSpec, NetworkSpec, PlatformSpec, discovery
from mlplatform.checks.engine import check_plan
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.pipelines.dags import dag_text
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.plan.stateful import is_stateful
from mlplatform.render.pipelines.files import pod_forms
from mlplatform.spec.triggers import ScheduleTrigger, TriggersSpec

from .conftest import AIRFLOW, NIGHTLY, TARGETS, small_spec

THERE = ("aws", "gcp")
ENVIRONMENTS = {"aws": "aws:mwaa/environment:Environment", "gcp": "gcp:composer/environment:Environment"}
FILES = {"aws": "aws:s3/bucketObjectv2:BucketObjectv2", "gcp": "gcp:storage/bucketObject:BucketObject"}
PROGRAMS = {
    "aws": "123456789012.dkr.ecr.{}.amazonaws.com/acme-ml-dev/training:1",
    "gcp": "{}-docker.pkg.dev/{}/acme-ml-dev-training/programs:1",
}
PLACES = (MountSpec(place="data"), MountSpec(place="pipelines"))
LAYER = ClusterSpec(managed_airflow=ManagedAirflowSpec(size="medium", max_workers=7), mounts=PLACES)
WEEKLY = TriggersSpec(schedules=(ScheduleTrigger(name="weekly", cron="0 3 * * MON", time_zone="UTC"),))


def spec_with(cloud: str, **changes: object) -> PlatformSpec:
    """A small platform with the cloud's Airflow, whose pipeline has a schedule."""
    target = TARGETS[cloud]
    people = {"ml-engineer": ["arn:aws:iam::123456789012:role/ml" if cloud == "aws" else "group:ml@acme.example"]}
    image = PROGRAMS[cloud].format(target.location, getattr(target, "project", ""))
    nightly = NIGHTLY.overlay(triggers=WEEKLY, programs_image=image)
    given = {"targets": (target.overlay(people=people),), "cluster": LAYER, "pipelines": (nightly,)}
    return small_spec(cloud, **{**given, **changes})


@cache
def plan_of(cloud: str) -> Plan:
    """The plan of it, with realistic values."""
    return record(spec_with(cloud), cloud, resolve=True)


@cache
def items_of(cloud: str) -> Mapping[str, LayerItem]:
    """The layer's items by role."""
    return {item.role: item for item in layer_items(layer_context(spec_with(cloud), cloud))}


def body_of(cloud: str, role: str) -> dict[str, Any]:
    """An object as the API server gets it."""
    return cast("Any", wire_object(cast("Any", items_of(cloud)[role].body)))


@pytest.mark.parametrize("cloud", THERE)
def test_up_brings_the_dag_before_the_environment(cloud: str) -> None:
    environment = plan_of(cloud).one(ENVIRONMENTS[cloud])
    spec = spec_with(cloud)
    written = {
        str(step.inputs.get("key") or step.inputs.get("name")): step
        for step in plan_of(cloud).of_type(FILES[cloud])
        if "airflow" in step.name
    }
    dag = written["dags/nightly.py"]
    text = dag_text(layer_context(spec, cloud), spec.pipelines[0])
    # Google's provider keeps contents of objects as secrets
    assert text in (
        dag.inputs["content"],
        dict(cast("Any", dag.inputs["content"])).get("value") if cloud == "gcp" else "",
    )
    assert dag.urn in environment.dependencies
    (form,) = pod_forms(spec, spec.pipelines[0])
    assert form.text == text
    assert "`up` brings it" in form.use


@pytest.mark.parametrize(
    ("cloud", "operator", "where"),
    [
        ("aws", "EksPodOperator", {"cluster_name": "acme-ml-dev-cluster", "aws_conn_id": None}),
        ("gcp", "GKEStartPodOperator", {"cluster_name": "acme-ml-dev", "use_internal_ip": True}),
    ],
)
def test_its_steps_reach_the_cluster_by_the_clouds_own_operator(
    cloud: str, operator: str, where: Mapping[str, object]
) -> None:
    """No connection and no kubeconfig is kept: each step gets a token with the identity of the workers."""
    spec = spec_with(cloud)
    tree = ast.parse(dag_text(layer_context(spec, cloud), spec.pipelines[0]))
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == operator
    ]
    given = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
    assert where.items() <= given.items()
    assert "kubernetes_conn_id" not in {word.arg for word in call.keywords}
    cluster = plan_of(cloud).one({"aws": "aws:eks/cluster:Cluster", "gcp": "gcp:container/cluster:Cluster"}[cloud])
    assert given["cluster_name"] == cluster.inputs["name"]


@pytest.mark.parametrize("cloud", THERE)
def test_in_the_cluster_it_makes_pods_of_steps_and_nothing_else(cloud: str) -> None:
    binding = body_of(cloud, "binding-pipelines-airflow")
    assert binding["roleRef"]["name"] == "airflow"
    assert binding["metadata"]["namespace"] == "pipelines"
    (subject,) = binding["subjects"]
    if cloud == "aws":
        (entry,) = [
            each for each in plan_of("aws").of_type("aws:eks/accessEntry:AccessEntry") if "airflow" in each.name
        ]
        assert [subject["name"]] == entry.inputs["kubernetesGroups"]
        associated = plan_of("aws").of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
        assert not [each for each in associated if "airflow" in each.name]
    else:
        (account,) = [
            each for each in plan_of("gcp").of_type("gcp:serviceaccount/account:Account") if "airflow" in each.name
        ]
        assert subject["name"].partition("@")[0] == account.inputs["accountId"]


@pytest.mark.parametrize("cloud", THERE)
def test_people_and_the_starter_get_in_by_the_cloud_and_nobody_by_a_password(cloud: str) -> None:
    grants = [step for step in plan_of(cloud).steps if "airflow" in step.name and step.inputs.get("role")]
    if cloud == "aws":
        opened = [
            json.loads(str(step.inputs["policy"])) for step in grants if "CreateWebLoginToken" in str(step.inputs)
        ]
        assert len(opened) == 2
        for document in opened:
            assert document["Statement"][0]["Resource"].endswith(":role/acme-ml-dev-airflow/User")
    else:
        users = [step for step in grants if step.inputs["role"] == "roles/composer.user"]
        assert len({step.inputs["member"] for step in users}) == 2
    job = json.dumps(body_of(cloud, "starter"), default=str)
    assert "MLPLATFORM_STARTER_MANAGED_AIRFLOW" in job
    assert '"MLPLATFORM_STARTER_AIRFLOW"' not in job
    assert "airflow-login" not in job


@pytest.mark.parametrize("cloud", THERE)
def test_it_is_encrypted_and_inside_the_network(cloud: str) -> None:
    inputs = cast("Any", plan_of(cloud).one(ENVIRONMENTS[cloud]).inputs)
    if cloud == "aws":
        assert inputs["kmsKey"]
        assert inputs["webserverAccessMode"] == "PRIVATE_ONLY"
        assert len(inputs["networkConfiguration"]["subnetIds"]) == 2
        assert inputs["requirementsS3ObjectVersion"]
        assert (inputs["environmentClass"], inputs["maxWorkers"]) == ("mw1.medium", 7)
    else:
        config = inputs["config"]
        assert config["encryptionConfig"]["kmsKeyName"]
        assert config["enablePrivateEnvironment"] is True
        assert config["nodeConfig"]["serviceAccount"]
        assert config["workloadsConfig"]["worker"]["maxCount"] == 7
    found = check_plan(plan_of(cloud)).findings
    assert not [each for each in found if "airflow" in each.urn and each.level != "low"]


@pytest.mark.parametrize(
    "network", [NetworkSpec(), NetworkSpec(cidr=IPv4Network("100.64.0.0/16"), pod_cidr=IPv4Network("10.255.0.0/16"))]
)
def test_google_keeps_its_own_addresses_out_of_the_network(network: NetworkSpec) -> None:
    """Its workers do not reach an address of the network that is in the range of the service itself."""
    plan = plan_of("gcp") if network == NetworkSpec() else record(spec_with("gcp", network=network), "gcp")
    node = cast("Any", plan.one(ENVIRONMENTS["gcp"]).inputs)["config"]["nodeConfig"]
    own = IPv4Network(node["composerInternalIpv4CidrBlock"])
    assert own.prefixlen == 20
    subnets = [cast("Any", step.inputs) for step in plan.of_type("gcp:compute/subnetwork:Subnetwork")]
    texts = [subnet["ipCidrRange"] for subnet in subnets]
    texts += [each["ipCidrRange"] for subnet in subnets for each in subnet.get("secondaryIpRanges", ())]
    assert {str(network.pod_cidr), str(network.service_cidr)} <= set(texts)
    assert not [text for text in texts if own.overlaps(IPv4Network(text))]


@pytest.mark.parametrize("cloud", THERE)
def test_replacing_it_loses_data(cloud: str) -> None:
    assert is_stateful(ENVIRONMENTS[cloud])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cluster": LAYER.overlay(airflow_url="https://airflow.acme.example")}, "one Airflow: cluster.airflow_url"),
        ({"cluster": LAYER.overlay(airflow=AIRFLOW)}, "one Airflow: cluster.airflow names"),
        ({"pipelines": ()}, "a pipeline with engine airflow"),
    ],
)
def test_another_airflow_and_none_of_its_pipelines_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        spec_with("aws", **changes)


def test_a_cloud_without_one_names_the_nearest_thing() -> None:
    spec = small_spec("azure", cluster=LAYER, pipelines=(NIGHTLY,))
    (problem,) = [each for each in discovery.backend("azure").problems(spec) if "airflow" in each.path]
    assert problem.path == "cluster.managed_airflow"
    assert "cluster.airflow" in str(problem.fix)


def test_without_a_way_out_it_is_refused_where_it_needs_one() -> None:
    spec = spec_with("aws", network=NetworkSpec(nat="none"))
    (problem,) = [each for each in discovery.backend("aws").problems(spec) if "airflow" in each.path]
    assert "PyPI" in str(problem.expected)


def test_a_target_without_such_a_pipeline_pays_for_none() -> None:
    aws = spec_with("aws")
    both = aws.overlay(
        targets=(*aws.targets, TARGETS["azure"]), pipelines=(aws.pipelines[0].overlay(on="aws", triggers=None),)
    )
    assert both.on("aws").cluster == LAYER
    there = both.on("azure").cluster
    assert there is not None
    assert there.managed_airflow is None
