"""Secrets of an endpoint: rights to read exactly those."""

from __future__ import annotations

from collections.abc import Collection

import pulumi
from pulumi_gcp import secretmanager

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def grant_secrets(
    scope: Scope, spec: EndpointSpec, identity: GcpIdentity, secrets: Collection[str]
) -> list[pulumi.Resource]:
    """Let an identity read secrets of an endpoint, once there is a model to serve."""
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
        for secret in sorted(set(secrets))
        if not spec.awaits_model
    ]


def note_secrets(scope: Scope, spec: EndpointSpec, secrets: Collection[str], path: str = "secrets") -> None:
    """Say which secrets somebody must put first."""
    for secret in sorted(set(secrets)):
        scope.note(
            f"endpoints[{spec.name}].{path}",
            f"create secret '{secret}' with a version in Secret Manager before its release",
        )
