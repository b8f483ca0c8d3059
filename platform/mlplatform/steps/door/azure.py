"""The door on Azure: a storage queue, blobs with conditions, and the jobs of a machine learning workspace.

Queue: https://learn.microsoft.com/rest/api/storageservices/queue-service-rest-api; blobs:
https://learn.microsoft.com/rest/api/storageservices/put-blob; jobs: https://learn.microsoft.com/rest/api/azureml/jobs
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import quote, urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from mlplatform.services.azure_api import AzureApi, AzureRefused
from mlplatform.services.azure_texts import BlobTexts
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import (
    ORDERS,
    REPORTS,
    FoundRun,
    OrderExchange,
    Ports,
    Received,
    RunState,
    StartRefused,
)
from mlplatform.steps.door.rules import DoorRules, PipelineRules, Value

INBOX, DEAD, LEDGERS = "MLPLATFORM_DOOR_INBOX", "MLPLATFORM_DOOR_DEAD", "MLPLATFORM_DOOR_LEDGERS"
"""Variables: addresses of the two queues, and of the folder of ledgers."""

MOST_RECEIVED = 50
"""A message that was received so many times and never done goes to the dead letters: some hours of a service that is
away are none of its faults."""

_HIDDEN_SECONDS = 360
_AT_ONCE = 32
"""Most messages of one request, the service's own bound."""

_LONGEST_MESSAGE = 48_000
"""Of 64 KiB, as base64."""

_API = "2025-12-01"
_MANAGEMENT = "https://management.azure.com"
_STATES: Mapping[str, RunState] = {"Completed": "succeeded", "Failed": "failed", "Canceled": "stopped"}
"""Every other status is one of a run that is going: https://learn.microsoft.com/rest/api/azureml/jobs/get#jobstatus"""

_LATELY = timedelta(days=3)
_MOST_PAGES = 40
_FOR_GOOD = frozenset({400, 404, 413, 422})


def open_door(
    rules: DoorRules,
    environment: Mapping[str, str],
    api: AzureApi | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ports:
    """The door's ports.

    Args:
        rules: what it is told.
        environment: its variables.
        api: how requests are sent. Omitted: over the network, as the job's identity.
        now: the time.

    Raises:
        KeyError: a variable is missing.
    """
    # what the cluster or an Airflow runs has no request to this service
    requests = {each.name: environment[each.start["request"]] for each in rules.pipelines if not each.engine}
    inbox, dead, ledgers = environment[INBOX], environment[DEAD], environment[LEDGERS]
    own = api or AzureApi(environment)
    return Ports(
        inbox=StorageQueue(own, inbox, dead),
        ledgers=BlobTexts(own, ledgers.rstrip("/")),
        runner=WorkspaceJobs(own, requests, now),
    )


def open_exchange(environment: Mapping[str, str], api: AzureApi | None = None) -> OrderExchange:
    """The containers of orders and reports.

    Args:
        environment: the variables.
        api: how requests are sent. Omitted: over the network, as the job's or the pod's identity.

    Raises:
        KeyError: a variable is missing.
    """
    orders, reports = environment[ORDERS], environment[REPORTS]
    own = api or AzureApi(environment)
    return OrderExchange(orders=BlobTexts(own, orders.rstrip("/")), reports=BlobTexts(own, reports.rstrip("/")))


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


class WorkspaceJobs:
    """Pipeline jobs. A job is sent under the run's id: the service runs an id once."""

    def __init__(self, api: AzureApi, requests: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._api, self._requests, self._now = api, requests, now

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The runs with the pipeline's tag. The service lists the newest first: it is asked until a page has none that
        can be going or has ended lately."""
        oldest = self._now() - rules.longest - _LATELY
        found: list[FoundRun] = []
        for page in self._pages(rules):
            runs = [_found(each) for each in page]
            found += [run for run in runs if run.started > oldest or run.state == "going"]
            if runs and all(run.started <= oldest and run.state != "going" for run in runs):
                break
        return found

    def _pages(self, rules: PipelineRules) -> Iterator[Sequence[Mapping[str, object]]]:
        asked = {"api-version": _API, "jobType": "Pipeline", "listViewType": "ActiveOnly", "tag": tag_of(rules.name)}
        url = f"{_MANAGEMENT}{rules.start['jobs']}?{urlencode(asked)}"
        for _ in range(_MOST_PAGES):
            answer = self._api.call("management", "GET", url).json()
            yield cast("Sequence[Mapping[str, object]]", answer.get("value", ()))
            url = str(answer.get("nextLink") or "")
            if not url:
                return
            if not url.startswith(f"{_MANAGEMENT}/"):
                raise RuntimeError(f"the list of runs goes on at {url[:80]}, which is not the service")
        raise RuntimeError(f"more than {_MOST_PAGES} pages of runs: archive old ones")

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Send the run, unless it is there: a second sending would change its tags."""
        url = self._job(rules, run)
        if self._api.call("management", "GET", url, allowed=(404,)).status != 404:
            return
        body = with_values(json.loads(self._requests[rules.name]), parameters)
        try:
            self._api.call(
                "management", "PUT", url, json.dumps(body).encode(), headers={"Content-Type": "application/json"}
            )
        except AzureRefused as error:
            if error.status in _FOR_GOOD:
                raise StartRefused(str(error)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Cancel a run; one that has ended refuses that."""
        url = self._job(rules, run.run, "/cancel")
        self._api.call("management", "POST", url, b"", allowed=(400, 404, 409))

    def _job(self, rules: PipelineRules, run: str, action: str = "") -> str:
        return f"{_MANAGEMENT}{rules.start['jobs']}/{quote(run, safe='')}{action}?api-version={_API}"


def tag_of(pipeline: str) -> str:
    """Key of the tag that a pipeline's runs have, whoever starts them: the service lists runs by it."""
    return f"pipeline-{pipeline}"


def with_values(body: dict[str, object], parameters: Mapping[str, Value]) -> dict[str, object]:
    """The request with other values of parameters.

    Raises:
        StartRefused: the request has no parameter of that name.
    """
    inputs = cast("dict[str, dict[str, object]]", cast("dict[str, object]", body["properties"])["inputs"])
    for name, value in parameters.items():
        if inputs.get(name, {}).get("jobInputType") != "literal":
            raise StartRefused(f"the pipeline has no parameter {name}")
        inputs[name]["value"] = _text(value)
    return body


def _text(value: Value) -> str:
    """A value as every engine hands it on, within the single quotes that its command has."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("'", "'\\''")


def _found(job: Mapping[str, object]) -> FoundRun:
    properties = cast("Mapping[str, object]", job["properties"])
    created = cast("Mapping[str, object]", job["systemData"])["createdAt"]
    return FoundRun(
        run=str(job["name"]),
        handle=str(job["id"]),
        state=_STATES.get(str(properties.get("status")), "going"),
        started=_time(str(created)),
    )


_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")


def _time(text: str) -> datetime:
    """A moment: the service writes seven digits of a second, which Python does not read."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no moment")
    zone = "+00:00" if found[2] in (None, "Z") else found[2]
    return datetime.fromisoformat(found[1] + zone).astimezone(UTC)
