"""Texts in Azure's blobs, replaced only where nobody else has replaced them since they were read.

https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from mlplatform.services.azure_api import AzureApi
from mlplatform.services.rest import HttpAnswer
from mlplatform.services.stored_text import StoredText, WrittenMeanwhile


class BlobTexts:
    """Blobs below one folder, replaced by their ETag."""

    def __init__(self, api: AzureApi, folder: str) -> None:
        self._api, self._folder = api, folder

    def read(self, name: str) -> StoredText:
        """The text of a name, and its ETag."""
        answer = self._api.call("storage", "GET", self._at(name), allowed=(404,))
        if answer.status == 404:
            return StoredText(None, "")
        return StoredText(answer.body.decode(), answer.headers["etag"])

    def write(self, name: str, text: str, version: str) -> str:
        """Replace the text that has this ETag, or make it.

        Raises:
            WrittenMeanwhile: it has another ETag, or is there already.
        """
        condition = {"If-Match": version} if version else {"If-None-Match": "*"}
        answer = self._put(self._at(name), text, condition, (409, 412))
        if answer.status in (409, 412):
            raise WrittenMeanwhile(f"{name}: {answer.headers.get('x-ms-error-code', answer.status)}")
        return answer.headers["etag"]

    def append(self, folder: str, name: str, text: str) -> None:
        """Add a blob; the same a second time is there already."""
        self._put(self._at(f"{folder}/{name}"), text, {"If-None-Match": "*"}, (409, 412))

    def _put(self, url: str, text: str, condition: Mapping[str, str], allowed: tuple[int, ...]) -> HttpAnswer:
        headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/json", **condition}
        return self._api.call("storage", "PUT", url, text.encode(), headers=headers, allowed=allowed)

    def _at(self, name: str) -> str:
        return f"{self._folder}/{quote(name)}.json"
