"""Managed identities of workloads and CI, and the Entra groups that hold people's roles."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.parts import AzureFoundation
from mlplatform.backends.azure.foundation.people import people_with_role
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import RoleName, assign_role
from mlplatform.backends.azure.identity.federation import trust_tokens
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.naming import physical_name
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Purpose
from mlplatform.components.scope import Scope
from mlplatform.spec.access import ROLES, Role

_GROUP_ROLES: dict[Role, tuple[RoleName, ...]] = {
    "operator": ("monitoring-contributor",),
    "auditor": ("reader", "logs-reader"),
}
"""Roles of people on the resource group itself; the store and the cluster assign theirs."""


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> AzureIdentity:
    """An identity without secrets, and without roles until something grants them."""
    group = native(foundation.parts, AzureFoundation)
    for role in ROLES:
        if role == purpose:
            return _people(scope, role, group)
    parts = make_identity(scope)
    ci = scope.spec.access.ci
    if purpose == "ci" and ci:
        trust_tokens(scope, "trust", parts, name=ci.system, issuer=ci.issuer, subject=ci.subject)
    return parts


def make_identity(scope: Scope) -> AzureIdentity:
    """Create a managed identity without roles."""
    label = scope.name.removeprefix(f"{scope.context.prefix}-").removesuffix("-identity")
    name = physical_name(scope.spec, "identity", label)
    identity = make_managed_identity(scope, "identity", label)
    return AzureIdentity(
        principal=identity.principal_id,
        identity_id=identity.id,
        client_id=identity.client_id,
        name=known_output(identity, name),
        principals=(principal_of(identity, label),),
    )


def _people(scope: Scope, role: Role, group: AzureFoundation) -> AzureIdentity:
    principals = people_with_role(scope, role)
    for principal in principals:
        for right in _GROUP_ROLES.get(role, ()):
            assign_role(scope, "see", right, on=group.group_id, to=principal)
    return AzureIdentity(
        principal=principals[0].id,
        identity_id=None,
        client_id=None,
        name=pulumi.Output.from_input(role),
        principals=principals,
    )
