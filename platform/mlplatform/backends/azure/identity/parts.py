"""Parts of an identity."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi

from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.components.identity import IdentityParts


@dataclass(frozen=True, kw_only=True)
class AzureIdentity(IdentityParts):
    """A user-assigned managed identity, the Entra groups of one role of people, or an existing principal.

    `principal` is the object id (of the first group).
    """

    identity_id: pulumi.Output[str] | None
    """Resource id of the managed identity; None where the platform did not create it."""

    known_id: str | None = None
    """Resource id of an existing managed identity; None where the platform made it, or where services do not act so."""

    client_id: pulumi.Output[str] | None
    """Client id that workloads log in with; None where the platform did not create it."""

    name: pulumi.Output[str]
    """Physical name of the managed identity, known beforehand; otherwise its name in the program."""

    principals: tuple[AzurePrincipal, ...]
    """Principals that grants go to."""

    @property
    def account_name_in_pods(self) -> pulumi.Output[str]:
        """The managed identity's client id."""
        return self.principal if self.client_id is None else self.client_id

    credentials: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Federated credentials so far: Azure accepts one write per identity at a time, so each waits for the last."""
