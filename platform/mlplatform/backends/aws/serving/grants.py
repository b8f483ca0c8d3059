"""The right to send requests to endpoints, as a statement of an identity's policy."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.naming import arns_or_prefix
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope


def invoke_statement(scope: Scope, arns: Sequence[str], *, private: bool) -> IamStatement:
    """The right to send requests to the endpoints and components, if private only from the platform's network."""
    network = native(scope.context.network.parts, AwsNetwork)
    return IamStatement(
        sid="InvokePrivate" if private else "Invoke",
        actions=("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
        resources=arns,
        conditions={"StringEquals": {"aws:SourceVpc": network.network_id}} if private else {},
    )


def few_arns(scope: Scope, arns: Sequence[str]) -> list[str]:
    """The ARNs, or if they are many, the pattern of the platform's own, by kind."""
    target = scope.target(AwsTarget)
    resources: list[str] = []
    for kind in ("endpoint", "inference-component"):
        prefix = target.arn("sagemaker", f"{kind}/")
        of_kind = [arn for arn in arns if arn.startswith(prefix)]
        resources += arns_or_prefix(of_kind, f"{prefix}{platform_name(scope.spec)}-", every=True)
    return resources
