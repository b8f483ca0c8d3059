"""Secrets of an endpoint on the cluster: the rights of its pods."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.serving.role import secret_statements
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, identity: Identity, secrets: Sequence[str], path: str) -> None:
    """Each secret by its name, and the platform's key where the secret has it."""
    target = scope.target(AwsTarget)
    key = IamStatement(
        sid="SecretsKey",
        actions=("kms:Decrypt",),
        resources=scope.context.keys.ids["serving"],
        conditions={"StringEquals": {"kms:ViaService": f"secretsmanager.{target.region}.{target.dns_suffix}"}},
    )
    native(identity.parts, AwsIdentity).allow(scope, "secrets", [*secret_statements(secrets, target), key])
    scope.note(
        f"endpoints[{spec.name}].{path}", f"put {', '.join(secrets)} into Secrets Manager before the first release"
    )
