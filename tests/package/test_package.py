"""The component package: its schema, its arguments, and components made through it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from mlplatform.package.components import COMPONENTS
from mlplatform.package.derive import derive

from .conftest import refusals

HERE = Path(__file__).resolve().parent
CONTEXT = {
    "name": "acme",
    "owner": "data-team",
    "costCenter": "4711",
    "target": {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
}
POOL = {"name": "l4", "accelerator": ["L4:1"], "maxNodes": 4}
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"
# how a value that depends on a resource travels: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
OUTPUT = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}


def test_the_arguments_follow_the_spec_and_the_backends(root: Path) -> None:
    folder = root / "platform" / "mlplatform" / "package" / "args"
    written = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.py")}
    assert written == derive(), "run: python -m mlplatform.package.derive"


def test_the_schema(provider: Any, pytestconfig: pytest.Config) -> None:
    schema = json.loads(provider.GetSchema(provider_pb2.GetSchemaRequest(version=0)).schema)
    schema.pop("version")
    text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    golden = HERE / "schema.json"
    if pytestconfig.getoption("--update-goldens"):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, f"{golden} differs: run make goldens and read the diff"
    assert sorted(schema["resources"]) == [f"mlplatform:index:{component.__name__}" for component in COMPONENTS]
    # SDKs call a component's arguments `<component>Args`, in some languages in the same package as the types
    taken = {f"mlplatform:index:{component.__name__}{end}" for component in COMPONENTS for end in ("", "Args")}
    assert not taken & set(schema["types"])
    known = {f"#/types/{name}" for name in schema["types"]}
    used = {word for word in text.replace('"', " ").split() if word.startswith("#/types/")}
    assert used == known


def test_a_store_through_the_package(construct: Any) -> None:
    made = construct(
        "ArtifactStore",
        {
            "context": CONTEXT,
            "retention": "ephemeral",
            "monitoring": {"worm": {"days": 30}},
            "grants": [{"identity": "trainer", "read": ["data"], "write": ["models"]}],
        },
    )
    assert made.refused == []
    assert made.names("ArtifactStore") == ["acme-store", "it"]
    assert made.state["uris"]["data"] == "s3://acme-dev-data-123456789012-us-east-1-an"
    assert made.state["principals"]["trainer"].startswith("arn:aws:iam::123456789012:role/acme-dev-trainer")
    (lock,) = [s for s in made.steps.values() if s.type.endswith(":BucketObjectLockConfiguration")]
    assert "30" in str(lock.inputs["rule"])
    policies = [str(s.inputs["policy"]) for s in made.steps.values() if s.type.endswith(":RolePolicy")]
    assert any("s3:PutObject" in policy and "acme-dev-models" in policy for policy in policies)


def test_a_pool_takes_outputs_of_other_resources(construct: Any) -> None:
    role = {
        **OUTPUT,
        "value": "arn:aws:iam::123456789012:role/nodes",
        "dependencies": ["urn:pulumi:stack::project::a:b:Role::nodes"],
    }
    cluster = {
        "clusterName": "shared",
        "nodeRoleArn": role,
        "subnets": {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"},
    }
    made = construct(
        "GpuNodePool",
        {
            "context": {**CONTEXT, "existing": {"aws": {"cluster": cluster, "keys": {"default": KEY}}}},
            **POOL,
            "capacity": "spot",
        },
    )
    assert made.refused == []
    groups = [step for step in made.steps.values() if step.type.endswith(":NodeGroup")]
    assert len(groups) == 2
    assert {group.inputs["nodeRoleArn"] for group in groups} == {"arn:aws:iam::123456789012:role/nodes"}
    assert all("urn:pulumi:stack::project::a:b:Role::nodes" in group.dependencies for group in groups)
    assert made.state["machineType"] == "g6.xlarge"


def test_a_platform_of_one_document(construct: Any) -> None:
    spec = {
        "name": "acme",
        "owner": "ml",
        "cost_center": "1",
        "targets": [CONTEXT["target"]],
        "endpoints": [{"name": "ranker", "model": "ranker/1"}],
        "registry": {"models": ["ranker"]},
    }
    made = construct("Platform", {"spec": spec}, dependencies=["urn:pulumi:stack::project::a:b:Thing::first"])
    assert made.refused == []
    assert made.urn.endswith("::mlplatform:index:Platform::it")
    assert list(made.state["endpointUrls"]) == ["ranker"]
    assert "clusterName" not in made.state
    buckets = [step for step in made.steps.values() if step.type == "aws:s3/bucket:Bucket"]
    assert buckets
    assert all("mlplatform:index:Platform$mlplatform:index:Platform$" in step.urn for step in buckets)
    assert all("urn:pulumi:stack::project::a:b:Thing::first" in step.dependencies for step in buckets)


@pytest.mark.parametrize(
    ("component", "inputs", "paths"),
    [
        ("Platform", {}, {"spec"}),
        ("Platform", {"spec": {"name": "acme", "owner": "ml", "targets": [CONTEXT["target"]]}}, {"spec.cost_center"}),
        (
            "ArtifactStore",
            {"context": CONTEXT, "retention": "forever", "data": {"worm": {"days": 0}}},
            {"retention", "data.worm.days"},
        ),
        (
            "Network",
            {"context": {**CONTEXT, "existing": {"gcp": {"keys": {"default": "k"}}}}},
            {"context.existing.gcp"},
        ),
        ("Platform", {"spec": {"name": {**OUTPUT}, "owner": "ml"}}, {"spec.name"}),
        # every problem at once, each under the name that the other language has for it
        (
            "Cluster",
            {
                "context": {**CONTEXT, "costCenter": "A B"},
                "pools": [{"name": "l4", "accelerator": ["L4:1"]}],
                "pool": 1,
            },
            {"pool", "pools[0].maxNodes"},
        ),
        (
            "Cluster",
            {"context": {**CONTEXT, "costCenter": "A B"}, "systemPool": {"minNodes": 9}, "apiCidrs": ["0.0.0.0/0"]},
            {"context.costCenter", "systemPool.minNodes", "apiCidrs[0]"},
        ),
        ("GpuNodePool", {"context": CONTEXT, **POOL, "maxNodes": 0}, {"maxNodes"}),
        ("GpuNodePool", {"context": CONTEXT, **POOL, "maxNodes": {**OUTPUT, "value": 3}}, {"maxNodes"}),
        ("GpuNodePool", {"context": CONTEXT, **POOL}, {"context.existing.aws.cluster"}),
        ("GpuNodePool", {"context": CONTEXT, **POOL, "accelerator": ["L5:1"]}, {"accelerator[0]"}),
        ("CpuNodePool", {"context": CONTEXT, "name": "prep", "maxNodes": 1}, {"context.existing.aws.cluster"}),
        ("CpuNodePool", {"context": CONTEXT, "name": "system", "maxNodes": 1, "vcpus": 1}, {"name", "vcpus"}),
        ("Network", {"context": {**CONTEXT, "network": {"zones": 3}}, "zones": 2}, {"context.network"}),
        (
            "Keys",
            {"context": {**CONTEXT, "target": {**CONTEXT["target"], "region": "moon"}}},
            {"context.target.region"},
        ),
        ("Identity", {"context": CONTEXT, "purpose": "boss"}, {"purpose"}),
        ("Identity", {"context": CONTEXT, "purpose": "ci"}, {"context.access.ci"}),
        ("Identity", {"context": CONTEXT, "purpose": "auditor"}, {"context.target.people.auditor"}),
        ("ImageRegistry", {"context": CONTEXT, "models": ["fraud"]}, {"models"}),
        ("Endpoint", {"context": CONTEXT, "name": "ranker", "replicas": [3, 1]}, {"replicas"}),
        ("Endpoint", {"context": CONTEXT, "name": "a", "registry": {"keepImages": 0}}, {"registry.keepImages"}),
    ],
)
def test_what_is_wrong_is_said_by_property(
    construct: Any, component: str, inputs: dict[str, Any], paths: set[str]
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        construct(component, inputs)
    found = refusals(refused.value)
    assert set(found) == paths, found
    assert "Traceback" not in str(refused.value)


def test_options_that_a_component_would_drop_are_refused(construct: Any) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        construct("Network", {"context": CONTEXT}, ignoreChanges=["tags"], replaceOnChanges=["cidr"])
    found = refusals(refused.value)
    assert set(found) == {"opts.ignoreChanges", "opts.replaceOnChanges"}
    assert "transform" in found["opts.ignoreChanges"]


def test_options_that_a_component_passes_on_reach_its_resources(construct: Any) -> None:
    made = construct("Keys", {"context": CONTEXT}, retainOnDelete=True)
    keys = [step for step in made.steps.values() if step.custom and not step.type.startswith("pulumi:")]
    assert keys
    assert all(step.retain_on_delete for step in keys)
