"""The door's messages on AWS: a queue of SQS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast

from mlplatform.services.aws_calls import Call
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import Received

_BATCH = 10
"""The most that SQS gives at once."""


class QueueClient(Protocol):
    """What is used of boto3's client of SQS."""

    receive_message: Call
    delete_message: Call
    send_message: Call


class SqsInbox:
    """A queue of SQS, which itself moves a message to the dead letters that was received too often."""

    def __init__(self, client: QueueClient, queue: str, letters: str, *, wait_seconds: int = 1) -> None:
        """Take the queues.

        Args:
            client: of SQS.
            queue: address of the queue.
            letters: address of its dead letters.
            wait_seconds: how long a look at an empty queue waits. 0 asks some of SQS's machines alone, and may miss
                what lies on others.
        """
        self._client, self._queue, self._letters, self._wait = client, queue, letters, wait_seconds

    def receive(self) -> Sequence[Received]:
        """Up to ten messages, hidden for as long as the queue says."""
        answer = self._client.receive_message(
            QueueUrl=self._queue,
            MaxNumberOfMessages=_BATCH,
            WaitTimeSeconds=self._wait,
            MessageSystemAttributeNames=["SenderId"],
        )
        return [_received(each) for each in cast("Sequence[Mapping[str, object]]", answer.get("Messages", ()))]

    def done(self, message: Received) -> None:
        """Delete a message; SQS takes it where the message is gone already."""
        self._client.delete_message(QueueUrl=self._queue, ReceiptHandle=message.handle)

    def bury(self, message: Received, reason: str) -> None:
        """Put a message into the dead letters with the reason, and delete it."""
        self._client.send_message(
            QueueUrl=self._letters,
            # SQS takes no empty message
            MessageBody=message.body or "{}",
            MessageAttributes={"reason": {"DataType": "String", "StringValue": _printable(reason) or "unknown"}},
        )
        self.done(message)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)[:500]


def _received(message: Mapping[str, object]) -> Received:
    body, handle = str(message.get("Body", "")), str(message["ReceiptHandle"])
    attributes = cast("Mapping[str, object]", message.get("Attributes", {}))
    # id of the role and name of its session, which people log in with
    sender = str(attributes.get("SenderId", "")).rpartition(":")[2]
    said = _json(body)
    if said is None:
        return Received(handle=handle, body=body, sender=sender)
    return Received(handle=handle, body=body, objects=tuple(_objects(said)), sender=sender)


def _json(body: str) -> Mapping[str, object] | None:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else None


def _objects(said: Mapping[str, object]) -> Iterator[NewObject]:
    """The object of an event of S3 by EventBridge,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; a text of another form has none. Its names are
    as they are: only notifications without EventBridge have them encoded as in an address."""
    if said.get("source") != "aws.s3" or said.get("detail-type") != "Object Created":
        return
    detail = _part(said.get("detail"))
    name, found = _part(detail.get("bucket")).get("name"), _part(detail.get("object"))
    key = found.get("key")
    if isinstance(name, str) and isinstance(key, str):
        # without versions, the sequencer tells a second write of a name from the first one
        version = found.get("version-id") or found.get("sequencer") or found.get("etag") or ""
        yield NewObject(address=f"s3://{name}/{key}", version=str(version))


def _part(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
