"""The door on AWS: a queue of SQS, ledgers in S3, runs of SageMaker's pipelines.

Held against moto and against the API's own description of each request (`make prove ONE=door-aws`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any, Protocol, cast

from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import (
    ORDERS,
    PLACE,
    REPORTS,
    FoundRun,
    LedgerText,
    OrderExchange,
    Ports,
    Received,
    RunState,
    StartRefused,
    WrittenMeanwhile,
)
from mlplatform.steps.door.rules import DoorRules, PipelineRules, Value

INBOX, LETTERS, LEDGERS, REGION = (
    "MLPLATFORM_DOOR_INBOX",
    "MLPLATFORM_DOOR_LETTERS",
    "MLPLATFORM_DOOR_LEDGERS",
    "AWS_REGION",
)
"""Variables: addresses of the queue and of its dead letters, bucket of the ledgers, region."""

Answer = Mapping[str, object]


class Call(Protocol):
    """An operation of the API."""

    def __call__(self, **parameters: object) -> Answer:
        """Its answer.

        Raises:
            botocore.exceptions.ClientError: the service refuses it.
        """
        ...


class QueueClient(Protocol):
    """What is used of boto3's client of SQS."""

    receive_message: Call
    delete_message: Call
    send_message: Call


class BucketClient(Protocol):
    """What is used of boto3's client of S3."""

    get_object: Call
    put_object: Call
    list_objects_v2: Call


class PipelineClient(Protocol):
    """What is used of boto3's client of SageMaker."""

    list_pipeline_executions: Call
    start_pipeline_execution: Call
    stop_pipeline_execution: Call
    describe_pipeline_execution: Call


def open_door(rules: DoorRules, variables: Mapping[str, str]) -> Ports:
    """The cloud, with the credentials of the container's role.

    Args:
        rules: what the door is told.
        variables: the environment.

    Raises:
        KeyError: a variable is missing.
    """
    del rules
    inbox, letters, ledgers = variables[INBOX], variables[LETTERS], variables[LEDGERS]
    client = _clients(variables)
    return Ports(
        inbox=SqsInbox(client("sqs"), inbox, letters),
        ledgers=S3Ledgers(client("s3"), ledgers),
        runner=SageMakerRunner(client("sagemaker"), lambda: datetime.now(UTC)),
    )


def open_exchange(variables: Mapping[str, str]) -> OrderExchange:
    """The folders of orders and reports, with the credentials of the container's or the pod's role.

    Args:
        variables: the environment.

    Raises:
        KeyError: a variable is missing.
    """
    (orders, placed), (reports, told) = _place(variables[ORDERS]), _place(variables[REPORTS])
    store = _clients(variables)("s3")
    return OrderExchange(orders=S3Ledgers(store, orders, placed), reports=S3Ledgers(store, reports, told))


def _clients(variables: Mapping[str, str]) -> Callable[[str], Any]:
    # they are in the image of the platform's programs, and nowhere else
    boto3, botocore = cast("Any", import_module("boto3")), cast("Any", import_module("botocore.config"))
    config = botocore.Config(
        region_name=variables.get(REGION) or variables[PLACE],
        connect_timeout=10,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 4},
    )
    return lambda service: boto3.client(service, config=config)


def _place(address: str) -> tuple[str, str]:
    """Bucket and folder of an address."""
    bucket, _, folder = address.removeprefix("s3://").partition("/")
    return bucket, folder.rstrip("/")


def refusal(error: Exception) -> str:
    """The code of a refusal of the service: `AccessDenied`; empty for any other exception."""
    response: object = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    code = cast("dict[str, dict[str, object]]", response).get("Error", {}).get("Code")
    return str(code or "")


# messages -------------------------------------------------------------------------------------------------------------

_BATCH = 10
"""The most that SQS gives at once."""


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


# ledgers --------------------------------------------------------------------------------------------------------------

