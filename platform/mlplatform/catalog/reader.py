"""Typed reading of the catalogue's TOML files: every error names the file, the place and the expected value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar, cast

from mlplatform.fast.toml import read_toml

T = TypeVar("T")
Word = TypeVar("Word", bound=str)


MAX_NUMBER = 1_000_000_000_000
"""Largest number of a catalogue or price file."""


class CatalogError(ValueError):
    """A catalogue file is invalid; the text has place, value and expectation."""


class Table:
    """One table of a TOML file; it knows its place, and refuses keys that nobody has read."""

    def __init__(self, file: Path, where: str, values: Mapping[str, object]) -> None:
        self.file = file
        self.where = where
        self._values = values
        self._asked: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def error(self, key: str, expected: str) -> CatalogError:
        """The error for one entry."""
        return CatalogError(
            f"{self.file.name}: {self.where}{key}: got {_shown(self._values.get(key))}, expected {expected}"
        )

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """A value of one type; required if there is no default."""
        self._asked.add(key)
        value = self._values.get(key, default)
        # to Python a truth value is a number and a moment is a day
        more = bool if kind is int else datetime if kind is date else ()
        if not isinstance(value, kind) or (type(value) is not kind and isinstance(cast("object", value), more)):
            raise self.error(key, f"a value of type {kind.__name__}")
        return value

    def number(self, key: str) -> float:
        """A number, whole or not; required."""
        self._asked.add(key)
        value = self._values.get(key)
        # not a number is not below any bound, and would pass every budget
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_NUMBER:
            raise self.error(key, f"a number of at least 0, at most {MAX_NUMBER:,}")
        return float(value)

    def version(self, key: str) -> tuple[int, int] | None:
        """A text such as `8.9` as two whole numbers; None if it is omitted."""
        text = self.optional(key, str)
        if text is None:
            return None
        major, dot, minor = text.partition(".")
        if not (dot and major.isdecimal() and minor.isdecimal()):
            raise self.error(key, "a text of two whole numbers, for example '8.9'")
        return int(major), int(minor)

    def optional(self, key: str, kind: type[T]) -> T | None:
        """A value of one type, or None if it is omitted."""
        self._asked.add(key)
        return self.get(key, kind) if key in self._values else None

    def one_of(self, key: str, allowed: tuple[Word, ...], default: str = "") -> Word:
        """One of the allowed words; required if there is no default."""
        value = self.get(key, str, default)
        if value not in allowed:
            raise self.error(key, f"one of {', '.join(allowed)}")
        return cast("Word", value)

    def some_of(self, key: str, allowed: tuple[Word, ...], default: frozenset[Word] = frozenset()) -> frozenset[Word]:
        """Some of the allowed words; at least one if there is no default."""
        values = self.texts(key)
        if not set(values) <= set(allowed) or not (values or default):
            raise self.error(key, f"some of {', '.join(allowed)}")
        return frozenset(cast("tuple[Word, ...]", values)) or default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty if it is omitted."""
        values = cast("list[object]", self.get(key, list, []))
        if not all(isinstance(value, str) for value in values):
            raise self.error(key, "a list of strings")
        return tuple(cast("list[str]", values))

    def numbers(self, key: str) -> tuple[tuple[str, int], ...]:
        """A table of whole numbers; empty if it is omitted."""
        values = cast("dict[str, object]", self.get(key, dict, {}))
        pairs = tuple((name, value) for name, value in values.items() if isinstance(value, int))
        if len(pairs) != len(values):
            raise self.error(key, "a table of whole numbers")
        return pairs

    def table(self, key: str) -> Table:
        """A table below this one; empty if it is omitted."""
        values = cast("dict[str, object]", self.get(key, dict, {}))
        return Table(self.file, f"{self.where}{key}.", values)

    def tables(self, key: str) -> Iterator[Table]:
        """A list of tables; empty if it is omitted."""
        values = cast("list[object]", self.get(key, list, []))
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.error(key, "a list of tables")
            yield Table(self.file, f"{self.where}{key}[{index}].", cast("dict[str, object]", value))

    def done(self) -> None:
        """Refuse keys that were never read: a misspelled key would be ignored silently."""
        for key in self._values:
            if key not in self._asked:
                raise self.error(key, f"one of {', '.join(sorted(self._asked))}")


def read_table(path: Path) -> Table:
    """Read a TOML file.

    Raises:
        CatalogError: it cannot be read, or is not TOML.
    """
    try:
        return Table(path, "", read_toml(path))
    except (OSError, ValueError, RecursionError) as error:  # not readable, not UTF-8, not TOML, too deep
        raise CatalogError(f"{path}: {error}; expected a readable TOML catalogue") from error


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits
        return f"a {type(value).__name__} too long to show"
    return text if len(text) <= 80 else f"{text[:80]}…"


def read_sources(table: Table) -> tuple[date, tuple[str, ...]]:
    """The day of a file's facts and the pages that they come from; both are required."""
    sources = table.texts("sources")
    if not sources:
        raise table.error("sources", "at least one page of the vendor")
    return table.get("as_of", date), sources
