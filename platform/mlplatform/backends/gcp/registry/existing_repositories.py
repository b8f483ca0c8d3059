"""Existing repositories of Artifact Registry: addresses, Cloud Run's rights, and what their owner must provide."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from mlplatform.backends.gcp.existing import GcpExistingRegistry
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.registry.grants import READER, grant_existing
from mlplatform.backends.gcp.repositories import address_of
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.preflight import Requirement
from mlplatform.components.scope import Scope


def existing_repositories(scope: Scope) -> Mapping[str, pulumi.Input[str]]:
    """Path of each existing repository, by its name in the platform."""
    existing = scope.context.existing.registry
    return native(existing, GcpExistingRegistry).repositories if existing else {}


def existing_address(path: pulumi.Input[str]) -> pulumi.Output[str]:
    """Address for `docker push` of an existing repository."""
    return pulumi.Output.from_input(path).apply(address_of)


def let_cloud_run_pull(scope: Scope, repositories: Mapping[str, pulumi.Input[str]], keys: GcpKeys) -> None:
    """Let Cloud Run's agent pull from repositories of other projects; in its own project it may already.

    https://docs.cloud.google.com/run/docs/deploying#other-projects
    """
    let_agent_pull(scope, "run", repositories, keys.foundation.agents["run"])


def let_agent_pull(
    scope: Scope, agent: str, repositories: Mapping[str, pulumi.Input[str]], member: pulumi.Input[str]
) -> list[pulumi.Resource]:
    """Let a service's agent pull from repositories of other projects; in its own project its role lets it already.

    Args:
        scope: the grantor; the grants become its children.
        agent: the agent in the names of the grants.
        repositories: path by name in the platform.
        member: the agent.
    """
    return [
        grant_existing(scope, f"{agent}-{name}-pull", path, READER, member)
        for name, path in _elsewhere(scope, repositories).items()
    ]


def repository_requirements(scope: Scope, repositories: Mapping[str, pulumi.Input[str]]) -> tuple[Requirement, ...]:
    """What the owners of other projects' repositories must provide: the platform grants on them."""
    return tuple(_requirement(name, path) for name, path in _elsewhere(scope, repositories).items())


def _elsewhere(scope: Scope, repositories: Mapping[str, pulumi.Input[str]]) -> dict[str, str]:
    """Repositories of other projects; a path that is not known yet is of a resource of the same program."""
    project = scope.target(GcpTarget).project
    return {
        name: path for name, path in repositories.items() if isinstance(path, str) and path.split("/")[1] != project
    }


def _requirement(name: str, path: str) -> Requirement:
    _, project, _, location, _, repository = path.split("/")
    return Requirement(
        f"the right of whoever runs `up` to grant on the repository '{name}' ({path}): "
        "artifactregistry.repositories.setIamPolicy, in roles/artifactregistry.admin on it",
        f"gcloud artifacts repositories get-iam-policy {repository} --project {project} --location {location}",
    )
