"""Secrets of an endpoint: rights to read exactly those."""

from __future__ import annotations

import pulumi
from pulumi_gcp import secretmanager

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def grant_secrets(scope: Scope, spec: EndpointSpec, identity: GcpIdentity) -> list[pulumi.Resource]:
    """Let the replicas read their secrets, once there is a model to serve."""
    return [
        secretmanager.SecretIamMember(
            scope.child(f"secret-{secret}"),
            project=scope.target(GcpTarget).project,
            secret_id=secret,
            role="roles/secretmanager.secretAccessor",
            member=identity.principal,
            opts=scope.opts(),
        )
        # a right to a secret that nobody has put yet is refused, and a waiting container reads none
        for secret in sorted(set(spec.secrets.values()))
        if not spec.awaits_model
    ]


def note_secrets(scope: Scope, spec: EndpointSpec) -> None:
    """Say which secrets somebody must put first."""
    for secret in sorted(set(spec.secrets.values())):
        scope.note(
            f"endpoints[{spec.name}].secrets",
            f"create secret '{secret}' with a version in Secret Manager before its release",
        )
