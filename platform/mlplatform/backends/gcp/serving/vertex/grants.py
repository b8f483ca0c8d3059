"""Grants on endpoints of Vertex AI."""

from __future__ import annotations

import pulumi
from pulumi_gcp import vertex

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope


def grant_caller(
    scope: Scope, name: str, endpoint: vertex.AiEndpoint, role: pulumi.Input[str], member: pulumi.Input[str]
) -> vertex.AiEndpointIamMember:
    """Let a member send requests to an endpoint of Vertex AI."""
    target = scope.target(GcpTarget)
    return vertex.AiEndpointIamMember(
        scope.child(name),
        project=target.project,
        location=target.region,
        endpoint=endpoint.name,
        role=role,
        member=member,
        opts=scope.opts(),
    )
