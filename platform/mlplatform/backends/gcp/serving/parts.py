"""What serving hands to the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.gcp.identity.parts import GcpIdentity, labelled_members
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity

if TYPE_CHECKING:
    from pulumi_gcp import cloudrunv2


@dataclass(frozen=True, kw_only=True)
class GcpRollouts:
    """The workflow that moves traffic to new revisions and takes it back."""

    member: pulumi.Output[str]
    """Who it acts as, as grants name it."""

    ready: tuple[pulumi.Resource, ...]
    """Its rights, the workflow and its trigger: services come after these."""


@dataclass(frozen=True, kw_only=True)
class GcpEndpoint(EndpointParts):
    """The Cloud Run service that callers use."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    service: cloudrunv2.Service
    """That service."""

    behind: Mapping[str, cloudrunv2.Service] = field(default_factory=dict[str, "cloudrunv2.Service"])
    """Services behind the router by variant or shadow; empty where there is no router."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests to the endpoint; the services behind it stay the router's."""
        from mlplatform.backends.gcp.serving.variants import invoker

        for name, who in labelled_members(identity):
            native(identity.parts, GcpIdentity).grants.append(invoker(self.scope, f"invoke-{name}", self.service, who))
