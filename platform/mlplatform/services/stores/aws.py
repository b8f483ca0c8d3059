"""S3 and SQS, with the credentials of the container's role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from mlplatform.services.stores.port import Listed

REGION = "AWS_REGION"
"""Variable with the region: without it the SDK asks addresses that a network without a way out does not reach."""

T = TypeVar("T")


class BucketCall(Protocol):
    """An operation of the API."""

    def __call__(self, **parameters: object) -> Mapping[str, Any]:
        """Its answer."""
        ...


class ListsBucket(Protocol):
    """What is used of boto3's client of S3."""

    list_objects_v2: BucketCall
    get_object: BucketCall
    put_object: BucketCall


class S3Bucket:
    """A bucket. It lists and reads below folders alone: nothing asks whether an object is there."""

    def __init__(self, client: ListsBucket, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The objects whose names begin so."""
        asked: dict[str, object] = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            answer = _asked(self._client.list_objects_v2, **asked)
            for each in answer.get("Contents", ()):
                yield Listed(each["Key"], each["Size"])
            if not answer.get("IsTruncated"):
                return
            asked["ContinuationToken"] = answer["NextContinuationToken"]

    def read(self, name: str, start: int, end: int) -> bytes:
        """A part of an object."""
        answer = _asked(self._client.get_object, Bucket=self._bucket, Key=name, Range=f"bytes={start}-{end - 1}")
        return _told(cast("Callable[[], bytes]", answer["Body"].read))

    def write(self, name: str, data: bytes) -> None:
        """Make or replace an object; the bucket's own key encrypts it."""
        _asked(self._client.put_object, Bucket=self._bucket, Key=name, Body=data)


def open_bucket(address: str, environment: Mapping[str, str]) -> tuple[S3Bucket, str]:
    """The bucket of `s3://bucket/folder`, and the folder."""
    bucket, _, folder = address.removeprefix("s3://").partition("/")
    return S3Bucket(cast("ListsBucket", _client("s3", environment)), bucket), folder


def send_message(inbox: str, text: str, environment: Mapping[str, str]) -> None:
    """Put a message into a queue.

    Args:
        inbox: the queue's address.
        text: the message.
        environment: of the process.

    Raises:
        OSError: it is refused.
    """
    _asked(_client("sqs", environment).send_message, QueueUrl=inbox, MessageBody=text)


def _client(service: str, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - boto3 has no types
    boto3, botocore = cast("Any", import_module("boto3")), cast("Any", import_module("botocore.config"))
    config = botocore.Config(
        region_name=environment.get(REGION),
        connect_timeout=10,
        read_timeout=60,
        retries={"mode": "standard", "max_attempts": 5},
    )
    return _told(lambda: boto3.client(service, config=config))


def _asked(call: BucketCall, **parameters: object) -> Mapping[str, Any]:
    return _told(lambda: call(**parameters))


def _told(work: Callable[[], T]) -> T:
    """A refusal of boto3, all of whose exceptions come from botocore, as `OSError`."""
    try:
        return work()
    except Exception as error:
        if type(error).__module__.startswith("botocore"):
            raise OSError(str(error)) from None
        raise
