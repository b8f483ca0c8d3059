"""Existing image repositories: grants hold for them, CI and promotion find them, their owner's part is told."""

from __future__ import annotations

from functools import cache

import pulumi
import pytest

from mlplatform import (
    CiSpec,
    Context,
    Existing,
    GpuPoolSpec,
    Identity,
    ImageRegistry,
    Platform,
    PlatformSpec,
    RegistrySpec,
    TrainingSpec,
)
from mlplatform.components.ci_login import BuildsCiLogin, CiSystem
from mlplatform.components.preflight import OWNER
from mlplatform.discovery import backend
from mlplatform.plan.model import Plan
from mlplatform.spec.problem import Problem
from mlplatform.spec.registry import Upstream
from mlplatform.spec.target import Target

from ..conftest import CLOUDS
from .parts import GROUP, TARGETS, context, plan_of

HERE = {
    "aws": {"repositories": {"training": "arn:aws:ecr:us-east-1:123456789012:repository/shared/training"}},
    "gcp": {"repositories": {"training": "projects/acme-ml-dev/locations/us-central1/repositories/shared"}},
    "azure": {"registry_id": f"{GROUP}/Microsoft.ContainerRegistry/registries/acmeImages"},
}
ELSEWHERE = {
    "aws": {"repositories": {"training": "arn:aws:ecr:us-east-1:210987654321:repository/shared/training"}},
    "gcp": {"repositories": {"training": "projects/acme-images/locations/europe/repositories/shared"}},
    "azure": {
        "registry_id": f"{GROUP.replace('0000-1111', '9999-1111')}/Microsoft.ContainerRegistry/registries/acmeImages"
    },
}
ADDRESS = {
    "aws": "210987654321.dkr.ecr.us-east-1.amazonaws.com/shared/training",
    "gcp": "europe-docker.pkg.dev/acme-images/shared",
    "azure": "acmeimages.azurecr.io/training",
}
REPOSITORY = {
    "aws": "aws:ecr/repository:Repository",
    "gcp": "gcp:artifactregistry/repository:Repository",
    "azure": "azure-native:containerregistry:Registry",
}
GRANT = {
    "aws": "aws:iam/rolePolicy:RolePolicy",
    "gcp": "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    "azure": "azure-native:authorization:RoleAssignment",
}
CI = CiSpec(repository="acme/ml")


def _target(cloud: str, registry: dict[str, object]) -> Target:
    return TARGETS[cloud].overlay(existing={"registry": registry})


def _spec(cloud: str, named: dict[str, object], /, **settings: object) -> PlatformSpec:
    spec = PlatformSpec(
        name="acme",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=(_target(cloud, named),),
        training=TrainingSpec(pools=(GpuPoolSpec(name="small", accelerator="T4:1", max_nodes=2),)),
    )
    return spec.overlay(**settings)


@cache
def _plan(cloud: str, *, elsewhere: bool) -> Plan:
    spec = _spec(cloud, dict((ELSEWHERE if elsewhere else HERE)[cloud]), access={"ci": CI})

    def program() -> None:
        platform = Platform(spec)
        pulumi.export("notes", [f"{note.path}: {note.text}" for note in platform.context.notes])
        pulumi.export("address", platform.images.addresses["training"])

    return plan_of(cloud, program)


def _said(plan: Plan) -> list[str]:
    return [str(note) for note in plan.outputs["notes"] if "existing.registry" in str(note)]  # type: ignore[union-attr]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_only_repositories_that_do_not_exist_are_made(cloud: str) -> None:
    plan = _plan(cloud, elsewhere=True)
    made = [step.name for step in plan.of_type(REPOSITORY[cloud])]
    assert not [name for name in made if name.endswith("-images-training")]
    if cloud == "azure":
        assert made == []
    else:
        assert "acme-images-serving" in made
    assert plan.outputs["address"] == ADDRESS[cloud]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_jobs_ci_and_nodes_have_their_rights(cloud: str) -> None:
    """Pulls for jobs and pipelines, pushes for CI; nodes pull by a managed policy on AWS."""
    theirs = {
        "aws": "210987654321:repository/shared/training",
        "gcp": "shared",
        "azure": "registries/acmeImages",
    }[cloud]
    steps = [step for step in _plan(cloud, elsewhere=True).of_type(GRANT[cloud]) if theirs in str(step.inputs)]
    names = " ".join(step.name for step in steps)
    for who in ("training", "pipelines", "ci", *(() if cloud == "aws" else ("nodes",) if cloud == "gcp" else ())):
        assert who in names, names
    push = {
        "aws": "ecr:PutImage",
        "gcp": "roles/artifactregistry.writer",
        "azure": "8311e382-0749-4cb8-b61a-304f252e45ec",
    }
    pushers = [step.name for step in steps if push[cloud] in str(step.inputs)]
    assert pushers
    assert all("-ci" in name for name in pushers), pushers
    if cloud == "gcp":
        assert all((step.inputs["project"], step.inputs["location"]) == ("acme-images", "europe") for step in steps)
        assert [step for step in steps if "serverless-robot-prod" in str(step.inputs["member"])], "Cloud Run's agent"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_owners_part_is_told(cloud: str) -> None:
    here, elsewhere = _said(_plan(cloud, elsewhere=False)), _said(_plan(cloud, elsewhere=True))
    assert elsewhere
    assert all(OWNER in note and "check: " in note for note in elsewhere), elsewhere
    if cloud != "azure":
        assert here == [], "the platform's own rights are enough"


