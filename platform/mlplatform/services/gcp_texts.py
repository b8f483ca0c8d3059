"""Texts in Cloud Storage, replaced only where nobody else has replaced them since they were read.

https://docs.cloud.google.com/storage/docs/request-preconditions
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.stored_text import StoredText, WrittenMeanwhile

STORAGE = "https://storage.googleapis.com/storage/v1/b/"
UPLOAD = "https://storage.googleapis.com/upload/storage/v1/b/"


class StorageTexts:
    """Texts as objects, replaced by their generation.

    Args:
        api: Google's services.
        address: address of their folder, with a slash at the end.
    """

    def __init__(self, api: GoogleApi, address: str) -> None:
        self._api = api
        self._bucket, self._folder = split_address(address)

    def read(self, name: str) -> StoredText:
        """The text of a name, and its generation."""
        url = object_url(self._bucket, f"{self._folder}{name}.json")
        answer = self._api.call("GET", f"{url}?alt=media", allowed=(404,))
        if answer.status == 404:
            return StoredText(None, "")
        return StoredText(answer.body.decode(), answer.headers["x-goog-generation"])

    def write(self, name: str, text: str, version: str) -> str:
        """Replace the text that has a version, or make it.

        Raises:
            WrittenMeanwhile: it has another version, or is there already.
        """
        made = self._put(f"{self._folder}{name}.json", text, version or "0")
        if made is None:
            raise WrittenMeanwhile(name)
        return made

    def append(self, folder: str, name: str, text: str) -> None:
        """Add an object; the same a second time is there already."""
        self._put(f"{self._folder}{folder}/{name}.json", text, "0")

    def _put(self, name: str, text: str, version: str) -> str | None:
        """The new generation; None where the object has another one than expected."""
        asked = urlencode({"uploadType": "media", "name": name, "ifGenerationMatch": version})
        answer = self._api.call("POST", f"{UPLOAD}{self._bucket}/o?{asked}", raw=text.encode(), allowed=(412,))
        return None if answer.status == 412 else str(answer.json()["generation"])


def split_address(address: str) -> tuple[str, str]:
    """Bucket and name of an address."""
    bucket, _, name = address.removeprefix("gs://").partition("/")
    return bucket, name


def object_url(bucket: str, name: str) -> str:
    """Address of an object in the interface of Cloud Storage."""
    return f"{STORAGE}{bucket}/o/{quote(name, safe='')}"
