"""Texts in S3, replaced only where nobody else has replaced them since they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from mlplatform.services.aws_calls import Answer, Call, refusal
from mlplatform.services.stored_text import StoredText, WrittenMeanwhile

_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"})
"""Answers to a conditional write that another one came before: it is there, is being written, or is gone,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


class BucketClient(Protocol):
    """What is used of boto3's client of S3."""

    get_object: Call
    put_object: Call
    list_objects_v2: Call


class S3Texts:
    """Objects of a bucket, written by conditional writes."""

    def __init__(self, client: BucketClient, bucket: str, folder: str) -> None:
        self._client, self._bucket, self._folder = client, bucket, folder

    def read(self, name: str) -> StoredText:
        """The text of a name, and its ETag."""
        key = f"{self._folder}/{name}.json"
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except Exception as error:
            code = refusal(error)
            # a role that may list one folder alone is told that it may not read what is not there
            if code == "NoSuchKey" or (code in ("AccessDenied", "403") and not self._there(key)):
                return StoredText(text=None, version="")
            raise
        body = cast("_Body", answer["Body"])
        return StoredText(text=body.read().decode("utf-8"), version=str(answer["ETag"]))

    def write(self, name: str, text: str, version: str) -> str:
        """Replace the text that has this ETag, or make it.

        Raises:
            WrittenMeanwhile: it has another ETag, or is there already.
        """
        condition = {"IfMatch": version} if version else {"IfNoneMatch": "*"}
        try:
            return str(self._put(f"{self._folder}/{name}.json", text, condition)["ETag"])
        except Exception as error:
            if refusal(error) in _TAKEN:
                raise WrittenMeanwhile(name) from None
            raise

    def append(self, folder: str, name: str, text: str) -> None:
        """Add an object; the same a second time is there already."""
        try:
            self._put(f"{self._folder}/{folder}/{name}.json", text, {"IfNoneMatch": "*"})
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
