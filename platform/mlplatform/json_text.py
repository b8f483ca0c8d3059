"""Reads JSON that others wrote, strictly: what JSON libraries let pass and programs then trip over is refused here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import NoReturn, cast

MAX_DEPTH = 64
"""Levels of lists and objects; a document of a cloud has about ten."""
MAX_DIGITS = 40
"""Digits of a whole number; the largest that a cloud knows has 20."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(ValueError):
    """A text that is no usable JSON; the text says what is wrong, and where as far as that is known."""

    def __init__(
        self,
        got: str,
        expected: str = "valid JSON",
        fix: str = "correct the syntax",
        *,
        line: int | None = None,
        column: int | None = None,
        cut: bool = False,
    ) -> None:
        self.got, self.expected, self.fix = got, expected, fix
        self.line, self.column, self.cut = line, column, cut
        place = f" in line {line}, column {column}" if line else ""
        super().__init__(f"{got}{place}")


class ManyDocuments(NotJson):
    """More text after the first value: perhaps one value per line."""


def parse_json(text: str) -> object:
    """The value in a text.

    Refused, besides broken syntax: a key twice in an object (readers disagree which one counts), `NaN`, infinite and
    endless numbers, more than 64 levels, and halves of surrogate pairs, which no file can hold.

    Raises:
        NotJson: with the first of these.
    """
    try:
        value: object = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        kind = ManyDocuments if error.msg == "Extra data" else NotJson
        cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        raise kind(error.msg, fix=_fix(text, error), line=error.lineno, column=error.colno, cut=cut) from None
    except RecursionError:
        raise _too_deep() from None
    if is_deep(value):
        raise _too_deep()
    # a pair of surrogates is one character; only a half remains one in the parsed text
    if _SURROGATE.search(text) and any(map(is_broken_text, _texts(value))):
        raise NotJson("half of a surrogate pair", "characters that a file can hold", "write whole characters")
    return value


def _fix(text: str, error: json.JSONDecodeError) -> str:
    """What to do about the mistakes that people make who know Python or JavaScript."""
    here, before = text[error.pos :].lstrip(), text[: error.pos].rstrip()
    if error.msg.startswith("Illegal trailing comma") or (before.endswith(",") and here[:1] in ("}", "]")):
        return "remove the comma behind the last entry"
    if here.startswith("'"):
        return "write double quotes"
    if here.startswith(("//", "/*", "#")):
        return "remove the comment: JSON has none, YAML has"
    if re.match(r"(True|False|None)\b", here):
        return "write true, false or null"
    if "delimiter" in error.msg and here[:1] in ('"', "{", "["):
        return "write the comma, or the colon, before it"
    if re.match(r"[A-Za-z_]", here):
        return "write it in double quotes"
    return "correct the syntax"


def parse_document(text: str) -> object:
    """The object or list in a text; None where it has none, or one that no reader could agree on."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return parse_json(text)
    except NotJson:
        return None


def is_deep(value: object, most: int = MAX_DEPTH) -> bool:
    """Whether a value has more levels of lists and objects than `most`, however many."""
    level: list[object] = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        level = [inner for each in level for inner in _inner(each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()


def is_broken_text(text: str) -> bool:
    """Whether a text has half of a surrogate pair, which cannot be written to a file."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _texts(value: object) -> Iterator[str]:
    """All texts in a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _texts(item)


def _too_deep() -> NotJson:
    return NotJson(f"more than {MAX_DEPTH} levels of nesting", "a document as deep as those of a cloud", "flatten it")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"the key '{_shown(twice)}' twice in one object", "each key once", "keep one of the two")
    return fields


def _constant(name: str) -> NoReturn:
    raise NotJson(name, "a finite number", "write a finite number")


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise NotJson(f"the number {_shown(text)}", "a finite number", "write a smaller number")
    return number


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise NotJson(f"a number of {len(text):,} digits", f"at most {MAX_DIGITS}", "write a smaller number")
    return int(text)


def _shown(text: str) -> str:
    return text[:40].encode("ascii", "backslashreplace").decode()
