"""The door's queues: what asks for runs, and what nobody could read."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network import endpoints_private
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.pipelines.send import QUEUE
from mlplatform.backends.azure.storage.storage_account import keep_deleted_blobs, make_storage_account
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry.diagnostics import record_blob_access
from mlplatform.backends.azure.telemetry.parts import AzureTelemetry
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

INBOX, DEAD = QUEUE, f"{QUEUE}-dead"
"""Names of the queues."""


@record(kw_only=True)
class AzureInbox:
    """The queues, in a storage account of their own."""

    account: storage.StorageAccount
    """The account."""

    account_name: str
    """Its physical name."""

    inbox_id: pulumi.Output[str]
    """Resource id of the queue of messages."""

    dead_id: pulumi.Output[str]
    """Resource id of the queue of messages that could not be read."""

    url: pulumi.Output[str]
    """Address of the account's queues."""

    ready: tuple[pulumi.Resource, ...]
    """Prerequisites of the queues' readers."""


def make_inbox(scope: Scope, *, events: bool) -> AzureInbox:
    """Make the account, its private address and its queues.

    Args:
        scope: the door's.
        events: whether Event Grid writes to it. It has no way into a private network: the account then has a public
            address that admits Azure's own services by their identity, and nothing else.
    """
    vaults = native(scope.context.keys.parts, AzureKeys)
    name = physical_name(scope.spec, "storage-account", "door")
    account = make_storage_account(
        scope,
        "inbox",
        name=name,
        location=scope.target(AzureTarget).location,
        key=vaults.keys["store"],
        vault=vaults.vault,
        trusted_services_write=events,
        queues=True,
        protect=scope.defaults.protected,
    )
    # notices that Event Grid cannot deliver are blobs here
    services = keep_deleted_blobs(scope, "inbox", account, name, versioned=True)
    if scope.spec.artifact_store.access_logs:
        workspace = native(scope.context.telemetry.parts, AzureTelemetry).workspace_id
        record_blob_access(scope, "inbox", of=account.id, to=workspace, after=services)
    private = endpoints_private.connect_privately(
        scope,
        "door",
        within=native(scope.context.network.parts, AzureNetwork),
        target=account.id,
        group="queue",
    )
    inbox, dead = (
        storage.Queue(
            scope.child(role),
            account_name=known_output(account, name),
            resource_group_name=resource_group(scope).group_name,
            queue_name=queue,
            opts=scope.opts(),
        )
        for role, queue in (("messages", INBOX), ("dead-messages", DEAD))
    )
    return AzureInbox(
        account=account,
        account_name=name,
        inbox_id=inbox.id,
        dead_id=dead.id,
        url=known_output(account, f"https://{name}.queue.core.windows.net"),
        ready=(inbox, dead, *private),
    )
