"""The way of Vertex AI's jobs into the platform's network: a network attachment, and the right to use it.

Vertex AI asks the attachment for an address per machine, and adds its own project to those that it accepts.
https://docs.cloud.google.com/vertex-ai/docs/general/vpc-psc-i-setup (2026-11)
"""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute, projects

from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.pipelines.run import ATTACHMENT
from mlplatform.backends.gcp.registry.parts import GcpModels
from mlplatform.backends.gcp.registry.service_agents import ensure_vertex_agent
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.fast.record import record

PERMISSIONS = (
    "compute.networkAttachments.get",
    # it adds its project to those that the attachment accepts
    "compute.networkAttachments.update",
    "compute.regionOperations.get",
)
"""What Vertex AI's agent needs beyond its own role: the least that Google names in place of compute.networkAdmin,
https://docs.cloud.google.com/vertex-ai/docs/general/vpc-psc-i-setup (2026-11)"""


@record(kw_only=True)
class JobsWay:
    """The way into the network."""

    name: pulumi.Output[str]
    """Full name of the attachment."""

    ready: tuple[pulumi.Resource, ...]
    """The attachment and the right: runs come after these."""


def ensure_way(models: GcpModels) -> JobsWay:
    """The way of all pipelines, built on first use."""
    return models.share(JobsWay, lambda: _build(models))


def _build(models: GcpModels) -> JobsWay:
    """The attachment is in the subnet of the platform's applications."""
    scope, agent = models.scope, ensure_vertex_agent(models)
    target, foundation = scope.target(GcpTarget), models.keys.foundation
    network = native(scope.context.network.parts, GcpNetwork)
    attachment = compute.NetworkAttachment(
        scope.child("jobs-way"),
        project=target.project,
        region=target.region,
        name=physical_name(scope.spec, ATTACHMENT, COMPUTE),
        description="Addresses of steps of pipelines, which Vertex AI runs",
        # nobody else's machines: automatic acceptance would let any project in that knows the name
        connection_preference="ACCEPT_MANUAL",
        subnetworks=[network.apps_subnet_id],
        opts=scope.opts(
            depends_on=[*network.ready, *foundation.after("compute")], ignore_changes=("producerAcceptLists",)
        ),
    )
    role = projects.IAMCustomRole(
        scope.child("jobs-way-user"),
        project=target.project,
        # underscores are the only separator that a role's id may have
        role_id=f"{scope.spec.name}_{scope.spec.environment}_network_attacher".replace("-", "_"),
        title=f"{scope.spec.name} {scope.spec.environment}: attaches jobs to the network",
        description="Lets Vertex AI give addresses of the platform's network to the steps of pipelines",
        permissions=list(PERMISSIONS),
        stage="GA",
        opts=scope.opts(depends_on=foundation.after("iam")),
    )
    right = projects.IAMMember(
        scope.child("jobs-way-vertex"),
        project=target.project,
        role=role.name,
        member=agent.member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    return JobsWay(name=attachment.id, ready=(attachment, right))
