"""What all endpoints of Vertex AI share: the service with its agent, and the account that deploys to them."""

from __future__ import annotations

import pulumi
from pulumi_gcp import kms, projects, serviceaccount

from mlplatform.backends.gcp.foundation.parts import Agent
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.naming import ACCOUNT, LONG
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.service_agents import ensure_scheduler_agent, ensure_vertex_agent
from mlplatform.backends.gcp.serving.workflow_alert import alert_on_failed_workflow
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name, platform_name
from mlplatform.fast.record import record

_SERVICES = ("iam", "workflows", "workflowexecutions")
_ACTS_AS: tuple[Agent, ...] = ("workflows",)
"""Agents that create the account's tokens."""

PERMISSIONS = (
    "aiplatform.endpoints.deploy",
    "aiplatform.endpoints.get",
    "aiplatform.endpoints.undeploy",
    "aiplatform.endpoints.update",
    "aiplatform.models.get",
    "aiplatform.models.update",
    "aiplatform.models.upload",
    "aiplatform.locations.get",
    "aiplatform.operations.list",
    "cloudscheduler.jobs.get",
    "cloudscheduler.jobs.pause",
    # the name of a private endpoint
    "dns.changes.create",
    "dns.changes.get",
    "dns.resourceRecordSets.create",
    "dns.resourceRecordSets.get",
    "dns.resourceRecordSets.update",
    "monitoring.timeSeries.list",
    # itself: one execution at a time
    "workflows.executions.create",
    "workflows.executions.list",
)
"""What the workflows call, https://docs.cloud.google.com/iam/docs/roles-permissions/aiplatform

Google's role `aiplatform.user` has all of Vertex AI's, and reads everybody's data and jobs besides."""


@record(kw_only=True)
class VertexDeployer:
    """The account of the workflows that deploy models."""

    email: pulumi.Output[str]
    """Its address."""

    member: pulumi.Output[str]
    """Itself as a member of grants."""

    caller_role: pulumi.Output[str]
    """Role of who sends requests to an endpoint."""

    agent_ready: tuple[pulumi.Resource, ...]
    """Vertex AI, its agent's rights and key: endpoints come after these."""

    ready: tuple[pulumi.Resource, ...]
    """All of its rights: workflows come after these."""


def ensure_deployer(models: GcpModels) -> VertexDeployer:
    """The account that deploys to every endpoint of the platform, built on first use."""
    return models.share(VertexDeployer, lambda: _build(models))


def _build(models: GcpModels) -> VertexDeployer:
    scope, keys = models.scope, models.keys
    target, foundation = scope.target(GcpTarget), keys.foundation
    vertex = ensure_vertex_agent(models)
    key = kms.CryptoKeyIAMMember(
        scope.child("key-aiplatform"),
        crypto_key_id=keys.ids["serving"],
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=vertex.member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    scheduler = ensure_scheduler_agent(models)
    account = serviceaccount.Account(
        scope.child("deployer-account"),
        project=target.project,
        account_id=physical_name(scope.spec, "deployer", ACCOUNT),
        display_name=f"{platform_name(scope.spec, ' ')}: deployments of models",
        opts=scope.opts(depends_on=foundation.after("iam")),
    )
    role = _role(models, "deployer", "deploys models", "Deploys models to endpoints of Vertex AI", PERMISSIONS)
    caller = _role(
        models,
        "endpoint_caller",
        "calls endpoints",
        "Sends requests to endpoints of Vertex AI",
        ("aiplatform.endpoints.predict",),
    )
    rights: list[pulumi.Resource] = [
        projects.IAMMember(
            scope.child("deployer-deploys"),
            project=target.project,
            role=role.name,
            member=account.member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        projects.IAMMember(
            scope.child("deployer-logs"),
            project=target.project,
            role="roles/logging.logWriter",
            member=account.member,
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        ),
        *(
            serviceaccount.IAMMember(
                scope.child(f"deployer-as-{agent}"),
                service_account_id=account.name,
                role="roles/iam.serviceAccountTokenCreator",
                member=foundation.agents[agent],
                opts=scope.opts(effect_seconds=GRANT_SECONDS),
            )
            for agent in _ACTS_AS
        ),
    ]
    alert_on_failed_workflow(
        scope,
        "deploy-alert",
        role="deployment-taken-back",
        title="A deployment was taken back or failed",
        workflow=f'=~"^{physical_name(scope.spec, "", LONG)}-.*deploy"',
        what_to_do="The former model serves again. Name it in the record, or mend the new one and release it as "
        "another version: a version that was taken back is not tried again.",
    )
    agent_ready = (*vertex.ready, key)
    return VertexDeployer(
        email=account.email,
        member=account.member,
        caller_role=caller.name,
        agent_ready=agent_ready,
        ready=(*rights, *agent_ready, *scheduler.ready, *foundation.after(*_SERVICES)),
    )


def _role(
    models: GcpModels, id_: str, title: str, description: str, permissions: tuple[str, ...]
) -> projects.IAMCustomRole:
    scope = models.scope
    return projects.IAMCustomRole(
        scope.child(id_.replace("_", "-")),
        project=scope.target(GcpTarget).project,
        # underscores are the only separator that a role's id may have
        role_id=f"{scope.spec.name}_{scope.spec.environment}_{id_}".replace("-", "_"),
        title=f"{scope.spec.name} {scope.spec.environment}: {title}",
        description=description,
        permissions=sorted(permissions),
        stage="GA",
        opts=scope.opts(depends_on=models.keys.foundation.after("iam")),
    )
