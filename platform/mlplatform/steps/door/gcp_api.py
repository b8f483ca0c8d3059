"""Google's services by their REST interfaces: with the token of the container's own account, and nothing else.

The requests are few and plain, so the image of the door needs no SDK. A proof holds each against the services' own
descriptions.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

_TOKEN = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
"""https://docs.cloud.google.com/run/docs/container-contract#metadata-server (2026-11)"""
_SECONDS = 60
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_WAITS = (1.0, 4.0, 16.0)
_EARLY = 60.0
"""Seconds before its end from which a token is not used any more."""


@dataclass(frozen=True)
class HttpAnswer:
    """What a service answers."""

    status: int
    """Code of HTTP."""

    body: bytes = b""
    """The body."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Headers, their names in lower case."""

    def json(self) -> dict[str, object]:
        """The body, which is an object of JSON; empty for none."""
        return cast("dict[str, object]", json.loads(self.body)) if self.body else {}


class GoogleRefused(OSError):
    """An answer that is no success, with the service's own words."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status
        """Code of HTTP."""
        self.reason = str(_error(answer).get("status", ""))
        """The service's word for it: `INVALID_ARGUMENT`."""


class Transport(Protocol):
    """One request over the network, without trying again."""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> HttpAnswer: ...


class GoogleApi:
    """Requests as the container's account.

    Args:
        transport: how requests are sent.
        sleep: waits between attempts.
        clock: seconds, for the age of the token.
    """

    def __init__(
        self,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send: Transport = transport or send
        self._sleep, self._clock = sleep, clock
        self._token, self._until = "", 0.0

    def call(
        self,
        method: str,
        url: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        allowed: tuple[int, ...] = (),
    ) -> HttpAnswer:
        """Send a request, again where the service asks for it.

        Each request of the door may be sent twice: it names what it makes, and what it expects to be there.

        Args:
            method: of HTTP.
            url: the address.
            body: what is sent as JSON. Omitted: nothing.
            raw: what is sent as it is.
            allowed: codes that are answers too, for example 404.

        Raises:
            GoogleRefused: it is refused, or not answered.
        """
        sent = raw if raw is not None else None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._bearer()}", "Content-Type": "application/json"}
        return self._ask(method, url, sent, headers, allowed)

    def _ask(
        self, method: str, url: str, sent: bytes | None, headers: Mapping[str, str], allowed: tuple[int, ...]
    ) -> HttpAnswer:
        answer = HttpAnswer(0)
        for wait in (*_WAITS, None):
            answer = self._send(method, url, sent, headers)
            if (answer.status < 300 and answer.status) or answer.status in allowed:
                return answer
            if wait is None or (answer.status and answer.status not in _AGAIN):
                break
            self._sleep(wait)
        raise GoogleRefused(method, url, answer)

    def _bearer(self) -> str:
        if self._clock() >= self._until:
            asked = self._clock()
            given = self._ask("GET", _TOKEN, None, {"Metadata-Flavor": "Google"}, ()).json()
            self._token = str(given["access_token"])
            self._until = asked + float(str(given["expires_in"])) - _EARLY
        return self._token


def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
    """Send one request; status 0 says that there was no answer."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as found:
            return HttpAnswer(
                found.status, found.read(), {name.lower(): value for name, value in found.headers.items()}
            )
    except urllib.error.HTTPError as refused:
        return HttpAnswer(
            refused.code, refused.read(), {name.lower(): value for name, value in refused.headers.items()}
        )
    except (urllib.error.URLError, TimeoutError, ConnectionError) as lost:
        return HttpAnswer(0, str(lost).encode())


def _words(answer: HttpAnswer) -> str:
    return str(_error(answer).get("message", ""))[:500] or answer.body[:200].decode("utf-8", "replace")


def _error(answer: HttpAnswer) -> dict[str, object]:
    try:
        error = answer.json().get("error")
    except (ValueError, AttributeError):
        return {}
    return cast("dict[str, object]", error) if isinstance(error, dict) else {}
