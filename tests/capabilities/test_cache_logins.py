"""Private images of public registries are pulled through a cache that logs in, on every cloud, or are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import get_args

import pytest
from pydantic import ValidationError

from mlplatform import AwsTarget, AzureTarget, Context, GcpTarget, ImageRegistry, PlatformSpec, RegistrySpec, discovery
from mlplatform.plan.model import Step
from mlplatform.plan.record import record_program
from mlplatform.spec.registry import Upstream
from mlplatform.spec.target import Target

from ..conftest import CLOUDS

TARGETS: dict[str, Target] = {
    "aws": AwsTarget(account_id="123456789012", region="us-east-1"),
    "gcp": GcpTarget(project="acme-ml", project_number="123456789012", region="us-central1"),
    "azure": AzureTarget(
        subscription_id="00000000-0000-4000-8000-000000000000",
        tenant_id="11111111-1111-4111-8111-111111111111",
        location="eastus",
    ),
}


def spec(*clouds: str, **registry: object) -> PlatformSpec:
    return PlatformSpec(
        name="acme-ml",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=tuple(TARGETS[cloud] for cloud in clouds),
        registry=RegistrySpec.model_validate(registry),
    )


@cache
def images(cloud: str, logins: tuple[str, ...]) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    platform = spec(cloud, pull_through=("docker.io", "ghcr.io"), logins=logins)
    notes: list[str] = []

    def program() -> None:
        context = Context(platform)
        ImageRegistry("acme-ml-images", platform.registry, context)
        notes.extend(f"{note.path}: {note.text}" for note in context.notes)

    account = discovery.backend(cloud).account(platform.targets[0])
    config = {f"mlplatform:{key}": "very-secret" for key in platform.registry.secret_keys()}
    plan = record_program(program, account=account, stack="dev", resolve=True, config=config)
    return tuple(plan.resources()), tuple(notes)


def one(steps: tuple[Step, ...], end: str) -> Mapping[str, object]:
    (found,) = [step for step in steps if step.name == f"acme-ml-images-{end}"]
    return found.inputs


def test_gcp_logs_in_where_the_spec_says_so() -> None:
    steps, _ = images("gcp", ("ghcr.io",))
    private = json.dumps(one(steps, "cache-ghcr-io")["remoteRepositoryConfig"])
    assert "usernamePasswordCredentials" in private
    assert "upstreamCredentials" not in json.dumps(one(steps, "cache-docker-io")["remoteRepositoryConfig"])
    reader = one(steps, "cache-ghcr-io-login-reader")
    assert reader["role"] == "roles/secretmanager.secretAccessor"
    assert "gcp-sa-artifactregistry" in str(reader["member"])


def test_azure_logs_in_where_the_spec_says_so_and_to_docker_hub() -> None:
    steps, notes = images("azure", ("ghcr.io",))
    login = one(steps, "login-ghcr-io")
    assert login["loginServer"] == "ghcr.io"
    assert one(steps, "cache-ghcr-io")["credentialSetResourceId"]
    assert one(steps, "cache-docker-io")["credentialSetResourceId"], "its cache pulls nothing of Docker Hub without"
    assert ["mlplatform:docker-io-user" in note for note in notes if note.startswith("registry.pull_through")] == [True]
    assert not [step for step in images("azure", ())[0] if step.name.endswith("login-ghcr-io")]
    rights = [step.inputs for step in steps if step.name.startswith("acme-ml-images-login-ghcr-io-")]
    scopes = {str(right["scope"]).rpartition("/")[2] for right in rights if "scope" in right}
    assert scopes == {"ghcr-io-user", "ghcr-io-token"}, "it reads its own secrets"


def test_aws_always_logs_in_and_says_so() -> None:
    steps, notes = images("aws", ("ghcr.io",))
    assert one(steps, "cache-docker-io")["credentialArn"]
    assert one(steps, "cache-ghcr-io")["credentialArn"]
    told = [note for note in notes if note.startswith("registry.pull_through")]
    assert len(told) == 1
    assert "mlplatform:docker-io-user" in told[0]


def test_a_login_that_ecr_cannot_use_is_refused() -> None:
    narrowed = spec("aws", pull_through=("quay.io",), logins=("quay.io",)).on("aws")
    (problem,) = [p for p in discovery.backend("aws").problems(narrowed) if p.path.startswith("registry")]
    assert problem.path == "registry.logins[0]"
    assert "push private images" in problem.fix


@pytest.mark.parametrize(
    ("registry", "said"),
    [
        ({"logins": ["docker.io"]}, "pull_through"),
        ({"pull_through": ["registry.k8s.io"], "logins": ["registry.k8s.io"]}, "public"),
    ],
)
def test_logins_of_nothing(registry: Mapping[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        RegistrySpec.model_validate(registry)


CACHED = {
    "aws": {"docker.io", "quay.io", "ghcr.io", "registry.k8s.io", "public.ecr.aws"},
    "gcp": set(get_args(Upstream)) - {"gcr.io", "us-docker.pkg.dev"},
    "azure": set(get_args(Upstream)) - {"nvcr.io", "us-docker.pkg.dev"},
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_registry_is_cached_or_refused_with_what_to_do_instead(cloud: str) -> None:
    for upstream in get_args(Upstream):
        platform = spec(cloud, pull_through=(upstream,)).on(cloud)
        found = [each for each in discovery.backend(cloud).problems(platform) if "pull_through" in each.path]
        assert bool(found) is (upstream not in CACHED[cloud]), upstream
        assert all("render images" in each.fix and "https://" in each.expected for each in found)


@pytest.mark.parametrize("upstream", ["registry.k8s.io", "public.ecr.aws", "mcr.microsoft.com"])
def test_a_registry_without_accounts_has_no_login(upstream: Upstream) -> None:
    with pytest.raises(ValueError, match="every image of this one is public"):
        RegistrySpec(pull_through=(upstream,), logins=(upstream,))
