"""Outputs of serving for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    import pulumi
    from pulumi_gcp import cloudrunv2, vertex


@dataclass(frozen=True, kw_only=True)
class GcpEndpoint(EndpointParts):
    """The Cloud Run service that callers use."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    service: cloudrunv2.Service
    """The service itself."""

    behind: Mapping[str, cloudrunv2.Service] = field(default_factory=dict[str, "cloudrunv2.Service"])
    """Services behind the router by variant or shadow; empty without a router."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests to the endpoint; only the router may call the services behind it."""
        from mlplatform.backends.gcp.serving.grants import grant_invoker

        caller = native(identity.parts, GcpIdentity)
        for name, member in caller.grantees():
            caller.grants.append(grant_invoker(self.scope, f"invoke-{name}", self.service, member))


@dataclass(frozen=True, kw_only=True)
class GcpVertexEndpoint(EndpointParts):
    """The endpoint of Vertex AI that callers use."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    endpoint: vertex.AiEndpoint
    """The endpoint itself."""

    caller_role: pulumi.Output[str]
    """Role of who sends requests."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests to the endpoint."""
        from mlplatform.backends.gcp.serving.vertex.grants import grant_caller

        caller = native(identity.parts, GcpIdentity)
        for name, member in caller.grantees():
            caller.grants.append(grant_caller(self.scope, f"invoke-{name}", self.endpoint, self.caller_role, member))
