"""The door's queue: a topic that anybody with the right sends to, its subscription, and what nobody could read."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi
from pulumi_gcp import pubsub, storage

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import LONG, slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name, short_hash
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipelines import PipelineSpec

_KEPT = f"{7 * 86_400}s"
_MOST_ATTEMPTS = 5
_READ_SECONDS = 280
"""How long a message that was read is hidden: longer than the program runs, shorter than to its next look."""

PUBLISHER, SUBSCRIBER = "roles/pubsub.publisher", "roles/pubsub.subscriber"


@record(kw_only=True)
class DoorQueue:
    """The queue."""

    topic: pubsub.Topic
    """Where messages are sent."""

    subscription: pubsub.Subscription
    """Where the door reads them."""

    dead_topic: pubsub.Topic
    """Where messages go that were read five times and never acknowledged, or that the door cannot act upon."""

    dead: pubsub.Subscription
    """Where people read those."""


def build_inbox(scope: Scope, keys: GcpKeys) -> DoorQueue:
    """Build the topic with its subscription, and the same for dead letters."""
    target = scope.target(GcpTarget)
    topic, dead_topic = _topic(scope, "inbox", keys), _topic(scope, "dead", keys)
    dead = pubsub.Subscription(
        scope.child("dead-letters"),
        project=target.project,
        name=physical_name(scope.spec, "door-dead", LONG),
        topic=dead_topic.id,
        message_retention_duration=_KEPT,
        expiration_policy=_never(),
        labels=scope.tags,
        opts=scope.opts(),
    )
    subscription = pubsub.Subscription(
        scope.child("messages"),
        project=target.project,
        name=physical_name(scope.spec, "door", LONG),
        topic=topic.id,
        ack_deadline_seconds=_READ_SECONDS,
        message_retention_duration=_KEPT,
        expiration_policy=_never(),
        dead_letter_policy=pubsub.SubscriptionDeadLetterPolicyArgs(
            dead_letter_topic=dead_topic.id, max_delivery_attempts=_MOST_ATTEMPTS
        ),
        labels=scope.tags,
        # a dead letter is lost if its topic has no subscription
        opts=scope.opts(depends_on=[dead]),
    )
    agent = keys.foundation.agents["pubsub"]
    # Pub/Sub itself moves dead letters, https://docs.cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions
    pubsub.TopicIAMMember(
        scope.child("dead-publisher"),
        project=target.project,
        topic=dead_topic.name,
        role=PUBLISHER,
        member=agent,
        opts=scope.opts(),
    )
    pubsub.SubscriptionIAMMember(
        scope.child("dead-subscriber"),
        project=target.project,
        subscription=subscription.name,
        role=SUBSCRIBER,
        member=agent,
        opts=scope.opts(),
    )
    return DoorQueue(topic=topic, subscription=subscription, dead_topic=dead_topic, dead=dead)


def notify_of_data(
    scope: Scope, inbox: DoorQueue, store: GcpStore, pipelines: Iterable[PipelineSpec], keys: GcpKeys
) -> None:
    """Let Cloud Storage send a message for each new object below the folders that triggers name."""
    target = scope.target(GcpTarget)
    watched: set[tuple[Place, str]] = {
        (each.place, each.path) for spec in pipelines if spec.triggers for each in spec.triggers.data
    }
    if not watched:
        return
    publisher = pubsub.TopicIAMMember(
        scope.child("store-publisher"),
        project=target.project,
        topic=inbox.topic.name,
        role=PUBLISHER,
        member=keys.foundation.agents["storage"],
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    for place, path in sorted(watched):
        storage.Notification(
            # two folders may have the same letters: a/b, a-b
            scope.child(f"data-{place}-{slug(path)}-{short_hash(path)}"),
            bucket=store.buckets[place].output_name,
            topic=inbox.topic.id,
            payload_format="JSON_API_V1",
            event_types=["OBJECT_FINALIZE"],
            object_name_prefix=f"{path}/",
            opts=scope.opts(depends_on=[publisher]),
        )


def grant_publish(scope: Scope, role: str, topic: pubsub.Topic, member: pulumi.Input[str]) -> pubsub.TopicIAMMember:
    """Let a member send messages, and neither read nor delete them."""
    return pubsub.TopicIAMMember(
        scope.child(role),
        project=scope.target(GcpTarget).project,
        topic=topic.name,
        role=PUBLISHER,
        member=member,
        opts=scope.opts(),
    )


def _topic(scope: Scope, role: str, keys: GcpKeys) -> pubsub.Topic:
    target = scope.target(GcpTarget)
    return pubsub.Topic(
        scope.child(role),
        project=target.project,
        name=physical_name(scope.spec, f"door-{role}", LONG),
        kms_key_name=keys.ids["monitoring"],
        message_storage_policy=pubsub.TopicMessageStoragePolicyArgs(allowed_persistence_regions=[target.region]),
        labels=scope.tags,
        opts=scope.opts(depends_on=(*keys.ready["monitoring"], *keys.foundation.after("pubsub"))),
    )


def _never() -> pubsub.SubscriptionExpirationPolicyArgs:
    """A subscription that nobody reads for 31 days would be deleted."""
    return pubsub.SubscriptionExpirationPolicyArgs(ttl="")
