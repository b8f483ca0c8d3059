"""Whether the features that were served are those that training sees: captured values against the tables.

A row of a request has the keys of its entities and the values that the model read. The tables say what was known at
that moment. A value of some hours before is right too: so long the online store may take to be filled.
"""

from __future__ import annotations

import heapq
import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mlplatform.monitor.bodies import Row
from mlplatform.monitor.findings import MonitorFinding, MonitorReport, Shift
from mlplatform.monitor.places import MonitorPlace
from mlplatform.monitor.rows import class_name, hash_of, number_of
from mlplatform.spec.monitor_job import ServedGroup

MOST_ROWS = 5_000
"""Rows of a window that are compared: those with the least hashes, so that it is a fair sample of any window."""

LEAST_SHARE = 0.01
"""Share of the compared rows from which a difference is told."""

LEAST_ROWS = 5
"""Rows from which a difference is told."""

_TABLE_ROWS = 100_000

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Served:
    """One row that was served; ordered by its negative hash, so that a heap gives the one with the greatest up."""

    rank: int
    time: float = field(compare=False)
    values: Mapping[str, object] = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """One row of a table: from when it was true, when it was written, and its values."""

    since: float
    written: float
    values: Mapping[str, object]


class ServedRows:
    """A sample of the rows of a window that have the keys of entities.

    Args:
        groups: what is compared.
    """

    def __init__(self, groups: Sequence[ServedGroup]) -> None:
        self._groups = groups
        self._kept: list[_Served] = []
        self.without_keys = 0

    def add(self, row: Row, time: float | None, name: str) -> None:
        """Look at a row of a request.

        Args:
            row: its fields.
            time: when it was answered.
            name: what tells it from others.
        """
        if time is None or not isinstance(row, dict) or not any(_key(row, group) for group in self._groups):
            self.without_keys += 1
            return
        self._keep(_Served(-hash_of(name), time, row))

    def dump(self) -> str:
        """The text that `merge` reads."""
        rows = [[each.rank, each.time, dict(each.values)] for each in self._kept]
        return json.dumps({"rows": rows, "without_keys": self.without_keys})

    def merge(self, text: str) -> None:
        """Add the sample of other rows: what is left is the sample of all of them.

        Raises:
            ValueError: it is no such text.
        """
        try:
            given = json.loads(text)
            for rank, moment, values in given["rows"]:
                self._keep(_Served(rank, moment, values))
            self.without_keys += given["without_keys"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a sample: {error}") from None

    def _keep(self, served: _Served) -> None:
        if len(self._kept) < MOST_ROWS:
            heapq.heappush(self._kept, served)
        elif served.rank > self._kept[0].rank:
            heapq.heapreplace(self._kept, served)

    @property
    def columns(self) -> set[str]:
        """Fields of requests that are known besides the model's inputs."""
        return {name for group in self._groups for name in (*group.keys, *group.features)}

    @property
    def rows(self) -> Sequence[_Served]:
        """The sample."""
        return self._kept


def with_skew(report: MonitorReport, groups: Sequence[ServedGroup], served: ServedRows) -> MonitorReport:
    """The report with what the comparison found.

    Args:
        report: of the same window.
        groups: what is compared.
        served: the sample.

    Raises:
        Unreadable: a table cannot be read.
    """
    shifts: list[Shift] = []
    told = list(report.not_judged)
    compared = 0
    for group in groups:
        wrong, rows = _compare(group, served.rows)
        compared += rows
        shifts += _shifts(group, wrong, rows)
    if not compared and report.rows:
        keys = ", ".join(dict.fromkeys(key for group in groups for key in group.keys))
        told.append(f"served features: no row of a request has {keys} and the feature beside it")
    if not shifts:
        return report.model_copy(update={"not_judged": tuple(told)})
    shifts.sort(key=lambda each: (-each.size, each.what))
    worst = "; ".join(f"{each.what}: {each.words}" for each in shifts[:3])
    words = (
        f"Other features are served than training sees: {worst}. Look whether the online store is filled, and who else "
        "writes to it or sends features; training again would not help."
    )
    finding = MonitorFinding(kind="skew", words=words, shifts=tuple(shifts[:20]))
    return report.model_copy(
        update={
            "findings": (*report.findings, finding),
            "not_judged": tuple(told),
            "conclusion": "changed",
            "words": f"{report.words} {words}" if report.findings else words,
        }
    )


def _shifts(group: ServedGroup, wrong: Mapping[str, int], rows: int) -> Iterator[Shift]:
    for name, times in wrong.items():
        if times >= LEAST_ROWS and times >= LEAST_SHARE * rows:
            words = f"{times / rows:.1%} of {rows} rows had another value than the table {group.name}"
            yield Shift(what=name, p_value=0.0, size=times / rows, words=words)


def _compare(group: ServedGroup, rows: Sequence[_Served]) -> tuple[dict[str, int], int]:
    """Wrong values by feature, and the number of rows that were compared."""
    wanted = {key for served in rows if (key := _key(served.values, group))}
    wrong = dict.fromkeys(group.features, 0)
    if not wanted:
        return wrong, 0
    known = _history(group, wanted)
    compared = 0
    for served in rows:
        key = _key(served.values, group)
        if key is None:
            continue
        there = [name for name in group.features if name in served.values]
        compared += bool(there)
        right = list(_right_values(known.get(key, ()), served.time, group))
        for name in there:
            wrong[name] += not any(_same(served.values[name], each.get(name)) for each in right)
    return wrong, compared


def _history(group: ServedGroup, wanted: set[Key]) -> dict[Key, list[_Known]]:
    """The rows of a table with these keys, in the order of their moments."""
    columns = [*group.keys, group.timestamp, *([group.created] if group.created else []), *group.features]
    found: dict[Key, list[_Known]] = {}
    for table in MonitorPlace(group.table).tables(columns, _TABLE_ROWS):
        if any(name not in table for name in (*group.keys, group.timestamp)):
            continue
        for at, names in enumerate(zip(*(table[name].tolist() for name in group.keys), strict=True)):
            key = tuple(class_name(each) or "" for each in names)
            since = _seconds(table[group.timestamp][at]) if key in wanted else None
            if since is None:
                continue
            written = _seconds(table[group.created][at]) if group.created in table else None
            values = {name: table[name][at] for name in group.features if name in table}
            found.setdefault(key, []).append(_Known(since, since if written is None else written, values))
    for rows in found.values():
        rows.sort(key=lambda each: (each.since, each.written))
    return found


def _right_values(known: Sequence[_Known], time: float, group: ServedGroup) -> Iterator[Mapping[str, object]]:
    """What may have been served: the newest row of that moment, and those that were the newest some hours before."""
    grace = group.late_hours * 3600
    for moment in dict.fromkeys((time, *(at for row in known for at in (row.since, row.written)), time - grace)):
        if time - grace <= moment <= time:
            yield _as_of(known, moment, time, group)
            # a value that is being replaced may be served up to the moment itself
            yield _as_of(known, math.nextafter(moment, 0), time, group)


def _as_of(known: Sequence[_Known], moment: float, time: float, group: ServedGroup) -> Mapping[str, object]:
    """The values of the newest row that was written by a moment; none where it is too old when it is served."""
    for row in reversed(known[: bisect_right(known, moment, key=lambda each: each.since)]):
        if row.written <= moment:
            return row.values if not group.ttl_hours or row.since + group.ttl_hours * 3600 >= time else {}
    return {}


def _key(row: Mapping[str, object], group: ServedGroup) -> Key | None:
    names = [class_name(row.get(name)) for name in group.keys]
    return None if any(each is None for each in names) else tuple(each or "" for each in names)


def _seconds(value: object) -> float | None:
    """A moment of a table, in seconds since 1970: a column of nanoseconds is whole numbers, others are moments."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, int):
        return value / 1e9
    return None


def _same(one: object, other: object) -> bool:
    """Whether two values are one, as far as 32 bits tell; a missing one is None or not a number."""
    left, right = (None if each is None or each != each else each for each in (one, other))
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(number_of(left), number_of(right), rel_tol=1e-6, abs_tol=1e-9)
    return left == right or (left is not None and class_name(left) == class_name(right))
