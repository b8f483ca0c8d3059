"""Existing keys, stores, clusters and registries that a target names: a program that names them plans the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

import pytest
import yaml

from mlplatform import (
    AwsExistingBucket,
    AwsExistingCluster,
    AwsExistingIdentities,
    AwsExistingKeys,
    AwsExistingRegistry,
    AwsExistingStore,
    AzureExistingCluster,
    AzureExistingContainer,
    AzureExistingIdentities,
    AzureExistingIdentity,
    AzureExistingKeys,
    AzureExistingRegistry,
    AzureExistingStore,
    Context,
    Existing,
    GcpExistingCluster,
    GcpExistingIdentities,
    GcpExistingKeys,
    GcpExistingRegistry,
    GcpExistingStore,
    GpuPoolSpec,
    Platform,
    PlatformSpec,
    TrainingSpec,
)
from mlplatform.components.existing import named_existing
from mlplatform.discovery import backend
from mlplatform.plan.model import Plan
from mlplatform.reading.load import load
from mlplatform.spec.target import Target

from ..conftest import CLOUDS
from .parts import GROUP, TARGETS, plan_of

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"
GCP_KEY = "projects/security/locations/us-central1/keyRings/shared/cryptoKeys/ml"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/shared-keys"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/lake"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/shared/subnets/nodes"
ROLE = "arn:aws:iam::123456789012:role/nodes"
SUBNETS = {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"}

THEIR_ROOT = "arn:aws:ecr:us-east-1:210987654321:repository/base/cuda"
THEIR_REPOSITORY = "projects/acme-images/locations/europe/repositories/base"
THEIR_REGISTRY = f"{GROUP.replace('0000-1111', '9999-1111')}/Microsoft.ContainerRegistry/registries/acmeImages"
THEIR_IDENTITY = {
    "id": f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/jobs",
    "principal_id": "33333333-3333-4333-8333-333333333333",
    "client_id": "44444444-4444-4444-8444-444444444444",
}

NAMED: dict[str, dict[str, object]] = {
    "aws": {
        "keys": {"default": KEY, "arns": {"store": KEY}},
        "store": {"buckets": {"data": {"name": "lake", "key_arn": KEY}}},
        "cluster": {
            "cluster_name": "theirs",
            "node_role_arn": ROLE,
            "subnets": SUBNETS,
            "version": "1.34",
            "security_group_id": "sg-0123456789abcdef0",
            "vpc_id": "vpc-0123456789abcdef0",
        },
        "registry": {"repositories": {"base": THEIR_ROOT}},
        "identities": {"training": f"{ROLE}-training"},
    },
    "gcp": {
        "keys": {"default": GCP_KEY},
        "store": {"buckets": {"data": "lake"}},
        "cluster": {
            "cluster_name": "theirs",
            "node_service_account": "nodes@acme-ml-dev.iam.gserviceaccount.com",
            "zones": ["us-central1-a", "us-central1-b"],
        },
        "registry": {"repositories": {"base": THEIR_REPOSITORY}},
        "identities": {"training": "jobs@acme-ml-dev.iam.gserviceaccount.com"},
    },
    "azure": {
        "keys": {"vault_id": VAULT, "default": "ml"},
        "store": {"containers": {"data": {"account_id": ACCOUNT, "name": "data"}}},
        "cluster": {"cluster_name": "theirs", "group_name": "theirs", "node_subnet_ids": [SUBNET]},
        "registry": {"registry_id": THEIR_REGISTRY, "login_server": "acmeimages-c7h2.azurecr.io"},
        "identities": {"training": THEIR_IDENTITY},
    },
}
GIVEN = {
    "aws": Existing(
        keys=AwsExistingKeys(default=KEY, arns={"store": KEY}),
        store=AwsExistingStore(buckets={"data": AwsExistingBucket(name="lake", key_arn=KEY)}),
        cluster=AwsExistingCluster(
            cluster_name="theirs",
            node_role_arn=ROLE,
            subnets=SUBNETS,
            version="1.34",
            security_group_id="sg-0123456789abcdef0",
            vpc_id="vpc-0123456789abcdef0",
        ),
        registry=AwsExistingRegistry(repositories={"base": THEIR_ROOT}),
        identities=AwsExistingIdentities(training=f"{ROLE}-training"),
    ),
    "gcp": Existing(
        keys=GcpExistingKeys(default=GCP_KEY),
        store=GcpExistingStore(buckets={"data": "lake"}),
        cluster=GcpExistingCluster(
            cluster_name="theirs",
            node_service_account="nodes@acme-ml-dev.iam.gserviceaccount.com",
            zones=("us-central1-a", "us-central1-b"),
        ),
        registry=GcpExistingRegistry(repositories={"base": THEIR_REPOSITORY}),
        identities=GcpExistingIdentities(training="jobs@acme-ml-dev.iam.gserviceaccount.com"),
    ),
    "azure": Existing(
        keys=AzureExistingKeys(vault_id=VAULT, default="ml"),
        store=AzureExistingStore(containers={"data": AzureExistingContainer(account_id=ACCOUNT, name="data")}),
        cluster=AzureExistingCluster(cluster_name="theirs", group_name="theirs", node_subnet_ids=[SUBNET]),
        registry=AzureExistingRegistry(registry_id=THEIR_REGISTRY, login_server="acmeimages-c7h2.azurecr.io"),
        identities=AzureExistingIdentities(training=AzureExistingIdentity(**THEIR_IDENTITY)),
    ),
}


def _spec(target: Target) -> PlatformSpec:
    pools = (GpuPoolSpec(name="small", accelerator="T4:1", max_nodes=2),)
    return PlatformSpec(
        name="acme",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=(target,),
        training=TrainingSpec(pools=pools),
    )


def _target(cloud: str) -> Target:
    return TARGETS[cloud].overlay(existing=NAMED[cloud])


@cache
def _plan(cloud: str, *, in_spec: bool) -> Plan:
    def program() -> None:
        if in_spec:
            Platform(_spec(_target(cloud)))
        else:
            Platform(_spec(TARGETS[cloud]), existing=GIVEN[cloud])

    return plan_of(cloud, program)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_spec_names_what_a_program_names(cloud: str) -> None:
    named, given = _plan(cloud, in_spec=True), _plan(cloud, in_spec=False)
    assert [(step.urn, step.inputs) for step in named.steps] == [(step.urn, step.inputs) for step in given.steps]
    assert "theirs" in str([step.inputs for step in named.resources()])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_field_of_a_part_can_be_named(cloud: str) -> None:
    parts = named_existing(backend(cloud), _target(cloud))
    for name in ("keys", "store", "cluster", "registry", "identities"):
        fields = set(type(getattr(parts, name)).__dataclass_fields__) - {"cloud"}
        model = getattr(cast("object", _target(cloud).existing), name)
        assert set(type(model).model_fields) == fields, name


def test_a_part_has_one_owner() -> None:
    with pytest.raises(ValueError, match=r"existing\.keys: got one from the program, and the target's existing\.keys"):
        Context(_spec(_target("aws")), existing=Existing(keys=AwsExistingKeys(default=KEY)))


REFUSED: dict[str, tuple[str, dict[str, object], str]] = {
    "aws region": ("aws", {"keys": {"default": KEY.replace("us-east-1", "us-west-2")}}, "existing.keys.default"),
    "gcp region": ("gcp", {"keys": {"default": GCP_KEY.replace("us-central1", "global")}}, "existing.keys.default"),
    "aws purposes": ("aws", {"keys": {"arns": {"store": KEY}}}, "existing.keys.default"),
    "azure purposes": ("azure", {"keys": {"vault_id": VAULT, "names": {"store": "a"}}}, "existing.keys.default"),
    "aws places": (
        "aws",
        {"store": {"buckets": {"data": {"name": "lake"}, "models": {"name": "lake"}}}},
        "existing.store.buckets.models",
    ),
    "azure subnets": (
        "azure",
        {"cluster": {"cluster_name": "c", "group_name": "g", "node_subnet_ids": [SUBNET, SUBNET]}},
        "existing.cluster.node_subnet_ids[1]",
    ),
    "gcp unused": ("gcp", {"cluster": NAMED["gcp"]["cluster"]}, "existing.cluster"),
    "aws repository of another region": (
        "aws",
        {"registry": {"repositories": {"base": THEIR_ROOT.replace("us-east-1", "us-west-2")}}},
        "existing.registry.repositories.base",
    ),
    "aws repository twice": (
        "aws",
        {"registry": {"repositories": {"base": THEIR_ROOT, "cuda": THEIR_ROOT}}},
        "existing.registry.repositories.cuda",
    ),
    "aws repository's form": (
        "aws",
        {"registry": {"repositories": {"base": "210987654321.dkr.ecr.us-east-1.amazonaws.com/base"}}},
        "existing.registry.repositories.base",
    ),
    "gcp repository's form": (
        "gcp",
        {"registry": {"repositories": {"base": "europe-docker.pkg.dev/acme-images/base"}}},
        "existing.registry.repositories.base",
    ),
    "azure registry's form": (
        "azure",
        {"registry": {"registry_id": "acmeimages.azurecr.io"}},
        "existing.registry.registry_id",
    ),
    "aws role of another account": (
        "aws",
        {"identities": {"pipelines": ROLE.replace("123456789012", "210987654321")}},
        "existing.identities.pipelines",
    ),
    "gcp account of another project": (
        "gcp",
        {"identities": {"training": "jobs@acme-images.iam.gserviceaccount.com"}},
        "existing.identities.training",
    ),
    "azure identity for CI, and no CI": (
        "azure",
        {"identities": {"ci": THEIR_IDENTITY}},
        "existing.identities.ci",
    ),
    "aws role of an endpoint that is not there": (
        "aws",
        {"identities": {"endpoints": {"fraud": ROLE}}},
        "existing.identities.endpoints.fraud",
    ),
    "gcp training unused": (
        "gcp",
        {"identities": {"training": "jobs@acme-ml-dev.iam.gserviceaccount.com"}},
        "existing.identities.training",
    ),
    "azure identity's form": (
        "azure",
        {"identities": {"training": {**THEIR_IDENTITY, "id": "jobs"}}},
        "existing.identities.training.id",
    ),
    "aws form": ("aws", {"keys": {"default": "alias/ml"}}, "existing.keys.default"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_told(case: str, tmp_path: Path) -> None:
    cloud, existing, path = REFUSED[case]
    plain = TARGETS[cloud].model_dump(mode="json", exclude_unset=True, exclude={"zones"})
    target = {**plain, "cloud": cloud, "existing": existing}
    spec: dict[str, object] = {"name": "acme", "owner": "ml", "cost_center": "1", "targets": [target]}
    if "unused" not in case:
        spec["training"] = {}
    file = tmp_path / "spec.yaml"
    file.write_text(yaml.safe_dump(spec), encoding="utf-8")
    problems = load(file).problems
    assert [problem.path for problem in problems] == [f"targets[0].{path}"], problems


def test_the_example_is_valid(root: Path) -> None:
    loaded = load(root / "examples" / "existing_in_spec" / "platform.yaml")
    assert loaded.problems == ()
    assert loaded.spec
    assert [target.name for target in loaded.spec.targets] == ["aws", "aws-west"]
