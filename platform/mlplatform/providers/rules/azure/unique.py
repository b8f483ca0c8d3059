"""Azure resources of which only one may exist."""

from __future__ import annotations

from mlplatform.providers.rules.base import UniqueRule

UNIQUE = (
    UniqueRule(
        "azure-native:authorization:RoleAssignment",
        ("scope", "principalId", "roleDefinitionId"),
        "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (RoleAssignmentExists)",
        "one assignment of a role to a principal at a scope",
    ),
    UniqueRule(
        "azure-native:storage:ManagementPolicy",
        ("resourceGroupName", "accountName"),
        "https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview",
        "one policy per account",
    ),
    UniqueRule(
        "azure-native:storage:BlobServiceProperties",
        ("resourceGroupName", "accountName"),
        "https://learn.microsoft.com/rest/api/storagerp/blob-services",
        "one per account",
    ),
)
