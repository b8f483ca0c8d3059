"""The rules of Azure, put together, with its tags and what may exist once."""

from __future__ import annotations

from mlplatform.providers.rules import azure_names, azure_names_ml, azure_names_operations
from mlplatform.providers.rules.azure_relations import CONFLICTS, WHEN
from mlplatform.providers.rules.azure_values import VALUES
from mlplatform.providers.rules.base import MapRule, Rules, UniqueRule

_TAGS = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources"
_STORAGE_TAGS = "https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create"
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


_TAG_WORDS = "keys without <>%&\\?/"
_STORAGE = "azure-native:storage:StorageAccount"
MAPS = (
    MapRule(
        properties=("tags",),
        most=50,
        key=r"[^<>%&\\?/]{1,512}",
        value=r"[\s\S]{0,256}",
        words=f"{_TAG_WORDS}, to 512 characters; values to 256",
        source=_TAGS,
        except_tokens=(_STORAGE, "azure-native:storage:BlobContainerLegalHold"),
    ),
    MapRule(
        properties=("tags",),
        most=15,
        key=r"[^<>%&\\?/]{1,128}",
        value=r"[\s\S]{0,256}",
        words=f"{_TAG_WORDS}, to 128 characters; values to 256",
        source=_STORAGE_TAGS,
        tokens=(_STORAGE,),
    ),
)


_NAMES = (*azure_names.NAMES, *azure_names_ml.NAMES, *azure_names_operations.NAMES)
RULES = Rules(names=_NAMES, values=VALUES, conflicts=CONFLICTS, when=WHEN, maps=MAPS, unique=UNIQUE)
