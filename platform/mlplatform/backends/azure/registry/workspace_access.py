"""What the workspace's own identity may do, and the role of those who call endpoints."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import authorization, managedidentity, storage

from mlplatform.backends.azure.foundation.managed_identity import principal_of
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import guid, physical_name
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.roles import assign_role
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.context import Scope


def grant_workspace_rights(
    scope: Scope,
    identity: managedidentity.UserAssignedIdentity,
    account: storage.StorageAccount,
    vaults: AzureKeys,
    registry: AzureImages,
    logs: AzureTelemetry,
) -> list[pulumi.Resource]:
    """What a workspace with an identity of its own needs before it can be made.

    https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
    """
    me = principal_of(identity, "workspace")
    return [
        assign_role(scope, "storage", "contributor", on=account.id, to=me),
        assign_role(scope, "storage", "blob-contributor", on=account.id, to=me),
        assign_role(scope, "storage", "file-contributor", on=account.id, to=me),
        assign_role(scope, "secrets", "contributor", on=vaults.secrets.id, to=me),
        assign_role(scope, "secrets", "vault-administrator", on=vaults.secrets.id, to=me),
        assign_role(scope, "registry", "contributor", on=registry.registry_id, to=me),
        assign_role(scope, "insights", "contributor", on=logs.insights_id, to=me),
        # its own network asks for private endpoints to what the group holds
        assign_role(scope, "network", "ml-network-approver", on=resource_group(scope).group_id, to=me),
    ]


def make_caller_role(scope: Scope) -> authorization.RoleDefinition:
    """A role that sends requests to online endpoints, and nothing else."""
    # the built-in roles that may score may also change endpoints
    name = scope.child("caller")
    return authorization.RoleDefinition(
        name,
        role_definition_id=guid(scope.spec, name),
        role_name=f"{physical_name(scope.spec, 'setting', 'endpoint-caller')} {guid(scope.spec, name)[:8]}",
        role_type="CustomRole",
        description="Sends requests to online endpoints",
        scope=resource_group(scope).group_id,
        assignable_scopes=[resource_group(scope).group_id],
        permissions=[
            authorization.PermissionArgs(
                actions=["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"],
                data_actions=[],
            )
        ],
        opts=scope.opts(),
    )
