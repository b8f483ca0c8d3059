"""Enabled services, their agents, and the project's audit log where the target asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import logging, projects, storage

from mlplatform.backends.gcp.foundation.parts import Agent, GcpFoundation
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS, SERVICE_SECONDS
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope

FIRST = "cloudresourcemanager"
"""The service through which the provider reads the project and its rights, also those of other services."""

SERVICES = (
    "artifactregistry",
    "billingbudgets",
    "binaryauthorization",
    "cloudkms",
    "compute",
    "container",
    "dns",
    "eventarc",
    "iam",
    "iamcredentials",
    "iap",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "storage",
    "storagetransfer",
    "sts",
    "workflowexecutions",
    "workflows",
)
"""Services that the platform uses. Enabling costs nothing; `containerscanning`, which does, is the registry's."""

_AGENT_SERVICES: dict[Agent, str] = {
    "artifact-registry": "artifactregistry",
    "container": "container",
    "eventarc": "eventarc",
    "iap": "iap",
    "notification": "monitoring",
    "pubsub": "pubsub",
    "run": "run",
    "secret-manager": "secretmanager",
    "workflows": "workflows",
}
"""Service of each agent that Google creates only on request, https://docs.cloud.google.com/iam/docs/create-service-agents"""


_ROLES: dict[Agent, str] = {
    "artifact-registry": "roles/artifactregistry.serviceAgent",
    "eventarc": "roles/eventarc.serviceAgent",
    "notification": "roles/monitoring.notificationServiceAgent",
}
"""Roles that Google grants to an agent that it creates by itself, but not to one created on request:
https://docs.cloud.google.com/iam/docs/create-service-agents#grant-roles

GKE's and Cloud Run's agents come with their service and its rights; Workflows' and Pub/Sub's get theirs on the
account that they act as."""


def build(scope: Scope) -> GcpFoundation:
    """Enable the services and create their agents. Every new project has serviceusage, which enabling needs."""
    target = scope.target(GcpTarget)
    first = enable_service(scope, FIRST)
    services = {FIRST: first, **{name: enable_service(scope, name, after=(first,)) for name in SERVICES}}
    agents: dict[Agent, pulumi.Output[str]] = {
        agent: projects.ServiceIdentity(
            scope.child(f"agent-{agent}"),
            project=target.project,
            service=f"{name}.googleapis.com",
            opts=scope.opts(depends_on=[services[name]]),
        ).member
        for agent, name in _AGENT_SERVICES.items()
    }
    # Compute Engine's agent comes with the service and cannot be requested.
    compute = f"serviceAccount:service-{target.project_number}@compute-system.iam.gserviceaccount.com"
    agents["compute"] = services["compute"].urn.apply(lambda _: compute)
    # Cloud Storage and Logging create their accounts when asked for them; no resource does.
    agents["storage"] = storage.get_project_service_account_output(
        project=target.project,
        opts=pulumi.InvokeOutputOptions(parent=scope.component, depends_on=[services["storage"]]),
    ).member
    agents["logging"] = _logging_agent(scope, target.project, services["logging"])
    rights = {
        _AGENT_SERVICES[agent]: grant_agent_role(scope, f"agent-{agent}-role", role, agents[agent])
        for agent, role in _ROLES.items()
    }
    if target.audit_logs:
        _audit(scope, target, first)
    return GcpFoundation(ready=tuple(services.values()), services=services, agents=agents, rights=rights)


def enable_service(scope: Scope, name: str, after: Sequence[pulumi.Resource] = ()) -> projects.Service:
    """Enable a service. A destroy leaves it enabled: others in the project may use it."""
    return projects.Service(
        scope.child(f"api-{name}"),
        project=scope.target(GcpTarget).project,
        service=f"{name}.googleapis.com",
        disable_on_destroy=False,
        opts=scope.opts(depends_on=after, effect_seconds=SERVICE_SECONDS),
    )


def _logging_agent(scope: Scope, project: str, service: pulumi.Resource) -> pulumi.Output[str]:
    """Member through which Cloud Logging uses a key; only the API knows it, older projects have other accounts.

    https://docs.cloud.google.com/logging/docs/routing/managed-encryption-storage
    """
    settings = logging.get_project_cmek_settings_output(
        project=project, opts=pulumi.InvokeOutputOptions(parent=scope.component, depends_on=[service])
    )
    return settings.apply(lambda cmek: f"serviceAccount:{cmek.service_account_id}")


def grant_agent_role(scope: Scope, name: str, role: str, member: pulumi.Output[str]) -> projects.IAMMember:
    """Give a service's agent its own role, which Google does not give to one that is made on request.

    A destroy leaves it, like the service.

    Args:
        scope: the owner.
        name: last part of the logical name.
        role: the role that Google documents for the agent.
        member: the agent.
    """
    return projects.IAMMember(
        scope.child(name),
        project=scope.target(GcpTarget).project,
        role=role,
        member=member,
        opts=scope.opts(retain_on_delete=True, effect_seconds=GRANT_SECONDS),
    )


def _audit(scope: Scope, target: GcpTarget, after: pulumi.Resource) -> None:
    projects.IAMAuditConfig(
        scope.child("audit"),
        project=target.project,
        service="allServices",
        audit_log_configs=[
            projects.IAMAuditConfigAuditLogConfigArgs(log_type=kind)
            for kind in ("ADMIN_READ", "DATA_READ", "DATA_WRITE")
        ],
        opts=scope.opts(depends_on=[after]),
    )
