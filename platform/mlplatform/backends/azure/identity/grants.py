"""Roles that an identity gets from other components."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from mlplatform.backends.azure.foundation.roles import RoleName, assign_custom_role, assign_role
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope


def grant_role(
    scope: Scope, what: str, role: RoleName, *, on: pulumi.Input[str], to: Identity, condition: str | None = None
) -> None:
    """Assign a role to every principal of an identity; what acts as the identity comes after it.

    Args:
        scope: the grantor; the assignments become its children.
        what: what is granted, unique for this grantor and role.
        role: the role.
        on: resource id the role holds for.
        to: the identity.
        condition: what the role holds for, in Azure's language of conditions. Omitted: everything there.
    """
    parts = native(to.parts, AzureIdentity)
    parts.grants.extend(
        assign_role(scope, what, role, on=on, to=principal, awaited=True, condition=condition)
        for principal in parts.principals
    )


def grant_custom_role(
    scope: Scope,
    what: str,
    role_id: pulumi.Input[str],
    *,
    on: pulumi.Input[str],
    to: Identity,
    condition: str | None = None,
    seed: Sequence[str] = (),
) -> None:
    """Assign a role of the platform's own to every principal of an identity; what acts as the identity comes after it.

    Args:
        scope: the grantor; the assignments become its children.
        what: the role, unique for this grantor.
        role_id: id of the role's definition.
        on: resource id the role holds for.
        to: the identity.
        condition: what the role holds for, in Azure's language of conditions. Omitted: everything there.
        seed: as in `assign_custom_role`.
    """
    parts = native(to.parts, AzureIdentity)
    parts.grants.extend(
        assign_custom_role(scope, what, role_id, on=on, to=principal, condition=condition, seed=seed)
        for principal in parts.principals
    )
