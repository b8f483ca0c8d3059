"""Who may send requests to an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import together
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.policy import Statement
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity


@dataclass(frozen=True, kw_only=True)
class AwsEndpoint(EndpointParts):
    """A SageMaker endpoint."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    arns: tuple[str, ...]
    """What callers name, known beforehand: the endpoint, and its component where it has one."""

    private: bool
    """Whether callers must come through the platform's network."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests, from the platform's network where the endpoint is private."""
        native(identity.parts, AwsIdentity).allow(self.scope, "invoke", [_invoke(self.scope, self.private, self.arns)])

    def grant_invoke_all(self, scope: Scope, identity: Identity, every: Sequence[EndpointParts]) -> None:
        """Let an identity send requests to every endpoint: one policy, for a role's may hold 10,240 characters."""
        parts = [native(one, AwsEndpoint) for one in every]
        statements = [
            _invoke(scope, private, _together(scope, some))
            for private in (True, False)
            if (some := [one for one in parts if one.private is private])
        ]
        native(identity.parts, AwsIdentity).allow(scope, "invoke", statements)


def _invoke(scope: Scope, private: bool, arns: Sequence[str]) -> Statement:
    network = native(scope.context.network.parts, AwsNetwork)
    return Statement(
        sid="InvokePrivate" if private else "Invoke",
        actions=("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
        resources=arns,
        conditions={"StringEquals": {"aws:SourceVpc": network.network_id}} if private else {},
    )


def _together(scope: Scope, some: Sequence[AwsEndpoint]) -> list[str]:
    target, found = scope.target(AwsTarget), list[str]()
    for kind in ("endpoint", "inference-component"):
        first = target.arn("sagemaker", f"{kind}/")
        arns = [arn for one in some for arn in one.arns if arn.startswith(first)]
        found += together(arns, f"{first}{scope.spec.name}-{scope.spec.environment}-")
    return found
