"""The queue that asks for runs, its dead letters, and who may put messages into it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import sqs

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, to_json
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import QUEUE
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record

_RETENTION_SECONDS = 14 * 24 * 3600
"""The longest: what waits is asked for, whatever holds the door up."""

_VISIBILITY_SECONDS = 600
"""Two ticks: a message that a tick took and did not finish comes back to a later one."""

_TRIES = 5
"""Ticks that may fail with a message before it is a dead letter."""


@record(kw_only=True)
class AwsInbox:
    """The queues."""

    queue: sqs.Queue
    """What asks for runs."""

    letters: sqs.Queue
    """What no tick could read, and starts of the door that failed."""

    key: pulumi.Output[str]
    """Key of both."""

    ready: tuple[pulumi.Resource, ...]
    """The policies: whoever sends comes after them."""

    def grant_send(self, scope: Scope, identity: AwsIdentity) -> None:
        """Let an identity ask for runs."""
        identity.allow(scope, "send", [*self._send(self.queue)])

    def grant_take(self, scope: Scope, identity: AwsIdentity) -> None:
        """Let the door take messages, and put those away that it cannot read."""
        take = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
        statements = (
            IamStatement(sid="Take", actions=take, resources=self.queue.arn),
            *self._send(self.letters),
        )
        identity.allow(scope, "take", statements)

    def _send(self, queue: sqs.Queue) -> tuple[IamStatement, IamStatement]:
        return (
            IamStatement(sid="Send", actions=("sqs:SendMessage",), resources=queue.arn),
            IamStatement(sid="QueueKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=self.key),
        )


def make_inbox(scope: Scope, rules: Sequence[pulumi.Input[str]]) -> AwsInbox:
    """Create the queues.

    Args:
        scope: the door.
        rules: ARNs of the rules of EventBridge that send.
    """
    key = scope.context.keys.ids["monitoring"]
    letters = sqs.Queue(
        scope.child("letters"),
        name=physical_name(scope.spec, "door-letters", QUEUE),
        kms_master_key_id=key,
        message_retention_seconds=_RETENTION_SECONDS,
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    queue = sqs.Queue(
        scope.child("inbox"),
        name=physical_name(scope.spec, "door", QUEUE),
        kms_master_key_id=key,
        message_retention_seconds=_RETENTION_SECONDS,
        visibility_timeout_seconds=_VISIBILITY_SECONDS,
        redrive_policy=to_json({"deadLetterTargetArn": letters.arn, "maxReceiveCount": _TRIES}),
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    policies = (
        _policy(scope, "letters", letters, *_from_rules(letters, rules)),
        _policy(scope, "inbox", queue, *_from_rules(queue, rules)),
    )
    return AwsInbox(queue=queue, letters=letters, key=key, ready=policies)


def _from_rules(queue: sqs.Queue, rules: Sequence[pulumi.Input[str]]) -> list[IamStatement]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""
    if not rules:
        return []
    return [
        IamStatement(
            sid="Objects",
            actions=("sqs:SendMessage",),
            resources=queue.arn,
            principals={"Service": "events.amazonaws.com"},
            conditions={"ArnEquals": {"aws:SourceArn": rules}},
        )
    ]


def _policy(scope: Scope, role: str, queue: sqs.Queue, *statements: IamStatement) -> sqs.QueuePolicy:
    only_tls = IamStatement(
        sid="OnlyTls",
        effect="Deny",
        actions=("sqs:*",),
        resources=queue.arn,
        principals={"AWS": "*"},
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
    return sqs.QueuePolicy(
        scope.child(f"{role}-policy"),
        queue_url=queue.url,
        policy=policy_document(*statements, only_tls),
        opts=scope.opts(),
    )
