"""Principals that roles are assigned to, and the audience of federated tokens. Imports no SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mlplatform.fast.record import record

if TYPE_CHECKING:
    import pulumi

TOKEN_AUDIENCE = "api://AzureADTokenExchange"
"""Audience of a federated token,
https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations"""


@record(kw_only=True)
class AzurePrincipal:
    """A principal that roles are assigned to."""

    id: pulumi.Output[str]
    """Entra object id."""

    kind: Literal["ServicePrincipal", "Group"]
    """Managed identities are service principals; Azure finds a fresh one only when the kind is given."""

    label: str
    """Part of logical names and of the assignment's GUID."""
