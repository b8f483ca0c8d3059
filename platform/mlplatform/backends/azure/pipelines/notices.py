"""Notices of new data: Event Grid tells the door's queue which objects came below the folders of its triggers.

Event Grid delivers by a public address alone: the topic's identity has a role on the queue, and the queue's account
lets Azure's own services through. https://learn.microsoft.com/azure/event-grid/consume-private-endpoints (2026-01)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_azure_native import eventgrid, storage

from mlplatform.backends.azure.artifact_store.parts import AzurePlace, AzureStore
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.principal import AzurePrincipal
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.pipelines.inbox import INBOX, AzureInbox
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.triggers import DataTrigger

LOST = "lost-notices"
"""Container of notices that could not be delivered."""

_WRITTEN = ("PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose")
"""What completes an object, https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage (2026-01)"""

_ATTEMPTS, _MINUTES = 30, 24 * 60


def make_notices(
    scope: Scope, store: AzureStore, inbox: AzureInbox, wanted: Iterable[tuple[str, DataTrigger]]
) -> Mapping[str, eventgrid.SystemTopic]:
    """Make a topic for each account that is watched, and a subscription for each folder.

    Args:
        scope: the door's.
        store: whose places are watched.
        inbox: where notices go.
        wanted: name of the pipeline, and trigger.

    Returns:
        The topics, by account of the store.
    """
    triggers = list(wanted)
    lost = storage.BlobContainer(
        scope.child(LOST),
        container_name=LOST,
        account_name=known_output(inbox.account, inbox.account_name),
        resource_group_name=resource_group(scope).group_name,
        public_access=storage.PublicAccess.NONE,
        opts=scope.opts(),
    )
    topics: dict[str, tuple[eventgrid.SystemTopic, tuple[pulumi.Resource, ...]]] = {}
    for pipeline, trigger in triggers:
        place = store.containers[trigger.place]
        role = _role(store, trigger.place)
        if role not in topics:
            topics[role] = _topic(scope, role, place, inbox, lost)
        topic, rights = topics[role]
        of = known_output(topic, _topic_name(scope, role))
        _subscribe(scope, f"{pipeline}-{trigger.name}", of, place, trigger, inbox, lost, rights)
    return {role: topic for role, (topic, _) in topics.items()}


def _role(store: AzureStore, place: Place) -> str:
    """One topic per account: `main`, or the account of a write-once place."""
    name = store.containers[place].account_name
    return "main" if name == store.account_name else place


def _topic_name(scope: Scope, role: str) -> str:
    return physical_name(scope.spec, "event-topic", f"notices-{role}")


def _topic(
    scope: Scope, role: str, place: AzurePlace, inbox: AzureInbox, lost: storage.BlobContainer
) -> tuple[eventgrid.SystemTopic, tuple[pulumi.Resource, ...]]:
    topic = eventgrid.SystemTopic(
        scope.child(f"notices-{role}"),
        system_topic_name=_topic_name(scope, role),
        resource_group_name=place.group_name,
        location=scope.target(AzureTarget).location,
        topic_type="Microsoft.Storage.StorageAccounts",
        source=place.account_id,
        identity=eventgrid.IdentityInfoArgs(type=eventgrid.IdentityType.SYSTEM_ASSIGNED),
        tags=scope.tags,
        opts=scope.opts(),
    )
    sender = AzurePrincipal(id=topic.identity.apply(_principal), kind="ServicePrincipal", label=f"notices-{role}")
    # a subscription is refused while the topic cannot deliver yet
    rights = (
        assign_role(scope, "inbox", "queue-sender", on=inbox.inbox_id, to=sender, awaited=True),
        assign_role(scope, "lost", "blob-contributor", on=lost.id, to=sender, awaited=True),
    )
    return topic, rights


def _subscribe(
    scope: Scope,
    name: str,
    topic_name: pulumi.Output[str],
    place: AzurePlace,
    trigger: DataTrigger,
    inbox: AzureInbox,
    lost: storage.BlobContainer,
    rights: Iterable[pulumi.Resource],
) -> None:
    own = eventgrid.EventSubscriptionIdentityArgs(type=eventgrid.EventSubscriptionIdentityType.SYSTEM_ASSIGNED)
    eventgrid.SystemTopicEventSubscription(
        scope.child(f"notices-{name}"),
        event_subscription_name=physical_name(scope.spec, "setting", name),
        system_topic_name=topic_name,
        resource_group_name=place.group_name,
        event_delivery_schema=eventgrid.EventDeliverySchema.EVENT_GRID_SCHEMA,
        filter=eventgrid.EventSubscriptionFilterArgs(
            included_event_types=["Microsoft.Storage.BlobCreated"],
            is_subject_case_sensitive=True,
            subject_begins_with=pulumi.Output.concat(
                "/blobServices/default/containers/", place.name, f"/blobs/{trigger.path}/"
            ),
            subject_ends_with=f"/{trigger.marker}" if trigger.marker else "",
            advanced_filters=[
                eventgrid.StringInAdvancedFilterArgs(operator_type="StringIn", key="data.api", values=list(_WRITTEN))
            ],
        ),
        delivery_with_resource_identity=eventgrid.DeliveryWithResourceIdentityArgs(
            identity=own,
            destination=eventgrid.StorageQueueEventSubscriptionDestinationArgs(
                endpoint_type="StorageQueue",
                resource_id=inbox.account.id,
                queue_name=INBOX,
                # the door reads every few minutes; what it could not read for a week, a person must look at
                queue_message_time_to_live_in_seconds=7 * 24 * 3600,
            ),
        ),
        dead_letter_with_resource_identity=eventgrid.DeadLetterWithResourceIdentityArgs(
            identity=own,
            dead_letter_destination=eventgrid.StorageBlobDeadLetterDestinationArgs(
                endpoint_type="StorageBlob", resource_id=inbox.account.id, blob_container_name=LOST
            ),
        ),
        retry_policy=eventgrid.RetryPolicyArgs(max_delivery_attempts=_ATTEMPTS, event_time_to_live_in_minutes=_MINUTES),
        opts=scope.opts(depends_on=[*rights, *inbox.ready, lost]),
    )


def _principal(identity: eventgrid.outputs.IdentityInfoResponse | None) -> str:
    return identity.principal_id or "" if identity else ""
