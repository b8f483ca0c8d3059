"""Requests to the clouds' REST interfaces: the same attempts, and the same care for tokens, on each of them."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Protocol, cast

_SECONDS = 60
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_WAITS = (1.0, 4.0, 16.0)


@dataclass(frozen=True)
class HttpAnswer:
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

    @property
    def error(self) -> Mapping[str, object]:
        """The object `error` of its body; empty where there is none."""
        try:
            error = self.json().get("error")
        except (ValueError, AttributeError):
            return {}
        return cast("dict[str, object]", error) if isinstance(error, dict) else {}


class Transport(Protocol):
    """One request over the network, without trying again."""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> HttpAnswer: ...


def ask(
    transport: Transport,
    sleep: Callable[[float], None],
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    allowed: tuple[int, ...] = (),
) -> tuple[HttpAnswer, bool]:
    """Send a request, again where the service asks for it or does not answer.

    Args:
        transport: how requests are sent.
        sleep: waits between attempts, seconds.
        method: of HTTP.
        url: the address.
        body: what is sent; None for nothing.
        headers: with the token.
        allowed: codes that are answers too, for example 404.

    Returns:
        The last answer, and whether it is one: a success, or an allowed code.
    """
    answer = HttpAnswer(0)
    for wait in (*_WAITS, None):
        answer = transport(method, url, body, headers)
        if 200 <= answer.status < 300 or answer.status in allowed:
            return answer, True
        if wait is None or (answer.status and answer.status not in _AGAIN):
            break
        sleep(wait)
    return answer, False


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirection would take the token to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def sender(trusted: Path | None = None) -> Transport:
    """One that sends requests over the network; a redirection is an answer, and is not followed.

    Args:
        trusted: certificates of the authorities that it trusts. Omitted: those of the system.

    Raises:
        OSError: there is no such file, or it has no certificates.
    """
    more = (urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=trusted)),) if trusted else ()
    opener = urllib.request.build_opener(_Stay, *more)

    def send_one(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
        try:
            with opener.open(request, timeout=_SECONDS) as found:
                return HttpAnswer(found.status, found.read(), _lower(found.headers.items()))
        except urllib.error.HTTPError as refused:
            return HttpAnswer(refused.code, refused.read(), _lower(refused.headers.items()))
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as lost:
            return HttpAnswer(0, str(lost).encode())

    return send_one


send = sender()
"""Sends one request; status 0 says that there was no answer."""


def _lower(headers: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    # a service may set several cookies
    return {name: ", ".join(values) for name, values in found.items()}
