"""Limits of tags on Azure."""

from __future__ import annotations

from mlplatform.providers.rules.base import MapRule

_TAGS = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources"
_STORAGE_TAGS = "https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create"
_TAG_WORDS = "keys without <>%&\\?/"
_STORAGE = "azure-native:storage:StorageAccount"
MAPS = (
    MapRule(
        properties=("tags",),
        most=50,
        key=r"[^<>%&\\?/]{1,512}",
        value=r"[\s\S]{0,256}",
        words=f"{_TAG_WORDS}, up to 512 characters; values up to 256",
        source=_TAGS,
        except_tokens=(_STORAGE, "azure-native:storage:BlobContainerLegalHold"),
    ),
    MapRule(
        properties=("tags",),
        most=15,
        key=r"[^<>%&\\?/]{1,128}",
        value=r"[\s\S]{0,256}",
        words=f"{_TAG_WORDS}, up to 128 characters; values up to 256",
        source=_STORAGE_TAGS,
        tokens=(_STORAGE,),
    ),
)
