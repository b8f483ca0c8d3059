"""Reads what endpoints captured: one exchange, request and answer, after another.

- SageMaker writes lines of JSON with both sides (`captureData`, `eventMetadata`).
- Azure Machine Learning writes CloudEvents, requests and answers in files of their own, joined by `correlationid`.
- The platform's router, on Cloud Run and in clusters, writes a file of JSON for each exchange (Envoy's tap).

Nothing in these files ends the run: what cannot be read is counted by what is wrong with it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from mlplatform.monitor.rows import SeenRows, hash_of

NOT_JSON = "lines that are cut off, or no JSON"
NO_FORMAT = "lines of no known format"
ONE_SIDED = "requests without an answer, or answers without a request"
CUT_BODY = "bodies that the capture cut off"
ELSEWHERE = "bodies that are kept in a file of their own, which the capture does not have"
FAILED = "requests that were answered by an error"
NO_VARIANT = "exchanges that do not say which variant answered"
TWICE = "exchanges that were written twice; they count once"
NO_TIME = "exchanges whose time is none"
OTHER_TIME = "exchanges of another time than their folder"
FILES = "files that are no captures: their names do not end in .json or .jsonl"
WITHHELD = "bodies that were not kept, since they could not be redacted"

VARIANT_HEADER = "x-mlplatform-variant"
"""Header with which the router says which variant answered."""

_DEPLOYMENT = re.compile(r"/deployments/([^/]+)-[^-/]+$")
"""End of the source of an event, https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data: a
deployment is named by its variant and the hash of its content."""

WITHHELD_MARK = "withheld"
"""Field of a body that was not kept, instead of its text."""

MOST_WAITING = 1_000_000
"""Requests that wait for their answer at once; the oldest ones are given up."""

_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1970, 9000))
"""Moments that stay in the calendar in every time zone."""

_BROKEN = object()
"""A body that is told already; `null` is one that says nothing."""

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CapturedExchange:
    """A request and its answer."""

    key: str
    """What tells it from others: the same key twice is one exchange that was written twice. Empty: unknown."""

    time: float | None
    """When it was answered, in seconds since 1970."""

    request: object
    """The body as JSON, or as text."""

    answer: object
    """The body as JSON, or as text."""

    row_id: str = ""
    """The id that the caller gave to the request."""

    seconds: float | None = None
    """From the request to its answer, as the capture says. None: it does not."""

    variant: str | None = None
    """The variant that answered; empty where nobody says. None: that of the folder, in which are no others."""

    @property
    def streamed(self) -> bool:
        """Whether the answer came as a stream of events, whose headers come before its text."""
        return isinstance(self.answer, str)


class CaptureReader:
    """Reads lines of any of the formats.

    Args:
        problem: is told what cannot be read.
    """

    def __init__(self, problem: Told) -> None:
        self._problem = problem
        self._waiting: dict[str, tuple[bool, object, float | None]] = {}
        self._joined = SeenRows()

    def read(self, lines: Iterable[str]) -> Iterator[CapturedExchange]:
        """The exchanges of one file."""
        for line in self._documents(lines):
            try:
                given: object = json.loads(line)
            except (ValueError, RecursionError):
                self._problem(NOT_JSON)
                continue
            if isinstance(given, dict):
                yield from self._exchange(cast("dict[str, object]", given))
            else:
                self._problem(NO_FORMAT)

    def _documents(self, lines: Iterable[str]) -> Iterator[str]:
        """Lines that are not empty; one that is a brace alone begins an object of several lines, as Envoy writes it."""
        object_lines: list[str] = []
        for line in lines:
            if object_lines:
                object_lines.append(line)
                if line.rstrip() == "}":
                    yield "".join(object_lines)
                    object_lines.clear()
            elif line.rstrip() == "{":
                object_lines.append(line)
            elif line.strip():
                yield line
        if object_lines:
            self._problem(NOT_JSON)

    def end(self) -> None:
        """Count what still waits for its other side."""
        for key in self._waiting:
            # events are sent at least once: what came again had its other side before
            self._problem(ONE_SIDED if self._joined.add(hash_of(key)) else TWICE)
        self._waiting.clear()

    def _exchange(self, given: dict[str, object]) -> Iterator[CapturedExchange]:
        found: CapturedExchange | None = None
        if "captureData" in given:
            found = self._sagemaker(given)
        elif "http_buffered_trace" in given:
            found = self._envoy(_object(given["http_buffered_trace"]))
        elif "specversion" in given:
            found = self._cloud_event(given)
        else:
            self._problem(NO_FORMAT)
        if found is not None:
            yield found

    def _sagemaker(self, given: dict[str, object]) -> CapturedExchange | None:
        sides = _object(given["captureData"])
        about = _object(given.get("eventMetadata"))
        request, answer = _object(sides.get("endpointInput")), _object(sides.get("endpointOutput"))
        if not request or not answer:
            self._problem(ONE_SIDED)
            return None
        bodies = [self._sagemaker_body(side) for side in (request, answer)]
        if _BROKEN in bodies:
            return None
        return CapturedExchange(
            _text(about.get("eventId")),
            self._time(about.get("inferenceTime")),
            *bodies,
            row_id=_text(about.get("inferenceId")),
        )

    def _sagemaker_body(self, side: dict[str, object]) -> object:
        data = side.get("data")
        if side.get("encoding") == "BASE64" and isinstance(data, str):
            return self._decoded(data)
        return _parsed(data) if isinstance(data, str) else data

    def _envoy(self, given: dict[str, object]) -> CapturedExchange | None:
        request, answer = _object(given.get("request")), _object(given.get("response"))
        if not request or not answer:
            self._problem(ONE_SIDED)
            return None
        asked, answered = _headers(request), _headers(answer)
        if not answered.get(":status", "200").startswith("2"):
            self._problem(FAILED)
            return None
        bodies: list[object] = []
        for side in (request, answer):
            body = _object(side.get("body"))
            if body.get(WITHHELD_MARK):
                self._problem(WITHHELD)
                return None
            if body.get("truncated"):
                self._problem(CUT_BODY)
                return None
            if "as_string" in body:
                bodies.append(_parsed(_text(body["as_string"])))
            else:
                bodies.append(self._decoded(_text(body.get("as_bytes"))))
        if _BROKEN in bodies:
            return None
        time = self._time(request.get("headers_received_time")) or self._time(answered.get("date"))
        return CapturedExchange(
            asked.get("x-request-id", ""),
            time,
            *bodies,
            row_id=asked.get("x-inference-id", ""),
            seconds=_between(_time(request.get("headers_received_time")), _time(answer.get("headers_received_time"))),
            variant=answered.get(VARIANT_HEADER, ""),
        )

    def _cloud_event(self, given: dict[str, object]) -> CapturedExchange | None:
        if str(given.get("datainblob")).lower() == "true":
            self._problem(ELSEWHERE)
            return None
        key = _text(given.get("correlationid")) or _text(given.get("xrequestid"))
        kind = _text(given.get("type"))
        asks = kind.endswith(("request", "inputs"))
        if not key or not (asks or kind.endswith(("response", "outputs"))):
            self._problem(NO_FORMAT)
            return None
        data = given.get("data")
        body = _parsed(data) if isinstance(data, str) else data
        other = self._waiting.get(key)
        if other is None or other[0] == asks:
            # the same side twice is one event that was written twice
            self._waiting.setdefault(key, (asks, body, self._time(given.get("time"))))
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
                self._problem(ONE_SIDED)
            return None
        del self._waiting[key]
        if not self._joined.add(hash_of(key)):
            self._problem(TWICE)
            return None
        request, answer = (body, other[1]) if asks else (other[1], body)
        moments = (self._time(given.get("time")), other[2])
        time, answered = moments if asks else moments[::-1]
        found = _DEPLOYMENT.search(_text(given.get("source")))
        seconds = _between(time, answered)
        return CapturedExchange(key, time, request, answer, seconds=seconds, variant=found[1] if found else "")

    def _time(self, value: object) -> float | None:
        """A moment in seconds since 1970; None where none is told, or none that a calendar has."""
        found = _time(value)
        if found is None and value:
            self._problem(NO_TIME)
        return found

    def _decoded(self, text: str) -> object:
        try:
            return _parsed(base64.b64decode(text, validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            self._problem("bodies that are no text")
            return _BROKEN


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _parsed(text: str) -> object:
    """JSON, or the text where it is none: CSV, or several lines of JSON."""
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _headers(side: dict[str, object]) -> dict[str, str]:
    found = side.get("headers")
    pairs = (_object(each) for each in (cast("list[object]", found) if isinstance(found, list) else []))
    return {_text(each.get("key")).lower(): _text(each.get("value")) for each in pairs}


def _between(start: float | None, end: float | None) -> float | None:
    return end - start if start is not None and end is not None and end >= start else None


def _time(value: object) -> float | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        try:
            found = datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT")
        except ValueError:
            return None
    moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return moment if _FIRST <= moment < _LAST else None
