"""Parts of endpoints, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.serving.grants import few_arns, invoke_statement
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope


@dataclass(frozen=True, kw_only=True)
class AwsEndpoint(EndpointParts):
    """A SageMaker endpoint."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    arns: tuple[str, ...]
    """ARNs in the rights of callers, known before deployment: the endpoint's, and its component's if it has one."""

    private: bool
    """True if callers must come through the platform's network."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests; if the endpoint is private, only from the platform's network."""
        statement = invoke_statement(self.scope, self.arns, private=self.private)
        native(identity.parts, AwsIdentity).allow(self.scope, "invoke", [statement])

    def grant_invoke_all(self, scope: Scope, identity: Identity, every: Sequence[EndpointParts]) -> None:
        """Let an identity send requests to every endpoint by one policy, for a role's may have 10,240 characters."""
        endpoints = [native(parts, AwsEndpoint) for parts in every]
        statements = [
            invoke_statement(scope, few_arns(scope, arns), private=private)
            for private in (True, False)
            if (arns := [arn for endpoint in endpoints if endpoint.private is private for arn in endpoint.arns])
        ]
        native(identity.parts, AwsIdentity).allow(scope, "invoke", statements)
