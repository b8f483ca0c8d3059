"""Grants on Cloud Run services."""

from __future__ import annotations

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope


def grant_invoker(
    scope: Scope, name: str, service: cloudrunv2.Service, member: pulumi.Input[str]
) -> cloudrunv2.ServiceIamMember:
    """Let a member send requests to a service."""
    return _grant(scope, name, service, "roles/run.invoker", member)


def grant_developer(
    scope: Scope, name: str, service: cloudrunv2.Service, member: pulumi.Input[str]
) -> cloudrunv2.ServiceIamMember:
    """Let a member change a service, for example move its traffic."""
    return _grant(scope, name, service, "roles/run.developer", member)


def _grant(
    scope: Scope, name: str, service: cloudrunv2.Service, role: str, member: pulumi.Input[str]
) -> cloudrunv2.ServiceIamMember:
    target = scope.target(GcpTarget)
    return cloudrunv2.ServiceIamMember(
        scope.child(name),
        project=target.project,
        location=target.region,
        name=service.name,
        role=role,
        member=member,
        opts=scope.opts(),
    )
