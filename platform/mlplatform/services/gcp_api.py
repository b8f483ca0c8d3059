"""Google's services by their REST interfaces: with the token of the container's own account, and nothing else.

The requests are few and plain, so the programs' image needs no SDK. A proof holds each against the services' own
descriptions.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from mlplatform.services.rest import HttpAnswer, Transport, ask, send

_TOKEN = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
"""https://docs.cloud.google.com/run/docs/container-contract#metadata-server (2026-11)"""
_EARLY = 60.0
"""Seconds before its end from which a token is not used any more."""


class GoogleRefused(OSError):
    """An answer that is no success, with the service's own words."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status
        """Code of HTTP."""
        self.reason = str(answer.error.get("status", ""))
        """The service's word for it: `INVALID_ARGUMENT`."""


class GoogleApi:
    """Requests as the container's account, or with the tokens of another login.

    Args:
        transport: how requests are sent.
        sleep: waits between attempts.
        clock: seconds, for the age of the token.
        token: gives a token for each request, of another login. Omitted: that of the container's account.
    """

    def __init__(
        self,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        token: Callable[[], str] | None = None,
    ) -> None:
        self._given = token
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
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> HttpAnswer:
        """Send a request, again where the service asks for it.

        Each request of the programs may be sent twice: it names what it makes, and what it expects to be there; a
        message that comes twice has the same key.

        Args:
            method: of HTTP.
            url: the address.
            body: what is sent as JSON. Omitted: nothing.
            raw: what is sent as it is.
            headers: more of them, or others.
            allowed: codes that are answers too, for example 404.

        Raises:
            GoogleRefused: it is refused, or not answered.
        """
        sent = raw if raw is not None else None if body is None else json.dumps(body).encode()
        own = {"Authorization": f"Bearer {self.bearer()}", "Content-Type": "application/json"}
        return self._ask(method, url, sent, {**own, **(headers or {})}, allowed)

    def _ask(
        self, method: str, url: str, sent: bytes | None, headers: Mapping[str, str], allowed: tuple[int, ...]
    ) -> HttpAnswer:
        answer, good = ask(self._send, self._sleep, method, url, sent, headers, allowed)
        if not good:
            raise GoogleRefused(method, url, answer)
        return answer

    def bearer(self) -> str:
        """A token of the account, which is valid for some minutes at least."""
        if self._given:
            return self._given()
        if self._clock() >= self._until:
            asked = self._clock()
            given = self._ask("GET", _TOKEN, None, {"Metadata-Flavor": "Google"}, ()).json()
            self._token = str(given["access_token"])
            self._until = asked + float(str(given["expires_in"])) - _EARLY
        return self._token


def _words(answer: HttpAnswer) -> str:
    return str(answer.error.get("message", ""))[:500] or answer.body[:200].decode("utf-8", "replace")
