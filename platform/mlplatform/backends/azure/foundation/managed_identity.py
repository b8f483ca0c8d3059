"""Managed identities in the platform's resource group."""

from __future__ import annotations

from pulumi_azure_native import managedidentity

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope


def make_managed_identity(scope: Scope, role: str, label: str) -> managedidentity.UserAssignedIdentity:
    """Make a user-assigned identity, without rights.

    Args:
        scope: owner of the identity.
        role: distinguishes it in the scope.
        label: distinguishes its physical name in the platform.
    """
    return managedidentity.UserAssignedIdentity(
        scope.child(role),
        resource_name_=physical_name(scope.spec, "identity", label),
        resource_group_name=resource_group(scope).group_name,
        location=scope.target(AzureTarget).location,
        tags=scope.tags,
        opts=scope.opts(),
    )


def principal_of(identity: managedidentity.UserAssignedIdentity, label: str) -> AzurePrincipal:
    """The principal that roles are assigned to; `label` is part of the assignments' names."""
    return AzurePrincipal(id=identity.principal_id, kind="ServicePrincipal", label=label)
