"""Parts of endpoints. Imports no SDK when it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointParts
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope


@dataclass(frozen=True, kw_only=True)
class AzureEndpoint(EndpointParts):
    """A managed online endpoint."""

    scope: Scope
    """The endpoint's own scope: grants become its children."""

    endpoint_id: pulumi.Output[str]
    """Resource id."""

    caller_role_id: pulumi.Output[str]
    """Role definition of callers."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests, with an Entra token for `https://ml.azure.com`."""
        from mlplatform.backends.azure.identity.grants import grant_custom_role

        grant_custom_role(self.scope, "invoke", self.caller_role_id, on=self.endpoint_id, to=identity, seed=("caller",))


@dataclass(frozen=True, kw_only=True)
class AzureSleepingEndpoint(EndpointParts):
    """A Container App."""

    callers: list[AzurePrincipal] = field(default_factory=list[AzurePrincipal])
    """Principals that may send requests; read at the end of the program."""

    def grant_invoke(self, identity: Identity) -> None:
        """Let an identity send requests, with an Entra token for the callers' application."""
        self.callers.extend(native(identity.parts, AzureIdentity).principals)
