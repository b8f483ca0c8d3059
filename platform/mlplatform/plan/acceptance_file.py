"""Reads the acceptance file and reports all its problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from mlplatform.plan.acceptance import Acceptance, today
from mlplatform.reading.describe.shape import Location, dotted_path
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.base import SpecModel
from mlplatform.spec.problem import Problem

FILE = "mlplatform.accepted.yaml"
"""Name of the file, beside Pulumi.yaml."""
MAX_DAYS = 366
"""Latest expiry: every acceptance is reviewed again within a year."""


class _Entries(SpecModel):
    """The list in the file."""

    entries: tuple[Acceptance, ...]
    """The entries of the file."""


def find_acceptance_file(folder: Path | None = None) -> Path | None:
    """The acceptance file of the nearest project.

    Args:
        folder: where to start; parents are searched up to the project. Omitted: the working directory.
    """
    here = (folder or Path.cwd()).resolve()
    for place in (here, *here.parents):
        if (place / FILE).is_file():
            return place / FILE
        if (place / "Pulumi.yaml").is_file():
            return None
    return None


def read_acceptances(file: Path, *, now: Callable[[], date] | None = None) -> tuple[Acceptance, ...]:
    """Read the entries of an acceptance file: a YAML list, which may be empty.

    Args:
        file: path of the file.
        now: returns today's date. Omitted: `mlplatform.plan.acceptance.today`.

    Raises:
        Unacceptable: with every problem.
    """
    try:
        text = read_text(file)
    except Unacceptable as refused:
        raise Unacceptable(*(replace(problem, file=str(file)) for problem in refused.problems)) from None
    return parse_acceptances(text, str(file), now=now)


def parse_acceptances(text: str, file: str, *, now: Callable[[], date] | None = None) -> tuple[Acceptance, ...]:
    """As `read_acceptances`, from the text of a file.

    Args:
        text: its content.
        file: its name, for messages.
        now: as there.

    Raises:
        Unacceptable: with every problem.
    """
    try:
        data, lines = _parsed(text)
        problems, entries = _validated(data)
    except Unacceptable as refused:
        raise Unacceptable(*(replace(problem, file=file) for problem in refused.problems)) from None
    latest = (now or today)() + timedelta(days=MAX_DAYS)
    problems += [*_too_late(entries, latest), *_twice(entries)]
    if problems:
        raise Unacceptable(
            *(
                replace(problem, path=dotted_path(location), file=file, line=_line(lines, location))
                for location, problem in sorted(problems, key=_position)
            )
        )
    return tuple(entry for _, entry in entries)


def _parsed(text: str) -> tuple[list[object], dict[Location, int]]:
    from mlplatform.reading.document import read_yaml
    from mlplatform.reading.yaml_tree import NotReadable

    try:
        document = read_yaml(text)
    except NotReadable as error:
        raise Unacceptable(Problem("", error.got, error.expected, error.fix, line=error.line)) from None
    if document.data is None:
        return [], {}
    data: object = document.data
    if not isinstance(data, list):
        got = "a mapping or a single value"
        raise Unacceptable(Problem("", got, "a list of acceptances", "start each with `- rule: …`"))
    return cast("list[object]", data), document.lines


def _validated(data: list[object]) -> tuple[list[tuple[Location, Problem]], list[tuple[int, Acceptance]]]:
    from pydantic import ValidationError

    from mlplatform.reading.refusals.errors import spec_findings

    problems: list[tuple[Location, Problem]] = []
    entries: list[tuple[int, Acceptance]] = []
    for index, item in enumerate(data):
        try:
            entries.append((index, _Entries.model_validate({"entries": [item]}).entries[0]))
        except ValidationError as error:
            for finding in spec_findings(error, _Entries, {"entries": [item]}):
                if not finding.said:
                    problems.append(((index, *finding.location[2:]), finding.problem))
    return problems, entries


def _too_late(entries: list[tuple[int, Acceptance]], latest: date) -> Iterator[tuple[Location, Problem]]:
    for index, entry in entries:
        if entry.expires > latest:
            expected = f"a date within a year, {latest} at the latest"
            yield (index, "expires"), Problem("", str(entry.expires), expected, "choose a date for the next review")


def _twice(entries: list[tuple[int, Acceptance]]) -> Iterator[tuple[Location, Problem]]:
    seen: dict[tuple[str, str, str], int] = {}
    for index, entry in entries:
        key = (entry.rule, entry.resource, entry.stack)
        if key in seen:
            got = f"a second entry for {entry.rule} of {entry.resource}"
            yield (index,), Problem("", got, f"one entry; the other is [{seen[key]}]", "remove one of the two")
        seen.setdefault(key, index)


def _position(entry: tuple[Location, Problem]) -> tuple[int, str]:
    index, *rest = entry[0]
    return cast("int", index), str(rest)


def _line(lines: dict[Location, int], location: Location) -> int | None:
    return next((lines[location[:end]] for end in range(len(location), -1, -1) if location[:end] in lines), None)
