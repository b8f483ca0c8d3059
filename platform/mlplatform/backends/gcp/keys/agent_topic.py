"""Topics to which one of Google's agents publishes, encrypted with the key of monitoring."""

from __future__ import annotations

import pulumi
from pulumi_gcp import pubsub

from mlplatform.backends.gcp.foundation.parts import Agent
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def make_agent_topic(
    scope: Scope, keys: GcpKeys, child: str, *, publisher: str, role: str, agent: Agent
) -> tuple[pubsub.Topic, pulumi.Resource]:
    """The topic, and the agent's right to publish to it: what lets the agent publish comes after both.

    Args:
        scope: the owner.
        keys: the keys.
        child: last part of the topic's logical name.
        publisher: last part of the logical name of the right.
        role: last part of the topic's physical name.
        agent: who publishes.
    """
    target = scope.target(GcpTarget)
    topic = pubsub.Topic(
        scope.child(child),
        project=target.project,
        name=physical_name(scope.spec, role, LONG),
        kms_key_name=keys.ids["monitoring"],
        message_storage_policy=pubsub.TopicMessageStoragePolicyArgs(allowed_persistence_regions=[target.region]),
        labels=scope.tags,
        opts=scope.opts(depends_on=(*keys.ready["monitoring"], *keys.foundation.after("pubsub"))),
    )
    right = pubsub.TopicIAMMember(
        scope.child(publisher),
        project=target.project,
        topic=topic.name,
        role="roles/pubsub.publisher",
        member=keys.foundation.agents[agent],
        opts=scope.opts(),
    )
    return topic, right
