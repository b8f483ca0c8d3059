"""Removes what a spec names from the bodies of a request and its answer.

A body whose form is not known, or in which a named field could stand at a place that nobody knows, is not kept at all.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from mlplatform.monitor.bodies import LISTS, NESTED
from mlplatform.monitor.redaction.kinds import ORDER, without
from mlplatform.spec.capture_redaction import PersonalData
from mlplatform.spec.redaction_job import RedactionJob

Side = Literal["request", "answer"]

MARK = "[redacted]"
DATA_MARK = "[data]"

_PIECES = frozenset(
    {"logprobs", "prompt_logprobs", "top_logprobs", "token_ids", "prompt_token_ids", "tokens", "prefill"}
)
"""Fields with the same text once more, cut into tokens, in which nothing can be found."""

_JSON_TYPES = ("application/json", "application/jsonlines", "application/x-ndjson", "application/jsonl")
_TEXT_TYPES = ("", "text/plain", "text/csv", "text/event-stream", *_JSON_TYPES)
_LEAST_DIGITS = 7
"""Digits from which a number is looked at as a text: shorter ones are no card and no telephone."""

_EVENT = re.compile(r"^(data:[ ]?)(.*)$", re.DOTALL)
_DONE = "[DONE]"


class Withheld(Exception):
    """A body that cannot be redacted, with the reason."""


@dataclass(slots=True)
class _Piece:
    """A text in one of several events, which others may continue."""

    text: str
    put: Callable[[str], None]


class Redactor:
    """Removes what the rules name.

    Args:
        job: the rules, and the order of inputs that have no names in requests.
    """

    def __init__(self, job: RedactionJob) -> None:
        self._fields = frozenset(name.lower() for name in job.fields)
        self._columns = tuple(name.lower() for name in job.columns)
        self._kinds: list[PersonalData] = [kind for kind in ORDER if kind in job.kinds]
        self._patterns = [re.compile(each) for each in job.patterns]

    def body(self, text: str, content_type: str, side: Side) -> str:
        """A body without what the rules name.

        Raises:
            Withheld: it has no known form, or it may have a named field at an unknown place.
        """
        kind = content_type.partition(";")[0].strip().lower()
        if kind not in _TEXT_TYPES and not kind.endswith("+json"):
            raise Withheld("content that is no JSON, CSV or text")
        try:
            return self._body(text, kind, side)
        except RecursionError as error:
            raise Withheld("content that is nested too deeply") from error

    def text(self, given: str) -> str:
        """A text without personal data and without what the patterns find."""
        for each in self._kinds:
            given = without(each, given)
        for pattern in self._patterns:
            given = pattern.sub(MARK, given)
        return given

    def _body(self, text: str, kind: str, side: Side) -> str:
        if not text.strip():
            return text
        if kind == "text/event-stream" or text.lstrip().startswith(("data:", "event:", ":")):
            return self._stream(text)
        if kind != "text/csv":
            try:
                return json.dumps(self._document(json.loads(text), side), ensure_ascii=False)
            except ValueError:
                pass
            lines = [line for line in text.splitlines() if line.strip()]
            if all(line.lstrip().startswith(("{", "[")) for line in lines):
                return self._json_lines(lines, side)
            if kind in _JSON_TYPES or kind.endswith("+json"):
                raise Withheld("content that is no JSON, though it says so")
        return self._table(text, side) if self._fields else self.text(text)

    def _document(self, given: object, side: Side) -> object:
        if self._fields and side == "request":
            given = self._rows_without_names(given)
        return self._value(given)

    def _value(self, given: object) -> object:
        if isinstance(given, str):
            return self._string(given)
        if isinstance(given, dict):
            return self._object(cast("dict[str, object]", given))
        if isinstance(given, list):
            return [self._value(each) for each in cast("list[object]", given)]
        if isinstance(given, int) and not isinstance(given, bool):
            digits = str(given)
            # the number of a card may be one
            return given if len(digits) < _LEAST_DIGITS or self.text(digits) == digits else MARK
        return given

    def _object(self, given: dict[str, object]) -> dict[str, object]:
        names = given.get("columns")
        if isinstance(names, list) and isinstance(given.get("data"), list):
            given = {**given, "data": self._without_columns(given["data"], cast("list[object]", names))}
        named = given.get("name", given.get("key"))
        removed = isinstance(named, str) and named.lower() in self._fields
        made: dict[str, object] = {}
        for name, value in given.items():
            if name.lower() in self._fields or name.lower() in _PIECES:
                made[name] = None
            elif removed and name.lower() in ("data", "value", "values"):
                made[name] = _emptied(value)
            else:
                made[self.text(name)] = self._value(value)
        return made

    def _string(self, given: str) -> str:
        if given.startswith("data:") and ";base64," in given[:200]:
            return DATA_MARK
        start = given.lstrip()[:1]
        if start in ("{", "["):
            # the arguments of a tool's call are JSON in a text
            try:
                inner: object = json.loads(given)
            except ValueError:
                return self.text(given)
            made = self._value(inner)
            return given if made == inner else json.dumps(made, ensure_ascii=False)
        return self.text(given)

    def _without_columns(self, rows: object, names: Sequence[object]) -> object:
        gone = {at for at, name in enumerate(names) if isinstance(name, str) and name.lower() in self._fields}
        if not gone:
            return rows
        return [
            [None if at in gone else value for at, value in enumerate(cast("list[object]", row))]
            if isinstance(row, list)
            else None
            for row in cast("list[object]", rows)
        ]

    def _rows_without_names(self, given: object) -> object:
        """A request's rows whose values have no names: they have those of the model's inputs, in their order."""
        if isinstance(given, list):
            return self._by_place(cast("list[object]", given))
        if not isinstance(given, dict):
            return given
        body = cast("dict[str, object]", given)
        made = dict(body)
        for name in NESTED:
            if isinstance(body.get(name), dict):
                made[name] = self._rows_without_names(body[name])
        if isinstance(body.get("columns"), list):
            return made
        for name in LISTS:
            if isinstance(body.get(name), list):
                made[name] = self._by_place(cast("list[object]", body[name]))
        return made

    def _by_place(self, rows: list[object]) -> list[object]:
        if rows and all(isinstance(each, dict) for each in rows):
            found = cast("list[dict[str, object]]", rows)
            tensors = all({"name", "data"} <= set(each) for each in found)
            names = {str(each["name"]).lower() for each in found} if tensors else set[str]()
            if tensors and len(found) == 1 and not names & {*self._columns, *self._fields}:
                self._checked_width(0)
            return rows
        if all(isinstance(each, list) for each in rows):
            return [self._row(cast("list[object]", each)) for each in rows]
        # plain values: one row of all inputs, or a row each
        return self._row(rows)

    def _row(self, row: list[object]) -> list[object]:
        gone = self._checked_width(len(row))
        return [None if at in gone else value for at, value in enumerate(row)]

    def _checked_width(self, width: int) -> set[int]:
        """The places of named fields in a row of so many values."""
        if not self._columns or width != len(self._columns):
            raise Withheld("rows without names, in an order that nobody knows")
        return {at for at, name in enumerate(self._columns) if name in self._fields}

    def _table(self, text: str, side: Side) -> str:
        """CSV, with or without a line of names."""
        try:
            rows = list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error as error:
            raise Withheld("CSV that cannot be read") from error
        head = [cell.strip().lower() for cell in rows[0]]
        named = bool(set(head) & {*self._fields, *self._columns})
        gone: set[int] = set()
        if named:
            gone = {at for at, name in enumerate(head) if name in self._fields}
        elif side == "request":
            gone = self._checked_width(len(head))
        if any(row and len(row) != len(head) for row in rows):
            raise Withheld("CSV whose rows are of several lengths")
        made = io.StringIO(newline="")
        out = csv.writer(made, lineterminator="\n")
        for number, row in enumerate(rows):
            keeps = named and number == 0
            out.writerow([self.text(cell) if keeps or at not in gone else "" for at, cell in enumerate(row)])
        return made.getvalue()

    def _json_lines(self, lines: Sequence[str], side: Side) -> str:
        try:
            parsed: list[object] = [json.loads(line) for line in lines]
        except ValueError as error:
            raise Withheld("lines of JSON that cannot be read") from error
        self._join(parsed)
        return "\n".join(json.dumps(self._document(each, side), ensure_ascii=False) for each in parsed)

    def _stream(self, text: str) -> str:
        """Events of a server: a name that is cut into several of them is one name."""
        lines = text.splitlines()
        events: dict[int, object] = {}
        for at, line in enumerate(lines):
            found = _EVENT.match(line)
            if found is None:
                # names of events, their numbers and comments
                lines[at] = self.text(line)
            elif found[2].strip() != _DONE:
                try:
                    events[at] = json.loads(found[2])
                except ValueError as error:
                    raise Withheld("a stream whose events are no JSON") from error
        self._join(list(events.values()))
        for at, event in events.items():
            lines[at] = f"data: {json.dumps(self._value(event), ensure_ascii=False)}"
        return "\n".join(lines) + "\n\n"

    def _join(self, events: Sequence[object]) -> None:
        """Judge texts that several events continue as one, which the first of them gets, if anything is removed."""
        found: dict[tuple[object, ...], list[_Piece]] = {}
        for event in events:
            for path, piece in _pieces(event, ()):
                found.setdefault(path, []).append(piece)
        for pieces in found.values():
            if len({piece.text for piece in pieces}) < 2:
                continue
            whole = "".join(piece.text for piece in pieces)
            made = self._string(whole)
            if made != whole:
                for number, piece in enumerate(pieces):
                    piece.put(made if number == 0 else "")


def _pieces(given: object, path: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], _Piece]]:
    """The texts of an event with their places; what is of one choice has its number as place."""
    if isinstance(given, dict):
        thing = cast("dict[str, object]", given)
        for name, value in thing.items():
            if isinstance(value, str):
                yield (*path, name), _Piece(value, _putting(thing, name))
            else:
                yield from _pieces(value, (*path, name))
    elif isinstance(given, list):
        things = cast("list[object]", given)
        for number, value in enumerate(things):
            place = _place_of(value, number)
            if isinstance(value, str):
                yield (*path, place), _Piece(value, _putting(things, number))
            else:
                yield from _pieces(value, (*path, place))


def _place_of(value: object, number: int) -> int:
    own = cast("dict[str, object]", value).get("index") if isinstance(value, dict) else None
    return own if isinstance(own, int) else number


def _putting(thing: dict[str, object] | list[object], key: object) -> Callable[[str], None]:
    def put(text: str) -> None:
        cast("dict[object, object]", thing)[key] = text

    return put


def _emptied(value: object) -> object:
    """As many nothings as there were values, so that the other columns keep their rows."""
    return [_emptied(each) for each in cast("list[object]", value)] if isinstance(value, list) else None