_FOLDER = "door"
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"})
"""Answers to a conditional write that another one came before: it is there, is being written, or is gone,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


class S3Ledgers:
    """Objects of a bucket, written by conditional writes."""

    def __init__(self, client: BucketClient, bucket: str, folder: str = _FOLDER) -> None:
        self._client, self._bucket, self._folder = client, bucket, folder

    def read(self, pipeline: str) -> LedgerText:
        """The ledger and its ETag."""
        key = f"{self._folder}/{pipeline}.json"
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except Exception as error:
            code = refusal(error)
            # a role that may list one folder alone is told that it may not read what is not there
            if code == "NoSuchKey" or (code in ("AccessDenied", "403") and not self._there(key)):
                return LedgerText(text=None, version="")
            raise
        body = cast("_Body", answer["Body"])
        return LedgerText(text=body.read().decode("utf-8"), version=str(answer["ETag"]))

    def write(self, pipeline: str, text: str, version: str) -> str:
        """Replace the ledger that has this ETag, or make it."""
        condition = {"IfMatch": version} if version else {"IfNoneMatch": "*"}
        try:
            return str(self._put(f"{self._folder}/{pipeline}.json", text, condition)["ETag"])
        except Exception as error:
            if refusal(error) in _TAKEN:
                raise WrittenMeanwhile(pipeline) from None
            raise

    def append(self, pipeline: str, name: str, text: str) -> None:
        """Add an object; the same a second time is there already."""
        try:
            self._put(f"{self._folder}/{pipeline}/{name}.json", text, {"IfNoneMatch": "*"})
        except Exception as error:
            if refusal(error) not in _TAKEN:
                raise

    def _put(self, key: str, text: str, condition: Mapping[str, str]) -> Answer:
        body, kind = text.encode("utf-8"), "application/json"
        return self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=kind, **condition)

    def _there(self, key: str) -> bool:
        answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        found = cast("Sequence[Mapping[str, object]]", answer.get("Contents", ()))
        return any(each.get("Key") == key for each in found)


class _Body(Protocol):
    def read(self) -> bytes: ...


# runs -----------------------------------------------------------------------------------------------------------------

PIPELINE = "pipeline"
"""In `start` of the rules: the name of the pipeline."""

_LOOKS_BACK = timedelta(days=35)
"""Beyond the longest run, 28 days: whatever is going began since then."""

_STATES: Mapping[str, RunState] = {
    "Succeeded": "succeeded",
    "Failed": "failed",
    "CompletedWithFailures": "failed",
    "Stopped": "stopped",
}
"""PipelineExecutionStatus of the API; any other is of a run that has not ended."""

_AGAIN = frozenset(
    {
        "ConflictException",
        "InternalFailure",
        "InternalServerError",
        "RequestTimeout",
        "ResourceLimitExceeded",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
    }
)
"""Refusals that another attempt may not meet."""


class SageMakerRunner:
    """SageMaker Pipelines. A run has the door's id as its name, and a request token made of that: the service starts
    one run for each."""

    def __init__(self, client: PipelineClient, clock: _Clock) -> None:
        self._client, self._clock = client, clock

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs of the last weeks, whoever started them."""
        return [
            FoundRun(
                run=str(each.get("PipelineExecutionDisplayName") or _last(each)),
                handle=str(each["PipelineExecutionArn"]),
                state=_STATES.get(str(each.get("PipelineExecutionStatus")), "going"),
                started=cast("datetime", each["StartTime"]).astimezone(UTC),
            )
            for each in self._executions(rules.start[PIPELINE])
        ]

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run; nothing where there is one of that name."""
        name = rules.start[PIPELINE]
        # the service forgets a token after a while that it does not tell
        if any(each.get("PipelineExecutionDisplayName") == run for each in self._executions(name)):
            return
        try:
            self._client.start_pipeline_execution(
                PipelineName=name,
                PipelineExecutionDisplayName=run,
                ClientRequestToken=sha256(f"{name} {run}".encode()).hexdigest(),
                PipelineParameters=[
                    {"Name": key, "Value": value_text(value)} for key, value in sorted(parameters.items())
                ],
            )
        except Exception as error:
            code = refusal(error)
            if code and code not in _AGAIN:
                raise StartRefused(str(error)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run; nothing where it has ended."""
        del rules
        token = sha256(f"stop {run.handle}".encode()).hexdigest()
        try:
            self._client.stop_pipeline_execution(PipelineExecutionArn=run.handle, ClientRequestToken=token)
        except Exception:
            found = self._client.describe_pipeline_execution(PipelineExecutionArn=run.handle)
            if found.get("PipelineExecutionStatus") in (*_STATES, "Stopping"):
                return
            raise

    def _executions(self, name: str) -> Iterator[Mapping[str, object]]:
        more: dict[str, object] = {}
        while True:
            answer = self._client.list_pipeline_executions(
                PipelineName=name,
                CreatedAfter=self._clock() - _LOOKS_BACK,
                SortBy="CreationTime",
                SortOrder="Descending",
                MaxResults=100,
                **more,
            )
            yield from cast("Sequence[Mapping[str, object]]", answer.get("PipelineExecutionSummaries", ()))
            if not answer.get("NextToken"):
                return
            more = {"NextToken": answer["NextToken"]}


class _Clock(Protocol):
    def __call__(self) -> datetime: ...


def _last(execution: Mapping[str, object]) -> str:
    return str(execution["PipelineExecutionArn"]).rpartition("/")[2]


def value_text(value: Value) -> str:
    """A value as SageMaker takes it: text, whatever the parameter's type."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)
