"""Rights of an endpoint's role that SageMaker needs besides models and images of the platform,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (execution role of CreateModel)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.registry.container_rights import container_statements
from mlplatform.backends.aws.serving.servers import secret_arn, vendor_repository
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def grant_serving_role(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, log_groups: Sequence[str]) -> None:
    """Let the replicas join the network, write their logs, start AWS's containers and read their secrets."""
    target = scope.target(AwsTarget)
    statements = [
        *container_statements(scope, log_groups),
        *_images(spec, target),
        *_key(scope),
        *secret_statements(spec.secrets.values(), target),
    ]
    native(needs.identity.parts, AwsIdentity).allow(scope, "serve", statements)


def _images(spec: EndpointSpec, target: AwsTarget) -> list[IamStatement]:
    """AWS's containers are in an account of AWS that trusts everybody; the role still needs the right to pull."""
    repository = vendor_repository(spec, target)
    return [IamStatement(sid="AwsImages", actions=_PULL, resources=repository)] if repository else []


def _key(scope: Scope) -> tuple[IamStatement, IamStatement]:
    key = scope.context.keys.ids["serving"]
    return (
        IamStatement(
            sid="Key", actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"), resources=key
        ),
        IamStatement(
            sid="VolumeGrants",
            actions=("kms:CreateGrant",),
            resources=key,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def secret_statements(secrets: Collection[str], target: AwsTarget) -> list[IamStatement]:
    """Reading secrets, each by its name; nothing without any."""
    if not secrets:
        return []
    # Secrets Manager adds six characters to every name
    arns = [f"{secret_arn(target, name)}-??????" for name in sorted(set(secrets))]
    return [IamStatement(sid="Secrets", actions=("secretsmanager:GetSecretValue",), resources=arns)]
