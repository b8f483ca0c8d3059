"""The door's messages on Azure: a storage queue.

https://learn.microsoft.com/rest/api/storageservices/queue-service-rest-api
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from mlplatform.services.azure_api import AzureApi
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import Received

MOST_RECEIVED = 50
"""A message that was received so many times and never done goes to the dead letters: some hours of a service that is
away are none of its faults."""

_HIDDEN_SECONDS = 360
_AT_ONCE = 32
"""Most messages of one request, the service's own bound."""

_LONGEST_MESSAGE = 48_000
"""Of 64 KiB, as base64."""


class StorageQueue:
    """The queue of messages, and that of the dead ones."""

    def __init__(self, api: AzureApi, inbox: str, dead: str) -> None:
        self._api, self._inbox, self._dead = api, inbox, dead
        self._texts: dict[str, str] = {}

    def receive(self) -> Sequence[Received]:
        """Some messages, hidden for longer than a look takes."""
        asked = urlencode({"numofmessages": _AT_ONCE, "visibilitytimeout": _HIDDEN_SECONDS})
        answer = self._api.call("storage", "GET", f"{self._inbox}/messages?{asked}")
        # the service's own answer, which has no document type
        found = ElementTree.fromstring(answer.body)
        return [self._received(each) for each in found.iter("QueueMessage")]

    def _received(self, message: ElementTree.Element) -> Received:
        handle = f"{_field(message, 'MessageId')} {_field(message, 'PopReceipt')}"
        text = plain_text(_field(message, "MessageText"))
        self._texts[handle] = text
        times = int(_field(message, "DequeueCount") or 0)
        if times > MOST_RECEIVED:
            return Received(handle=handle, body=f"received {times} times, and never done")
        return read_message(handle, text)

    def done(self, message: Received) -> None:
        """Delete a message; nothing where it is gone."""
        identifier, _, receipt = message.handle.partition(" ")
        asked = urlencode({"popreceipt": receipt})
        self._api.call("storage", "DELETE", f"{self._inbox}/messages/{identifier}?{asked}", allowed=(404,))

    def bury(self, message: Received, reason: str) -> None:
        """Put it into the other queue, where it stays until somebody takes it, and delete it."""
        text = self._texts.get(message.handle, message.body)
        why = f"{message.body}: {reason}" if message.body.startswith("received ") else reason
        kept = base64.b64encode(json.dumps({"reason": why, "message": text[: _LONGEST_MESSAGE // 2]}).encode())
        if len(kept) > _LONGEST_MESSAGE:
            kept = base64.b64encode(json.dumps({"reason": why, "message": "too long to be kept"}).encode())
        body = f"<QueueMessage><MessageText>{escape(kept.decode())}</MessageText></QueueMessage>".encode()
        headers = {"Content-Type": "application/xml"}
        self._api.call("storage", "POST", f"{self._dead}/messages?messagettl=-1", body, headers=headers)
        self.done(message)


def plain_text(text: str) -> str:
    """A message's text: Event Grid and most clients send it as base64, others as it is."""
    if text.lstrip().startswith(("{", "[")):
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text


_SUBJECT = re.compile(r"/blobServices/default/containers/([^/]+)/blobs/(.+)", re.DOTALL)


def read_message(handle: str, text: str) -> Received:
    """A message of the platform's own form, or what Event Grid says of blobs.

    https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage
    """
    try:
        given: object = json.loads(text)
    except (ValueError, RecursionError):
        return Received(handle=handle, body=text)
    listed = cast("list[object]", given) if isinstance(given, list) else [given]
    events = [cast("dict[str, object]", each) for each in listed if isinstance(each, dict) and "eventType" in each]
    if not events:
        return Received(handle=handle, body=text)
    objects = tuple(found for event in events if (found := _new_object(event)))
    return Received(handle=handle, objects=objects, ignored=not objects)


def _new_object(event: Mapping[str, object]) -> NewObject | None:
    """The blob that an event tells of, by the address that the rules have for its folder."""
    found = _SUBJECT.fullmatch(str(event.get("subject", "")))
    data = event.get("data")
    if event.get("eventType") != "Microsoft.Storage.BlobCreated" or found is None or not isinstance(data, dict):
        return None
    account = str(event.get("topic", "")).rpartition("/")[2]
    told = cast("dict[str, object]", data)
    return NewObject(
        address=f"wasbs://{found[1]}@{account}.blob.core.windows.net/{found[2]}",
        version=str(told.get("eTag") or told.get("sequencer") or event.get("id", "")),
    )


def _field(message: ElementTree.Element, name: str) -> str:
    return message.findtext(name) or ""
