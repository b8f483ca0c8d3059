"""Cloud Storage and Pub/Sub, as the container's account.

https://docs.cloud.google.com/storage/docs/json_api/v1 (2026-11)
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import cast
from urllib.parse import quote, urlencode

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.stores.port import Listed

_STORAGE = "https://storage.googleapis.com/storage/v1/b/"
_UPLOAD = "https://storage.googleapis.com/upload/storage/v1/b/"
_PUBSUB = "https://pubsub.googleapis.com/v1/"


class GcsBucket:
    """A bucket.

    Args:
        api: how requests are sent.
        bucket: its name.
    """

    def __init__(self, api: GoogleApi, bucket: str) -> None:
        self._api, self._bucket = api, bucket

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The objects whose names begin so."""
        asked = {"prefix": prefix, "fields": "items(name,size),nextPageToken"}
        while True:
            answer = self._api.call("GET", f"{_STORAGE}{self._bucket}/o?{urlencode(asked)}").json()
            for each in cast("list[dict[str, str]]", answer.get("items", [])):
                yield Listed(each["name"], int(each["size"]))
            if "nextPageToken" not in answer:
                return
            asked["pageToken"] = str(answer["nextPageToken"])

    def read(self, name: str, start: int, end: int) -> bytes:
        """A part of an object."""
        url = f"{_STORAGE}{self._bucket}/o/{quote(name, safe='')}?alt=media"
        return self._api.call("GET", url, headers={"Range": f"bytes={start}-{end - 1}"}).body

    def write(self, name: str, data: bytes) -> None:
        """Make or replace an object."""
        asked = urlencode({"uploadType": "media", "name": name})
        headers = {"Content-Type": "application/octet-stream"}
        self._api.call("POST", f"{_UPLOAD}{self._bucket}/o?{asked}", raw=data, headers=headers)


def open_gcs(address: str, api: GoogleApi | None = None) -> tuple[GcsBucket, str]:
    """The bucket of `gs://bucket/folder`, and the folder.

    Args:
        address: the address.
        api: how requests are sent. Omitted: over the network, as the container's account.
    """
    bucket, _, folder = address.removeprefix("gs://").partition("/")
    return GcsBucket(api or GoogleApi(), bucket), folder


def publish(topic: str, text: str, api: GoogleApi | None = None) -> None:
    """Publish a message.

    Args:
        topic: `projects/P/topics/T`.
        text: the message.
        api: how requests are sent. Omitted: over the network, as the container's account.

    Raises:
        OSError: it is refused.
    """
    message = {"data": base64.b64encode(text.encode()).decode()}
    (api or GoogleApi()).call("POST", f"{_PUBSUB}{topic}:publish", {"messages": [message]})
