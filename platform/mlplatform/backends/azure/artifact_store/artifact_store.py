"""The artifact store: a container per place; each write-once place has its own storage account."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.artifact_store import replication
from mlplatform.backends.azure.artifact_store.account import StoreAccount, make_store_account
from mlplatform.backends.azure.artifact_store.parts import AzureContainer, AzurePlace, AzureStore
from mlplatform.backends.azure.existing import AzureExistingStore
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output, resource_group_of, resource_name
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import diagnostics
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, Place, ResolvedPlace


def build(scope: Scope, spec: ArtifactStoreSpec, keys: Keys, telemetry: Telemetry) -> AzureStore:
    """Accounts, containers, lifecycle, access logs, private endpoints, and the copy in a second region."""
    vaults, logs = native(keys.parts, AzureKeys), native(telemetry.parts, AzureTelemetry)
    net = native(scope.context.network.parts, AzureNetwork)
    location = scope.target(AzureTarget).location
    existing = _existing(scope)
    new_places = tuple(place for place in spec.places() if place.place not in existing)
    plain = tuple(place for place in new_places if place.worm is None)
    versioned = spec.replicated or any(place.versioned for place in plain)
    feed = spec.replicated
    main = make_store_account(scope, "main", location, plain, vaults, versioned=versioned, feed=feed)
    accounts = [main]
    for place in new_places:
        if place.worm:
            # the default retention of an account holds for all of it
            accounts.append(
                make_store_account(scope, place.place, location, (place,), vaults, versioned=True, feed=feed)
            )
            scope.note(
                f"artifact_store.{place.place}.worm",
                "the retention policy is not locked: Azure can lock it only after its creation",
            )
    containers: dict[Place, AzurePlace] = dict(existing)
    ready: list[pulumi.Resource] = []
    for account in accounts:
        for place in account.places:
            containers[place.place] = _container(scope, account, place)
        if spec.access_logs:
            diagnostics.record_blob_access(
                scope, account.role, of=account.resource.id, to=logs.workspace_id, after=account.services
            )
        ready += endpoints_private.connect_privately(
            scope, f"store-{account.role}", within=net, target=account.resource.id, group="blob"
        )
        ready.append(account.services)
    # notebooks and code snapshots of the machine learning workspace are file shares of the main account
    ready += endpoints_private.connect_privately(
        scope, "store-main", within=net, target=main.resource.id, group="file", depends_on=ready[:1]
    )
    if any(not place.versioned for place in plain) and versioned:
        for place in plain:
            if not place.versioned:
                scope.note(
                    f"artifact_store.{place.place}.versioned",
                    "an Azure account keeps versions for all containers: in this one they are deleted within two days",
                )
    if spec.replicated:
        for account in (account for account in accounts if account.places):
            ready += replication.replicate_account(
                scope, account, vaults, net, logs.workspace_id if spec.access_logs else None
            )
        scope.note(
            "artifact_store.replicated",
            "block blobs are copied within minutes, append blobs are not; copies of write-once places can be deleted",
        )
    return AzureStore(
        scope=scope,
        addresses={
            place: {"account": container.account_name, "container": container.name}
            for place, container in containers.items()
        },
        uris={place: _uri(containers[place], main.resource if place not in existing else None) for place in PLACES},
        account_id=main.resource.id,
        account_name=main.name,
        containers=containers,
        ready=tuple(ready),
    )


def _existing(scope: Scope) -> dict[Place, AzurePlace]:
    """The existing places."""
    existing = scope.context.existing.store
    if existing is None:
        return {}
    places: dict[Place, AzurePlace] = {}
    for place, container in native(existing, AzureExistingStore).containers.items():
        account_id = pulumi.Output.from_input(container.account_id)
        name = account_id.apply(resource_name)
        places[place] = AzurePlace(
            account_id=account_id,
            account_name=name,
            group_name=account_id.apply(resource_group_of),
            name=container.name,
            id=pulumi.Output.concat(account_id, "/blobServices/default/containers/", container.name),
            url=pulumi.Output.concat("https://", name, ".blob.core.windows.net/", container.name),
        )
    return places


def _uri(place: AzurePlace, after: pulumi.Resource | None) -> pulumi.Output[str]:
    if after is not None and isinstance(place, AzureContainer):
        return known_output(after, f"wasbs://{place.name}@{place.account_name}.blob.core.windows.net/")
    return pulumi.Output.concat("wasbs://", place.name, "@", place.account_name, ".blob.core.windows.net/")


def _container(scope: Scope, account: StoreAccount, place: ResolvedPlace) -> AzureContainer:
    protect = scope.defaults.protected and not place.disposable
    container = storage.BlobContainer(
        scope.child(place.place if account.role == "main" else f"{place.place}-objects"),
        container_name=place.place,
        account_name=known_output(account.resource, account.name),
        resource_group_name=resource_group(scope).group_name,
        public_access=storage.PublicAccess.NONE,
        opts=scope.opts(depends_on=[account.services], protect=protect),
    )
    if place.legal_hold:
        storage.BlobContainerLegalHold(
            scope.child(f"{place.place}-hold"),
            account_name=known_output(account.resource, account.name),
            container_name=known_output(container, place.place),
            resource_group_name=resource_group(scope).group_name,
            tags=["legalhold"],
            allow_protected_append_writes_all=True,
            opts=scope.opts(protect=protect),
        )
    return AzureContainer(
        account_id=account.resource.id,
        account_name=account.name,
        group_name=resource_group(scope).group_name,
        name=place.place,
        id=container.id,
        url=known_output(container, f"https://{account.name}.blob.core.windows.net/{place.place}"),
    )
