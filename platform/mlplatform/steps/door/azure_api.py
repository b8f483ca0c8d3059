"""Azure's services by their REST interfaces: with tokens of the job's own identity, and nothing else.

The requests are few and plain, so the image of the door needs no SDK.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import formatdate
from typing import IO, Literal, Protocol, cast
from urllib.parse import urlencode

Service = Literal["storage", "management"]

RESOURCES: Mapping[Service, str] = {
    "storage": "https://storage.azure.com/",
    "management": "https://management.azure.com/",
}
"""What a token is for."""

STORAGE_API = "2021-12-02"
"""Version of the interfaces of blobs and queues, which every region has."""

_IDENTITY_API = "2019-08-01"
"""https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference (2026-01)"""

_SECONDS = 60
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_WAITS = (1.0, 4.0, 16.0)
_EARLY = 300.0
"""Seconds before its end from which a token is not used any more."""


@dataclass(frozen=True)
class AzureAnswer:
    """What a service answers."""

    status: int
    """Code of HTTP; 0: there was no answer."""

    body: bytes = b""
    """The body."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Headers, their names in lower case."""

    def json(self) -> dict[str, object]:
        """The body, which is an object of JSON; empty for none."""
        return cast("dict[str, object]", json.loads(self.body)) if self.body else {}


class AzureRefused(RuntimeError):
    """An answer that is no success, with the service's own words."""

    def __init__(self, method: str, url: str, answer: AzureAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status


class AzureTransport(Protocol):
    """One request over the network, without trying again."""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> AzureAnswer: ...


class AzureApi:
    """Requests as the job's identity.

    Args:
        environment: variables that Container Apps sets for a job with an identity, and `AZURE_CLIENT_ID`.
        transport: how requests are sent.
        sleep: waits between attempts.
        clock: seconds since 1970.

    Raises:
        KeyError: a variable is missing.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        transport: AzureTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._endpoint, self._secret = environment["IDENTITY_ENDPOINT"], environment["IDENTITY_HEADER"]
        self._client = environment["AZURE_CLIENT_ID"]
        self._send: AzureTransport = transport or send
        self._sleep, self._clock = sleep, clock
        self._tokens: dict[Service, tuple[str, float]] = {}

    def call(
        self,
        service: Service,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> AzureAnswer:
        """Send a request, again where the service asks for it.

        Each request of the door may be sent twice: it names what it makes, and what it expects to be there.

        Args:
            service: whose request it is.
            method: of HTTP.
            url: the address.
            body: what is sent. Omitted: nothing.
            headers: more of them.
            allowed: codes that are answers too, for example 404.

        Raises:
            AzureRefused: it is refused, or not answered.
        """
        own = {"Authorization": f"Bearer {self._bearer(service)}"}
        if service == "storage":
            own |= {"x-ms-version": STORAGE_API, "x-ms-date": formatdate(self._clock(), usegmt=True)}
        return self._ask(method, url, body, {**own, **(headers or {})}, allowed)

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], allowed: tuple[int, ...]
    ) -> AzureAnswer:
        answer = AzureAnswer(0)
        for wait in (*_WAITS, None):
            answer = self._send(method, url, body, headers)
            if 200 <= answer.status < 300 or answer.status in allowed:
                return answer
            if wait is None or (answer.status and answer.status not in _AGAIN):
                break
            self._sleep(wait)
        raise AzureRefused(method, url, answer)

    def _bearer(self, service: Service) -> str:
        token, until = self._tokens.get(service, ("", 0.0))
        if self._clock() >= until:
            asked = urlencode({"resource": RESOURCES[service], "api-version": _IDENTITY_API, "client_id": self._client})
            headers = {"X-IDENTITY-HEADER": self._secret}
            given = self._ask("GET", f"{self._endpoint}?{asked}", None, headers, ()).json()
            token, until = str(given["access_token"]), float(str(given["expires_on"])) - _EARLY
            self._tokens[service] = token, until
        return token


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirection would take the token to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


_OPENER = urllib.request.build_opener(_Stay)


def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> AzureAnswer:
    """Send one request; status 0 says that there was no answer."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    try:
        with _OPENER.open(request, timeout=_SECONDS) as found:
            return AzureAnswer(found.status, found.read(), _lower(found.headers.items()))
    except urllib.error.HTTPError as refused:
        return AzureAnswer(refused.code, refused.read(), _lower(refused.headers.items()))
    except (urllib.error.URLError, TimeoutError, ConnectionError) as lost:
        return AzureAnswer(0, str(lost).encode())


def _lower(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _words(answer: AzureAnswer) -> str:
    """The service's words: JSON of the management interface, a header of storage."""
    try:
        error = answer.json().get("error")
    except (ValueError, AttributeError, UnicodeDecodeError):
        error = None
    if isinstance(error, dict):
        told = cast("dict[str, object]", error)
        return f"{told.get('code', '')} {told.get('message', '')}"[:500]
    return answer.headers.get("x-ms-error-code", "") or answer.body[:200].decode("utf-8", "replace")
