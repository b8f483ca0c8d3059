"""The door's messages on GCP: a subscription of Pub/Sub."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import cast

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import Received

PUBSUB = "https://pubsub.googleapis.com/v1/"

_MOST = 100
_LONGEST = 1024
"""Bytes of the value of an attribute, https://docs.cloud.google.com/pubsub/quotas#resource_limits (2026-11)"""


class PubSubInbox:
    """The queue.

    Args:
        api: Google's services.
        subscription: `projects/P/subscriptions/S`.
        dead: `projects/P/topics/T`, where messages go that nobody can act upon.
    """

    def __init__(self, api: GoogleApi, subscription: str, dead: str) -> None:
        self._api, self._subscription, self._dead = api, f"{PUBSUB}{subscription}", f"{PUBSUB}{dead}"

    def receive(self) -> Sequence[Received]:
        """Some of its messages, none when it is empty.

        Without `returnImmediately` an empty queue lets every look wait for minutes; what one answer leaves out comes
        with the next.
        """
        answer = self._api.call("POST", f"{self._subscription}:pull", {"maxMessages": _MOST, "returnImmediately": True})
        found = cast("list[dict[str, object]]", answer.json().get("receivedMessages", []))
        return tuple(_received(each) for each in found)

    def done(self, message: Received) -> None:
        """Delete a message."""
        self._api.call("POST", f"{self._subscription}:acknowledge", {"ackIds": [message.handle]})

    def bury(self, message: Received, reason: str) -> None:
        """Send it to the topic of dead letters with the reason, and delete it here."""
        about = {f"object{index}": each.address[:_LONGEST] for index, each in enumerate(message.objects)}
        letter = {
            "data": base64.b64encode(message.body.encode()).decode(),
            "attributes": {"reason": reason[:_LONGEST], **about},
        }
        self._api.call("POST", f"{self._dead}:publish", {"messages": [letter]})
        self.done(message)


def _received(given: Mapping[str, object]) -> Received:
    handle = str(given["ackId"])
    message = cast("dict[str, object]", given.get("message", {}))
    about = cast("dict[str, str]", message.get("attributes", {}))
    kind = about.get("eventType")
    if kind is not None and "bucketId" in about:
        if kind != "OBJECT_FINALIZE":
            return Received(handle=handle, ignored=True)
        address = f"gs://{about['bucketId']}/{about.get('objectId', '')}"
        return Received(handle=handle, objects=(NewObject(address, about.get("objectGeneration", "")),))
    body = base64.b64decode(str(message.get("data", ""))).decode("utf-8", "replace")
    return Received(handle=handle, body=body)
