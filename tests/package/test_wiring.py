"""Components of the package that stand on each other by their outputs, as programs in other languages wire them."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from mlplatform.backends.azure.existing import AzureExistingContainer, AzureExistingStore
from mlplatform.components.existing import ExistingPart
from mlplatform.package.existing import show_existing

from .conftest import refusals

OUTPUT = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
ZONES = ("us-east-1a", "us-east-1b")


def _context(name: str, **existing: Any) -> dict[str, Any]:
    target = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1", "zones": list(ZONES)}
    return {
        "name": name,
        "owner": "data-team",
        "costCenter": "4711",
        "target": target,
        **({"existing": {"aws": existing}} if existing else {}),
    }


def _of(component: str, value: Any) -> Any:
    """A value as the engine hands on an output of a component."""
    return {**OUTPUT, "value": value, "dependencies": [f"urn:pulumi:s::p::mlplatform:index:{component}::it"]}


def test_a_cluster_stands_on_network_and_keys_and_hands_itself_on(construct: Any) -> None:
    network = construct("Network", {"context": _context("acme-net")})
    keys = construct("Keys", {"context": _context("acme-keys")})
    assert network.refused == keys.refused == []
    assert network.state["zones"] == list(ZONES)
    theirs = network.state["existing"]["aws"]["network"]
    assert theirs["vpcId"] == network.state["networkId"]
    assert sorted(theirs["subnets"]) == list(ZONES)
    assert keys.state["existing"]["aws"]["keys"]["arns"] == keys.state["ids"]
    on = {
        "network": {**theirs, "vpcId": _of("Network", theirs["vpcId"])},
        # all of them as one output: their purposes are known
        "keys": {"arns": _of("Keys", keys.state["ids"])},
    }
    inside = {"engines": ["trainer"], "teams": [{"name": "fraud", "quota": {"l4": 1}}]}
    cluster = construct(
        "Cluster",
        {
            "context": {**_context("acme", **on), "cluster": inside},
            "pools": [{"name": "l4", "accelerator": ["L4:1"], "maxNodes": 2}],
        },
    )
    assert cluster.refused == []
    # what a stack with `ClusterLayer` is told
    jobs = "arn:aws:iam::123456789012:role/acme-dev-team-fraud"
    assert cluster.state["principals"]["team-fraud"] == cluster.state["layer"]["identities"]["team-fraud"] == jobs
    bound = cluster.of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert ("team-fraud", "training") in {(each["namespace"], each["serviceAccount"]) for each in bound}
    (made,) = [step for step in cluster.steps.values() if step.type == "aws:eks/cluster:Cluster"]
    assert made.inputs["vpcConfig"]["subnetIds"] == [theirs["subnets"][zone] for zone in ZONES]
    assert keys.state["ids"]["cluster"] in str(made.inputs["encryptionConfig"])
    assert "urn:pulumi:s::p::mlplatform:index:Keys::it" in made.dependencies
    assert cluster.names("Vpc") == cluster.names("Key") == []
    assert cluster.state["principals"]["training"] == "arn:aws:iam::123456789012:role/acme-dev-training"
    assert list(cluster.state["poolNames"]) == ["l4"]
    handed = cluster.state["existing"]["aws"]["cluster"]
    assert handed["clusterName"] == cluster.state["clusterName"] == "acme-dev-cluster"
    pool = construct(
        "GpuNodePool",
        {
            "context": _context("acme-more", cluster=handed, keys={"arns": keys.state["ids"]}),
            "name": "t4",
            "accelerator": ["T4:1"],
            "maxNodes": 2,
        },
    )
    assert pool.refused == []
    groups = [step for step in pool.steps.values() if step.type.endswith(":NodeGroup")]
    assert {group.inputs["clusterName"] for group in groups} == {"acme-dev-cluster"}
    more = {"context": _context("acme-cpu", cluster=handed, keys={"arns": keys.state["ids"]}), "name": "prep"}
    cpu = construct("CpuNodePool", {**more, "maxNodes": 2, "taints": [{"key": "team"}]})
    assert cpu.refused == []
    assert cpu.state["machineType"] == "m6i.xlarge"
    groups = [step for step in cpu.steps.values() if step.type.endswith(":NodeGroup")]
    assert {group.inputs["clusterName"] for group in groups} == {"acme-dev-cluster"}


def test_an_endpoint_and_registries_stand_on_a_store_of_another(construct: Any) -> None:
    keys = {"default": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"}
    buckets = {place: {"name": f"lake-{place}"} for place in ("data", "features", "models", "pipelines", "monitoring")}
    on = {"keys": keys, "store": {"buckets": buckets}}
    trainer = construct("Identity", {"context": _context("acme-jobs"), "purpose": "pipelines"}).state["principal"]
    granted = {"identity": "trainer", "principal": _of("Identity", trainer)}
    endpoint = construct(
        "Endpoint",
        {
            "context": _context("acme-rank", **on),
            "name": "ranker",
            "model": "ranker/1",
            "callers": [granted, {"identity": "site"}],
            "releases": {
                "main": {
                    "model": "ranker",
                    "version": "1",
                    "artifact": "s3://lake-models/ranker/1/",
                    "gates": [{"name": "by hand", "by": "ana"}],
                    "approver": "ana",
                }
            },
        },
    )
    models = construct(
        "ModelRegistry",
        {"context": _context("acme-models", **on), "models": ["fraud"], "grants": [{**granted, "access": "register"}]},
    )
    images = construct(
        "ImageRegistry", {"context": _context("acme-images", **on), "grants": [{**granted, "access": "push"}]}
    )
    assert endpoint.refused == models.refused == images.refused == []
    assert endpoint.names("Bucket") == models.names("Bucket") == [], "the store is an existing one"
    assert endpoint.names("Repository") == [], "the arguments name none"
    assert endpoint.state["phase"] == "serving"
    assert endpoint.state["storeUris"]["models"] == "s3://lake-models"
    assert endpoint.state["principals"] == {
        "trainer": trainer,
        "site": "arn:aws:iam::123456789012:role/acme-rank-dev-site",
    }
    assert list(models.state["groups"]) == ["fraud"]
    assert sorted(images.state["addresses"]) == ["serving", "training"]
    for made, action in (
        (endpoint, "sagemaker:InvokeEndpoint"),
        (models, "sagemaker:CreateModelPackage"),
        (images, "ecr:PutImage"),
    ):
        (grant,) = [
            step
            for step in made.steps.values()
            if step.type.endswith(":RolePolicy") and step.inputs["role"] == "acme-jobs-dev-pipelines"
        ]
        assert action in str(grant.inputs["policy"])


def test_two_components_of_one_name_are_refused(construct: Any) -> None:
    construct("Identity", {"context": _context("acme"), "purpose": "pipelines"}, stack="shared")
    with pytest.raises(grpc.RpcError) as refused:
        construct("Keys", {"context": _context("acme")}, stack="shared")
    found = refusals(refused.value)
    assert set(found) == {"context.name"}
    assert "which Identity 'it' uses already" in found["context.name"]


def test_grants_are_checked_before_anything_is_made(construct: Any) -> None:
    grants = [
        {"identity": "a", "access": "pull"},
        {"identity": "a", "access": "shove"},
        {"identity": "A b", "access": ""},
    ]
    with pytest.raises(grpc.RpcError) as refused:
        construct("ImageRegistry", {"context": _context("acme"), "grants": grants})
    assert sorted(refusals(refused.value)) == [
        "grants[1].access",
        "grants[1].identity",
        "grants[2].access",
        "grants[2].identity",
    ]
    with pytest.raises(grpc.RpcError) as refused:
        construct("ArtifactStore", {"context": _context("acme"), "grants": [{"identity": "a", "read": ["attic"]}]})
    assert refusals(refused.value)["grants[0].read"].startswith("got: attic; expected: data, features")


class _Store:
    """Made on Azure."""

    def as_existing(self) -> ExistingPart:
        return AzureExistingStore(containers={"data": AzureExistingContainer(account_id="/a", name="data")})


def test_what_is_made_has_the_names_of_what_is_taken() -> None:
    shown: object = show_existing("azure", store=_Store())
    assert shown == {"azure": {"store": {"containers": {"data": {"accountId": "/a", "name": "data"}}}}}
    assert show_existing("elsewhere", store=_Store()) == {}
