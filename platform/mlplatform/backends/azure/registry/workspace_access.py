"""Roles of the workspace's own identity, and the role of endpoint callers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pulumi
from pulumi_azure_native import authorization, managedidentity, network, storage

from mlplatform.backends.azure.foundation.managed_identity import principal_of
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.roles import assign_role, make_custom_role
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.scope import Scope


def grant_workspace_rights(
    scope: Scope,
    identity: managedidentity.UserAssignedIdentity,
    account: storage.StorageAccount,
    vaults: AzureKeys,
    registry: AzureImages,
    logs: AzureTelemetry,
) -> list[pulumi.Resource]:
    """Grant the roles that a workspace with its own identity needs before it can be created.

    https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
    """
    # Azure refuses a workspace whose identity cannot use its roles yet
    assign = partial(assign_role, scope, to=principal_of(identity, "workspace"), awaited=True)
    return [
        assign("storage", "contributor", on=account.id),
        assign("storage", "blob-contributor", on=account.id),
        assign("storage", "file-contributor", on=account.id),
        assign("secrets", "contributor", on=vaults.secrets.id),
        assign("secrets", "vault-administrator", on=vaults.secrets.id),
        assign("registry", "contributor", on=registry.registry_id),
        assign("insights", "contributor", on=logs.insights_id),
        # its own network requests private endpoints to resources of the group
        assign("network", "ml-network-approver", on=resource_group(scope).group_id),
    ]


def grant_endpoint_reading(
    scope: Scope, identity: managedidentity.UserAssignedIdentity, endpoints: Mapping[str, network.PrivateEndpoint]
) -> None:
    """Let the workspace see the private endpoints of its storage; without that it shows no data behind them.

    https://learn.microsoft.com/azure/machine-learning/how-to-enable-studio-virtual-network
    """
    for group, endpoint in endpoints.items():
        assign_role(scope, f"{group}-endpoint", "reader", on=endpoint.id, to=principal_of(identity, "workspace"))


def make_caller_role(scope: Scope) -> authorization.RoleDefinition:
    """Make a role for sending requests to online endpoints, and nothing else."""
    # the built-in roles that may score may also change endpoints
    return make_custom_role(
        scope,
        "caller",
        "endpoint-caller",
        "Sends requests to online endpoints",
        actions=["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"],
    )
