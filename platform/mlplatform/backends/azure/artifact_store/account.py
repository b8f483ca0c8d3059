"""The storage accounts that hold the store's places."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_azure_native import storage

from mlplatform.backends.azure.artifact_store.lifecycle import add_lifecycle
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.storage.storage_account import keep_deleted_blobs, make_storage_account
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import ResolvedPlace


@record(kw_only=True)
class StoreAccount:
    """A storage account of the store."""

    role: str
    """Distinguishes it in the store."""

    name: str
    """Physical name."""

    resource: storage.StorageAccount
    """The account."""

    services: storage.BlobServiceProperties
    """Its blob service."""

    places: tuple[ResolvedPlace, ...]
    """The places in it."""


def make_store_account(
    scope: Scope,
    role: str,
    location: str,
    places: Sequence[ResolvedPlace],
    keys: AzureKeys,
    *,
    versioned: bool,
    feed: bool,
) -> StoreAccount:
    """Make one account of the store, with its blob service and lifecycle.

    Args:
        scope: the store.
        role: distinguishes it in the store.
        location: region.
        places: the places in it.
        keys: the platform's keys.
        versioned: whether it keeps versions, for all of its places.
        feed: whether it records every change, for replication.
    """
    protected = scope.defaults.protected
    name = physical_name(scope.spec, "storage-account", role)
    account = make_storage_account(
        scope,
        role,
        name=name,
        location=location,
        key=keys.keys["store"],
        vault=keys.vault,
        worm=next((place.worm for place in places if place.worm), None),
        protect=protected,
    )
    services = keep_deleted_blobs(scope, role, account, name, versioned=versioned, feed=feed)
    add_lifecycle(scope, role, known_output(account, name), places, versioned)
    return StoreAccount(role=role, name=name, resource=account, services=services, places=tuple(places))