def test_azure_reaches_the_registry_by_a_private_endpoint() -> None:
    plan = _plan("azure", elsewhere=True)
    (endpoint,) = [
        step
        for step in plan.of_type("azure-native:network:PrivateEndpoint")
        if "registries/acmeImages" in str(step.inputs)
    ]
    workspace = plan.one("azure-native:machinelearningservices:Workspace")
    assert endpoint.urn in workspace.dependencies
    assert str(workspace.inputs["containerRegistry"]).endswith("registries/acmeImages")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_ci_and_promotion_find_the_repositories(cloud: str) -> None:
    spec = _spec(cloud, dict(ELSEWHERE[cloud])).on(cloud)
    assert ADDRESS[cloud] in backend(cloud).own_images(spec)
    login = backend(cloud).load(BuildsCiLogin)(spec, "images", CiSystem(name="github"))
    assert login.images["training"].startswith(ADDRESS[cloud])
    host = ADDRESS[cloud].partition("/")[0].removesuffix(".azurecr.io")
    assert host in login.registry_login


def _problems(spec: PlatformSpec) -> list[Problem]:
    (target,) = spec.targets
    found = backend(target.cloud).problems(spec.on(target.name))
    # the shared GCP target has one zone, which is another matter
    return [problem for problem in found if "zones" not in problem.path]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_settings_of_repositories_that_are_not_made_are_refused(cloud: str) -> None:
    settings = {"repositories": ("training",), "keep_images": 7, "untagged_days": 3}
    refused = _problems(_spec(cloud, dict(HERE[cloud]), registry=RegistrySpec.model_validate(settings)))
    assert {problem.path for problem in refused} == {"registry.keep_images", "registry.untagged_days"}
    assert all(problem.fix for problem in refused)
    assert _problems(_spec(cloud, dict(HERE[cloud]))) == []


def test_azure_refuses_caches_in_an_existing_registry() -> None:
    pull_through: tuple[Upstream, ...] = ("quay.io",)
    spec = _spec("azure", dict(HERE["azure"]), registry=RegistrySpec(pull_through=pull_through))
    assert [problem.path for problem in _problems(spec)] == ["registry.pull_through"]


def test_gcp_refuses_the_name_of_a_cache() -> None:
    named = {"repositories": {"cache-quay-io": "projects/acme-ml-dev/locations/us-central1/repositories/shared"}}
    spec = _spec("gcp", dict(named), registry=RegistrySpec(pull_through=("quay.io",)))
    assert [problem.path for problem in _problems(spec)] == [
        "targets[gcp].existing.registry.repositories.cache-quay-io"
    ]


def test_gcp_admits_images_of_another_project() -> None:
    target = _target("gcp", dict(ELSEWHERE["gcp"])).overlay(admitted_images=("quay.io/**",))
    spec = PlatformSpec(name="acme", environment="dev", owner="ml", cost_center="1", targets=(target,))
    plan = plan_of("gcp", lambda: ImageRegistry("acme-images", RegistrySpec(), Context(spec)))
    policy = plan.one("gcp:binaryauthorization/policy:Policy")
    assert f"{ADDRESS['gcp']}/**" in str(policy.inputs["admissionWhitelistPatterns"])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_second_platform_uses_the_repositories_of_the_first(cloud: str) -> None:
    def program() -> None:
        first = context(cloud)
        second = context(cloud, name="other", existing=Existing(registry=first.images.as_existing()))
        second.images.grant_pull(Identity("other-pipelines", "pipelines", second))
        pulumi.export("first", first.images.addresses["training"])
        pulumi.export("second", second.images.addresses["training"])

    plan = plan_of(cloud, program)
    assert plan.outputs["first"] == plan.outputs["second"]
    made = plan.of_type(REPOSITORY[cloud])
    assert {step.name.partition("-")[0] for step in made} == {"acme"}
    grants = [step for step in plan.of_type(GRANT[cloud]) if step.name.startswith("other-images-")]
    assert grants
    assert all(set(step.dependencies) & {each.urn for each in made} for step in grants)


def test_a_subscription_is_no_tenant() -> None:
    same = TARGETS["azure"].model_dump(mode="json")["subscription_id"]
    with pytest.raises(ValueError, match="az account show"):
        TARGETS["azure"].overlay(tenant_id=same)
