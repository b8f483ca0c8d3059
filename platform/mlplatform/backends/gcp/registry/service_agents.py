"""Agents of services that not every platform uses: built by the first endpoint or pipeline that needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pulumi
from pulumi_gcp import projects

from mlplatform.backends.gcp.foundation.foundation import enable_service, grant_agent_role
from mlplatform.backends.gcp.foundation.parts import ServiceAgent
from mlplatform.backends.gcp.registry.vertex_service import ensure_vertex_service
from mlplatform.backends.gcp.target import GcpTarget

if TYPE_CHECKING:
    from mlplatform.backends.gcp.registry.parts import GcpModels


class VertexAgent(ServiceAgent):
    """Vertex AI's: it pulls images, starts machines, and creates tokens of the accounts that jobs act as."""


class SchedulerAgent(ServiceAgent):
    """Cloud Scheduler's: it creates tokens of the accounts that its requests act as."""


A = TypeVar("A", bound=ServiceAgent)


def ensure_vertex_agent(models: GcpModels) -> VertexAgent:
    """Vertex AI's agent, built on first use."""
    return models.share(
        VertexAgent,
        lambda: _build(
            models, VertexAgent, "aiplatform", "roles/aiplatform.serviceAgent", ensure_vertex_service(models)
        ),
    )


def ensure_scheduler_agent(models: GcpModels) -> SchedulerAgent:
    """Cloud Scheduler's agent, built on first use."""
    after = models.keys.foundation.after("cloudresourcemanager")
    return models.share(
        SchedulerAgent,
        lambda: _build(
            models,
            SchedulerAgent,
            "cloudscheduler",
            "roles/cloudscheduler.serviceAgent",
            enable_service(models.scope, "cloudscheduler", after=after),
        ),
    )


def _build(models: GcpModels, kind: type[A], service: str, role: str, enabled: pulumi.Resource) -> A:
    """A service's agent, with the role that Google does not give to one that is created on request.

    A destroy leaves the role, like the service.
    """
    scope = models.scope
    project = scope.target(GcpTarget).project
    identity = projects.ServiceIdentity(
        scope.child(f"agent-{service}"),
        project=project,
        service=f"{service}.googleapis.com",
        opts=scope.opts(depends_on=[enabled]),
    )
    right = grant_agent_role(scope, f"agent-{service}-role", role, identity.member)
    return kind(member=identity.member, ready=(enabled, right))
