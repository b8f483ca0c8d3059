"""Calls of a platform's API: JSON in, JSON out, with retries, never showing the token."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

TIMEOUT = 30
"""Seconds to wait for a response."""
TRIES = 4
"""Maximum requests, the first one included."""
MAX_WAIT = 60
"""Maximum seconds before the next try; where the platform asks for more, the call fails."""


class ApiRefused(Exception):
    """The platform refused a call, or could not be reached."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response of the platform."""

    body: object
    """The JSON document; None where there is none."""

    headers: Mapping[str, str]
    """Headers, with names in lower case."""


@dataclass(frozen=True, slots=True)
class Api:
    """One platform's API."""

    base: str
    """Address before the paths, without a slash at its end."""

    headers: Mapping[str, str] = field(repr=False)
    """Headers of every request; the token is among them."""

    wait: Callable[[float], None] = time.sleep
    """Waits a number of seconds."""

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> ApiResponse:
        """Send one request, again where the platform is busy.

        Raises:
            ApiRefused: it was refused, or the platform could not be reached in time.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(method, path, body)
            except HTTPError as error:
                after = _retry_after(error, attempt)
                if after is None or attempt == TRIES:
                    raise ApiRefused(error.code, f"{method} {path}: {_reason(error)}") from None
                self.wait(after)
            except (URLError, TimeoutError, ConnectionError) as error:
                if attempt == TRIES:
                    reason = error.reason if isinstance(error, URLError) else error
                    raise ApiRefused(0, f"{method} {path}: no answer: {reason}") from None
                self.wait(2.0**attempt)
        raise AssertionError

    def _once(self, method: str, path: str, body: Mapping[str, object] | None) -> ApiResponse:
        data = json.dumps(body).encode() if body is not None else None
        headers = {**self.headers, "User-Agent": "mlplatform", "Content-Type": "application/json"}
        address = path if path.startswith(f"{self.base}/") else f"{self.base}{path}"
        request = Request(address, data=data, headers=headers, method=method)
        with urlopen(request, timeout=TIMEOUT) as response:
            text = response.read()
            received = {name.lower(): value for name, value in response.headers.items()}
        try:
            return ApiResponse(json.loads(text) if text else None, received)
        except ValueError:
            raise ApiRefused(0, f"{method} {path}: the answer is not JSON") from None


def _retry_after(error: HTTPError, attempt: int) -> float | None:
    """Seconds to wait; None where a retry is useless.

    GitHub answers 403 or 429 beyond a secondary limit:
    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    header = error.headers.get("Retry-After", "")
    limited = error.code == 429 or (error.code == 403 and (header or error.headers.get("X-RateLimit-Remaining") == "0"))
    if not limited and error.code < 500:
        return None
    seconds = float(header) if header.isdigit() else 2.0**attempt
    return seconds if seconds <= MAX_WAIT else None


def _reason(error: HTTPError) -> str:
    try:
        body: object = json.loads(error.read())
    except (ValueError, OSError):
        body = None
    message = cast("dict[str, object]", body).get("message") if isinstance(body, dict) else None
    return f"{error.code} {error.reason}" + (f": {str(message)[:200]}" if message else "")
