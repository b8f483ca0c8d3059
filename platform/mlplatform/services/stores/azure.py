"""Blobs and storage queues, as the job's managed identity, by their public `blob` and `queue` interfaces alone.

https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api (2026-01)
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from mlplatform.services.azure_api import AzureApi, AzureRefused
from mlplatform.services.rest import HttpAnswer
from mlplatform.services.stores.port import Listed

_FORMS = (
    re.compile(r"https://(?P<account>[a-z0-9]+)\.blob\.(?P<domain>[a-z.]+)/(?P<container>[^/]+)(?:/(?P<folder>.*))?"),
    re.compile(
        r"(?:abfss?|wasbs)://(?P<container>[^/@]+)@(?P<account>[a-z0-9]+)\.(?:blob|dfs)\.(?P<domain>[a-z.]+)"
        r"(?:/(?P<folder>.*))?"
    ),
)


class BlobFolder:
    """A container of blobs.

    Args:
        api: how requests are sent.
        address: `https://account.blob.core.windows.net/container`.
    """

    def __init__(self, api: AzureApi, address: str) -> None:
        self._api, self._address = api, address

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The blobs whose names begin so."""
        asked = {"restype": "container", "comp": "list", "prefix": prefix}
        marker = ""
        while True:
            answer = self._call("GET", f"?{urlencode({**asked, **({'marker': marker} if marker else {})})}")
            # the service's own answer, which has no document type
            found = ElementTree.fromstring(answer.body)
            for blob in found.iter("Blob"):
                size = blob.findtext("Properties/Content-Length")
                yield Listed(blob.findtext("Name") or "", int(size or 0))
            marker = found.findtext("NextMarker") or ""
            if not marker:
                return

    def read(self, name: str, start: int, end: int) -> bytes:
        """A part of a blob."""
        return self._call("GET", f"/{quote(name)}", headers={"x-ms-range": f"bytes={start}-{end - 1}"}).body

    def write(self, name: str, data: bytes) -> None:
        """Make or replace a blob."""
        headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"}
        self._call("PUT", f"/{quote(name)}", data, headers)

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        try:
            return self._api.call("storage", method, f"{self._address}{path}", body, headers=headers)
        except AzureRefused as error:
            raise OSError(str(error)) from None


def open_container(address: str, environment: Mapping[str, str], api: AzureApi | None = None) -> tuple[BlobFolder, str]:
    """The container of an address, and the folder.

    Args:
        address: its address, with `https`, `abfss` or `wasbs`.
        environment: of the process.
        api: how requests are sent. Omitted: over the network, as the job's identity.

    Raises:
        ValueError: the address has another form.
        OSError: the environment has no identity.
    """
    found = next((match for form in _FORMS if (match := form.fullmatch(address))), None)
    if found is None:
        raise ValueError(f"{address}: expected https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER")
    account = f"https://{found['account']}.blob.{found['domain']}/{found['container']}"
    return BlobFolder(api or _api(environment), account), found["folder"] or ""


def put_message(inbox: str, text: str, environment: Mapping[str, str], api: AzureApi | None = None) -> None:
    """Put a message into a queue.

    Args:
        inbox: the queue's address.
        text: the message.
        environment: of the process.
        api: how requests are sent. Omitted: over the network, as the job's identity.

    Raises:
        OSError: it is refused.
    """
    kept = base64.b64encode(text.encode()).decode()
    body = f"<QueueMessage><MessageText>{kept}</MessageText></QueueMessage>".encode()
    try:
        (api or _api(environment)).call(
            "storage", "POST", f"{inbox}/messages?messagettl=-1", body, headers={"Content-Type": "application/xml"}
        )
    except AzureRefused as error:
        raise OSError(str(error)) from None


def _api(environment: Mapping[str, str]) -> AzureApi:
    try:
        return AzureApi(environment)
    except KeyError as missing:
        raise OSError(f"{missing.args[0]} is not set: a job of Container Apps with an identity has it") from None
