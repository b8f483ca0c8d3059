"""Requests to a platform's API: JSON in, JSON out, patient with limits, never telling the token."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

TIMEOUT = 30
"""Seconds until an answer is given up."""
TRIES = 4
"""Requests at most, the first one included."""
MAX_WAIT = 60
"""Seconds at most before the next try; a longer wish is refused."""


class Refused(Exception):
    """The platform said no, or could not be reached."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    body: object
    """The JSON document; None where there is none."""

    headers: Mapping[str, str]
    """Headers, with names in lower case."""


@dataclass(frozen=True, slots=True)
class Api:
    """One platform's API."""

    base: str
    """Address that paths follow, without a slash at its end."""

    headers: Mapping[str, str] = field(repr=False)
    """Headers of every request; the token is among them."""

    wait: Callable[[float], None] = time.sleep
    """Waits some seconds."""

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """One request, tried again where the platform is busy.

        Raises:
            Refused: it said no, or could not be reached in time.
        """
        for tried in range(1, TRIES + 1):
            try:
                return self._once(method, path, body)
            except HTTPError as error:
                after = _retry_after(error, tried)
                if after is None or tried == TRIES:
                    raise Refused(error.code, f"{method} {path}: {_reason(error)}") from None
                self.wait(after)
            except (URLError, TimeoutError, ConnectionError) as error:
                if tried == TRIES:
                    reason = error.reason if isinstance(error, URLError) else error
                    raise Refused(0, f"{method} {path}: no answer: {reason}") from None
                self.wait(2.0**tried)
        raise AssertionError

    def _once(self, method: str, path: str, body: Mapping[str, object] | None) -> Answer:
        data = json.dumps(body).encode() if body is not None else None
        headers = {**self.headers, "User-Agent": "mlplatform", "Content-Type": "application/json"}
        address = path if path.startswith(f"{self.base}/") else f"{self.base}{path}"
        request = Request(address, data=data, headers=headers, method=method)
        with urlopen(request, timeout=TIMEOUT) as response:
            text = response.read()
            found = {name.lower(): value for name, value in response.headers.items()}
        try:
            return Answer(json.loads(text) if text else None, found)
        except ValueError:
            raise Refused(0, f"{method} {path}: the answer is no JSON") from None


def _retry_after(error: HTTPError, tried: int) -> float | None:
    """Seconds to wait; None where another try is of no use.

    GitHub answers 403 or 429 beyond a secondary limit:
    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    told = error.headers.get("Retry-After", "")
    limited = error.code == 429 or (error.code == 403 and (told or error.headers.get("X-RateLimit-Remaining") == "0"))
    if not limited and error.code < 500:
        return None
    seconds = float(told) if told.isdigit() else 2.0**tried
    return seconds if seconds <= MAX_WAIT else None


def _reason(error: HTTPError) -> str:
    try:
        said: object = json.loads(error.read())
    except (ValueError, OSError):
        said = None
    message = cast("dict[str, object]", said).get("message") if isinstance(said, dict) else None
    return f"{error.code} {error.reason}" + (f": {str(message)[:200]}" if message else "")
