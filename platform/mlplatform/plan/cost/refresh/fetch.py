"""Reads public price lists over HTTPS, with retries and clear errors."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import IO, cast
from urllib.parse import urlsplit

ATTEMPTS = 4
"""Attempts per page."""
TIMEOUT_SECONDS = 60
"""Longest wait for a response."""
_PASSING = (429, 500, 502, 503, 504)


class NotRefreshed(ValueError):
    """A price list cannot be read; the text has the list, the reason and the fix."""


@contextmanager
def open_page(url: str, *, pause_seconds: float = 2.0) -> Generator[IO[bytes]]:
    """A page as a stream.

    Args:
        url: its address.
        pause_seconds: pause before the second attempt; doubled for each further one.

    Raises:
        NotRefreshed: it cannot be read.
    """
    with _answer(url, pause_seconds) as answer:
        try:
            yield answer
        except (HTTPException, OSError) as error:
            raise NotRefreshed(f"{_public(url)}: the response was cut off: {error or type(error).__name__}") from error


def _answer(url: str, pause_seconds: float) -> IO[bytes]:
    if urlsplit(url).scheme not in ("https", "http"):
        raise NotRefreshed(f"{url[:80]}: expected an address that begins with https://")
    for attempt in range(ATTEMPTS):
        last = attempt == ATTEMPTS - 1
        try:
            request = urllib.request.Request(url, headers={"Accept": "*/*", "User-Agent": "mlplatform"})
            return cast("IO[bytes]", urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS))
        except urllib.error.HTTPError as error:
            if error.code not in _PASSING or last:
                raise NotRefreshed(f"{_public(url)}: the server responded with {error.code} {error.reason}") from error
        except (HTTPException, OSError) as error:
            if last:
                raise NotRefreshed(
                    f"{_public(url)}: cannot be reached: {getattr(error, 'reason', error)}; "
                    "try again later, or give a mirror of the list with --url"
                ) from error
        time.sleep(pause_seconds * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


def read_json_page(url: str, *, pause_seconds: float = 2.0) -> dict[str, object]:
    """A page that is a JSON object.

    Raises:
        NotRefreshed: it cannot be read, or is not a JSON object.
    """
    with open_page(url, pause_seconds=pause_seconds) as stream:
        try:
            page: object = json.load(stream)
        except ValueError as error:
            raise NotRefreshed(f"{_public(url)}: invalid JSON: {error}") from error
    if not isinstance(page, dict):
        raise NotRefreshed(f"{_public(url)}: expected a JSON object")
    return cast("dict[str, object]", page)


@contextmanager
def open_lines(url: str, *, pause_seconds: float = 2.0) -> Generator[Iterator[str]]:
    """A page line by line: price lists can be larger than memory."""
    with open_page(url, pause_seconds=pause_seconds) as stream:
        yield io.TextIOWrapper(stream, encoding="utf-8", newline="")


def _public(url: str) -> str:
    """The address without its query, which may contain keys."""
    return url.partition("?")[0]
