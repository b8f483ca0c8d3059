"""Boto3's clients of S3 and SQS in memory, for what the monitor and the door ask; a proof has moto instead."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

PAGE = 2


class FakeAws:
    """A bucket whose reader may see some folders, and a queue.

    Args:
        folders: beginnings of the names that the reader may list and read.
    """

    def __init__(self, *folders: str) -> None:
        self.folders = folders
        self.objects: dict[str, bytes] = {}
        self.messages: list[str] = []

    def client(self, service: str, environment: Mapping[str, str]) -> FakeAws:
        """Either client: it is both."""
        assert environment["AWS_REGION"], service
        return self

    def list_objects_v2(self, **asked: str) -> dict[str, Any]:
        prefix, start = asked["Prefix"], asked.get("ContinuationToken", "")
        if not prefix.startswith(self.folders):
            raise Refused(f"AccessDenied: {prefix} of {asked['Bucket']}")
        found = sorted(each for each in self.objects if each.startswith(prefix) and each >= start)
        contents = [{"Key": each, "Size": len(self.objects[each])} for each in found[:PAGE]]
        more = {"IsTruncated": True, "NextContinuationToken": found[PAGE]} if found[PAGE:] else {"IsTruncated": False}
        return {**({"Contents": contents} if contents else {}), **more}

    def get_object(self, **asked: str) -> dict[str, Any]:
        # without the right to list the whole bucket, nobody is told that an object is not there
        key = asked["Key"]
        if key not in self.objects or not key.startswith(self.folders):
            raise Refused(f"AccessDenied: {key} of {asked['Bucket']}")
        start, _, end = asked["Range"].removeprefix("bytes=").partition("-")
        return {"Body": io.BytesIO(self.objects[key][int(start) : int(end) + 1])}

    def put_object(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        self.objects[asked["Key"]] = asked["Body"]
        return {}

    def send_message(self, **asked: str) -> dict[str, Any]:
        assert asked["QueueUrl"].startswith("https://sqs.")
        self.messages.append(asked["MessageBody"])
        return {"MessageId": "1"}

    def receive_message(self, **asked: object) -> dict[str, Any]:
        assert asked
        return {"Messages": [{"Body": each, "ReceiptHandle": "r"} for each in self.messages]}


class Refused(Exception):
    """As botocore's, by its module."""

    __module__ = "botocore.errorfactory"
