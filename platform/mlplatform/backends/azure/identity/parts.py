"""What identities hands to the other rooms."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi

from mlplatform.backends.azure.principal import AzurePrincipal
from mlplatform.components.identity import IdentityParts


@dataclass(frozen=True, kw_only=True)
class AzureIdentity(IdentityParts):
    """A user-assigned managed identity, the Entra groups that hold one of people's roles, or who was there before.

    `principal` is the object id (of the first group).
    """

    identity_id: pulumi.Output[str] | None
    """Resource id of the managed identity, where made here."""

    client_id: pulumi.Output[str] | None
    """Client id that workloads log in with, where made here."""

    name: pulumi.Output[str]
    """Physical name of the managed identity, known beforehand; else the name in the program."""

    principals: tuple[AzurePrincipal, ...]
    """Everyone a grant is made to."""

    credentials: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Federated credentials so far: Azure takes one write per identity at a time, each waits for the last."""
