"""Existing identities: workloads act as them, grants hold for them, none is made, their owner's part is told."""

from __future__ import annotations

from functools import cache

import pulumi
import pytest

from mlplatform import CiSpec, EndpointSpec, GpuPoolSpec, Platform, PlatformSpec, TrainingSpec
from mlplatform.components.ci_login import BuildsCiLogin, CiSystem
from mlplatform.components.preflight import OWNER
from mlplatform.discovery import backend
from mlplatform.plan.model import Plan, Step
from mlplatform.spec.target import Target

from ..conftest import CLOUDS
from .parts import GROUP, TARGETS, plan_of

WORKLOADS = ("training", "pipelines", "ci", "fraud")
OF_AZURE = {
    name: {
        "id": f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/their-{name}",
        "principal_id": f"3333333{index}-3333-4333-8333-333333333333",
        "client_id": f"4444444{index}-4444-4444-8444-444444444444",
    }
    for index, name in enumerate(WORKLOADS)
}
THEIRS: dict[str, dict[str, object]] = {
    "aws": {name: f"arn:aws:iam::123456789012:role/ml/their-{name}" for name in WORKLOADS},
    "gcp": {name: f"their-{name}@acme-ml-dev.iam.gserviceaccount.com" for name in WORKLOADS},
    "azure": dict(OF_AZURE),
}
IDENTITY = {
    "aws": "aws:iam/role:Role",
    "gcp": "gcp:serviceaccount/account:Account",
    "azure": "azure-native:managedidentity:UserAssignedIdentity",
}
GRANTEE = {
    "aws": ("aws:iam/rolePolicy:RolePolicy", "role"),
    "gcp": ("", "member"),
    "azure": ("azure-native:authorization:RoleAssignment", "principalId"),
}


def _target(cloud: str) -> Target:
    theirs = THEIRS[cloud]
    workloads = {name: theirs[name] for name in WORKLOADS if name != "fraud"}
    zones = {"zones": ("us-central1-a", "us-central1-b")} if cloud == "gcp" else {}
    return TARGETS[cloud].overlay(
        existing={"identities": {**workloads, "endpoints": {"fraud": theirs["fraud"]}}}, **zones
    )


def _spec(cloud: str) -> PlatformSpec:
    return PlatformSpec(
        name="acme",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=(_target(cloud),),
        training=TrainingSpec(pools=(GpuPoolSpec(name="small", accelerator="T4:1", max_nodes=2),)),
        # this one waits for nothing that the platform makes
        endpoints=(EndpointSpec(name="fraud", server="custom", image=IMAGE[cloud], replicas=(1, 2)),),
    ).overlay(access={"ci": CiSpec(repository="acme/ml")})


IMAGE = {
    "aws": "763104351884.dkr.ecr.us-east-1.amazonaws.com/serve:1",
    "gcp": "europe-docker.pkg.dev/acme-images/shared/serve:1",
    "azure": "mcr.microsoft.com/acme/serve:1",
}


@cache
def _plan(cloud: str) -> Plan:
    def program() -> None:
        platform = Platform(_spec(cloud))
        pulumi.export("notes", [f"{note.path}: {note.text}" for note in platform.context.notes])

    return plan_of(cloud, program)


def _name(cloud: str, workload: str) -> str:
    """What grants say for a workload's identity."""
    return OF_AZURE[workload]["principal_id"] if cloud == "azure" else f"their-{workload}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_grants_are_theirs_and_no_identity_is_made(cloud: str) -> None:
    assert list(backend(cloud).problems(_spec(cloud).on(cloud))) == []
    plan = _plan(cloud)
    made = {step.name for step in plan.of_type(IDENTITY[cloud])}
    for workload in ("training", "pipelines", "ci", "endpoint-fraud-identity"):
        assert not [name for name in made if name.startswith(f"acme-{workload}-")], workload
    token, field = GRANTEE[cloud]
    grants: list[Step] = [step for step in plan.resources() if field in step.inputs and token in step.type]
    for workload in WORKLOADS:
        assert [step for step in grants if _name(cloud, workload) in str(step.inputs[field])], workload


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_endpoint_acts_as_its_identity(cloud: str) -> None:
    server, field = {
        "aws": ("aws:sagemaker/model:Model", "executionRoleArn"),
        "gcp": ("gcp:cloudrunv2/service:Service", "template"),
        "azure": ("azure-native:machinelearningservices:OnlineEndpoint", "identity"),
    }[cloud]
    servers = _plan(cloud).of_type(server)
    assert servers
    assert all("their-fraud" in str(step.inputs[field]) for step in servers)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_owners_part_is_told(cloud: str) -> None:
    told = [str(note) for note in _plan(cloud).outputs["notes"] if "existing.identities" in str(note)]  # type: ignore[union-attr]
    assert all(OWNER in note and "check: " in note for note in told)
    for workload in WORKLOADS:
        assert [note for note in told if f"their-{workload}" in note], workload


@pytest.mark.parametrize("cloud", CLOUDS)
def test_ci_logs_in_as_its_identity(cloud: str) -> None:
    login = backend(cloud).load(BuildsCiLogin)(_spec(cloud).on(cloud), "images", CiSystem(name="github", own=True))
    theirs = THEIRS[cloud]["ci"]
    assert login.identity == (OF_AZURE["ci"]["client_id"] if cloud == "azure" else theirs)
    assert login.variables == ()
    other = backend(cloud).load(BuildsCiLogin)(_spec(cloud).on(cloud), "deploy", CiSystem(name="github", own=True))
    assert other.identity != login.identity, "deployments keep their own"
