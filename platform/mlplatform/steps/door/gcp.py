"""The door on GCP: Pub/Sub, Cloud Storage and Vertex AI Pipelines."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from mlplatform.services.gcp_api import GoogleApi, GoogleRefused
from mlplatform.services.gcp_texts import StorageTexts, object_url, split_address
from mlplatform.steps.door.airflow import AirflowEngine
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ledger import moment, time_text
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
from mlplatform.steps.door.variables import STARTER_MANAGED_AIRFLOW

PUBSUB = "https://pubsub.googleapis.com/v1/"

LEDGERS, INBOX, DEAD = (f"MLPLATFORM_DOOR_{name}" for name in ("LEDGERS", "INBOX", "DEAD"))
"""Variables: address of the folder of ledgers, the subscription, and the topic of dead letters."""

_MOST = 100
_LONGEST = 1024
"""Bytes of the value of an attribute, https://docs.cloud.google.com/pubsub/quotas#resource_limits (2026-11)"""
_RUN_ID = re.compile(r"[a-z][a-z0-9-]{0,126}")
"""https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs/create (2026-11)"""
_LONGEST_RUN = timedelta(days=29)
"""Runs that were created earlier have ended: `timeout_hours` is at most 28 days."""
_STATES: Mapping[str, RunState] = {
    "PIPELINE_STATE_SUCCEEDED": "succeeded",
    "PIPELINE_STATE_FAILED": "failed",
    "PIPELINE_STATE_CANCELLED": "stopped",
}
"""Of runs that have ended, https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/PipelineState (2026-11)"""


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


class VertexRunner:
    """Vertex AI Pipelines.

    Args:
        api: Google's services.
        now: the time.
    """

    def __init__(self, api: GoogleApi, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._api, self._now = api, now

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs, whoever started them: by the name in their definition."""
        return tuple(self._runs(rules))

    def _runs(self, rules: PipelineRules) -> Iterator[FoundRun]:
        since = time_text(self._now() - _LONGEST_RUN)
        asked = {
            "filter": f'pipeline_name="{rules.name}" AND create_time>"{since}"',
            "orderBy": "create_time desc",
            "pageSize": str(_MOST),
            "readMask": "name,state,createTime",
        }
        token = ""
        while True:
            more = {"pageToken": token} if token else {}
            answer = self._api.call("GET", f"{_runs_url(rules)}?{urlencode({**asked, **more})}").json()
            for each in cast("list[dict[str, str]]", answer.get("pipelineJobs", [])):
                yield FoundRun(
                    run=each["name"].rpartition("/")[2],
                    handle=each["name"],
                    # whatever has no end, or a state that is not known here, may still cost money
                    state=_STATES.get(each.get("state", ""), "going"),
                    started=moment(each["createTime"]),
                )
            token = str(answer.get("nextPageToken", ""))
            if not token:
                return

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run by its id; nothing where there is one of that id already.

        Raises:
            StartRefused: the definition is not the planned one, or the service refuses the request as it is.
        """
        if not _RUN_ID.fullmatch(run):
            raise StartRefused(f"{run}: no id of a run on Vertex AI")
        body = cast("dict[str, object]", json.loads(rules.start["run"]))
        body["pipelineSpec"] = self._definition(rules)
        if parameters:
            runtime = cast("dict[str, object]", body["runtimeConfig"])
            runtime["parameterValues"] = {name: text_of(value) for name, value in sorted(parameters.items())}
        url = f"{_runs_url(rules)}?{urlencode({'pipelineJobId': run})}"
        try:
            self._api.call("POST", url, body)
        except GoogleRefused as refused:
            if refused.status == 409 and refused.reason != "ABORTED":
                return
            # a key, an account or a network that is not ready yet is a failed precondition, with the same code
            if refused.status == 400 and refused.reason != "FAILED_PRECONDITION":
                raise StartRefused(str(refused)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run; nothing where it has ended."""
        url = f"{_host(rules)}{run.handle}:cancel"
        # a run that has ended is refused with 400
        self._api.call("POST", url, {}, allowed=(400, 404))

    def _definition(self, rules: PipelineRules) -> object:
        bucket, name = split_address(rules.start["definition"])
        content = self._api.call("GET", f"{object_url(bucket, name)}?alt=media").body
        if hashlib.sha256(content).hexdigest() != rules.start["digest"]:
            raise StartRefused(f"gs://{bucket}/{name} is not what `up` wrote: somebody changed it")
        return json.loads(content)


def _host(rules: PipelineRules) -> str:
    region = rules.start["parent"].rpartition("/")[2]
    return f"https://{region}-aiplatform.googleapis.com/v1/"


def _runs_url(rules: PipelineRules) -> str:
    return f"{_host(rules)}{rules.start['parent']}/pipelineJobs"


def text_of(value: Value) -> str:
    """A value as the definition declares all of them: as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_text(address: str, api: GoogleApi | None = None) -> str:
    """The text of an object of the store."""
    bucket, name = split_address(address)
    return (api or GoogleApi()).call("GET", f"{object_url(bucket, name)}?alt=media").body.decode()


def open_door(
    rules: DoorRules,
    settings: Mapping[str, str],
    api: GoogleApi | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ports:
    """The cloud, as the container's variables name it.

    Args:
        rules: what the door is told.
        settings: the variables.
        api: Google's services. Omitted: as the container's own account.
        now: the time.

    Raises:
        KeyError: a variable is not set.
    """
    del rules
    services = api or GoogleApi()
    return Ports(
        inbox=PubSubInbox(services, settings[INBOX], settings[DEAD]),
        ledgers=StorageTexts(services, settings[LEDGERS]),
        runner=VertexRunner(services, now),
    )


def open_airflow(settings: Mapping[str, str], api: GoogleApi | None = None) -> AirflowEngine:
    """Airflow as Google runs it, which takes the tokens of accounts that may use it.

    https://docs.cloud.google.com/composer/docs/composer-3/access-airflow-api

    Args:
        settings: the variables.
        api: Google's services. Omitted: as the pod's own account.

    Raises:
        KeyError: a variable is not set.
    """
    return AirflowEngine(settings[STARTER_MANAGED_AIRFLOW], login=(api or GoogleApi()).bearer)


def open_exchange(settings: Mapping[str, str], api: GoogleApi | None = None) -> OrderExchange:
    """The folders of orders and reports.

    Args:
        settings: the variables.
        api: Google's services. Omitted: as the container's own account.

    Raises:
        KeyError: a variable is not set.
    """
    services = api or GoogleApi()
    return OrderExchange(
        orders=StorageTexts(services, settings[ORDERS]), reports=StorageTexts(services, settings[REPORTS])
    )
