"""Looks at data before a model learns from it. Whatever cannot be told is said, and does not pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from mlplatform.spec.data_checks import ColumnCheck, DataChecks, FreshnessCheck, VolumeChange
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.tables import DataTable, failing_rows, read_data, version_of_data
from mlplatform.steps.validation import DataVerdict
from mlplatform.steps.verdict import Judgement, outcome_of

_CLOCKS = timedelta(days=1)
"""How far in the future a row may be: a date is taken as the end of its day, in any time zone."""


def judge_data(
    checks: DataChecks, inputs: Mapping[str, Path], *, pipeline: str, run: str, now: datetime
) -> DataVerdict:
    """Make every check, whatever the others give.

    Args:
        checks: what the data must be.
        inputs: the folders of the step.
        pipeline: name of the pipeline.
        run: id of the run.
        now: the moment of the run, with its time zone.

    Raises:
        ValueError: the folder with the rows is not among the inputs.
    """
    compared = checks.change.input if checks.change else None
    names = [checks.input] if checks.input else [name for name in inputs if name != compared]
    if len(names) != 1 or names[0] not in inputs:
        raise ValueError(f"--input: expected {checks.input or 'one'} with the rows, got {', '.join(inputs) or 'none'}")
    if compared and compared not in inputs:
        raise ValueError(f"--input: expected {compared}, which the number of rows is compared with")
    table: DataTable | CannotJudge
    try:
        table = read_data(inputs[names[0]], checks.columns)
    except CannotJudge as reason:
        table = reason
    findings = tuple(_findings(checks, table, inputs, now))
    known = isinstance(table, DataTable)
    return DataVerdict(
        pipeline=pipeline,
        run=run,
        outcome=outcome_of(findings),
        rows=table.rows if known else None,
        data_version=version_of_data(inputs[names[0]]) if known else None,
        null_share=_null_share(checks, table) if known else None,
        findings=findings,
        checks=checks,
    )


def _findings(
    checks: DataChecks, table: DataTable | CannotJudge, inputs: Mapping[str, Path], now: datetime
) -> Iterator[Judgement]:
    def guarded(name: str, found: Callable[[DataTable], Judgement]) -> Judgement:
        try:
            if isinstance(table, CannotJudge):
                raise table
            if not table.rows:
                raise CannotJudge("there are no rows")
            return found(table)
        except CannotJudge as reason:
            return Judgement(name=name, outcome="could not judge", words=f"{name}: {reason}")

    name = _rows_name(checks)
    yield guarded(name, lambda table: _rows(name, checks, table))
    if change := checks.change:
        name = f"rows differ from those of {change.input} by at most {change.most_share:.0%}"
        yield guarded(name, lambda table: _change(name, change, table, inputs[change.input]))
    if not checks.other_columns:
        yield guarded("no other columns", lambda table: _others(checks, table))
    broken: Mapping[tuple[str, str], tuple[int, str]] | CannotJudge = {}
    if isinstance(table, DataTable) and table.rows:
        good = [column for column in checks.columns if _unusable(column, table) is None]
        together = checks.unique_together if {c.name for c in good} >= set(checks.unique_together) else ()
        try:
            broken = failing_rows(table, good, together)
        except CannotJudge as reason:
            broken = reason
    for column in checks.columns:
        for field, name in _names(column):
            yield guarded(name, lambda table: _column(column, field, name, table, broken))  # noqa: B023 - called at once
    if checks.unique_together:
        name = f"no two rows with the same {', '.join(checks.unique_together)}"
        yield guarded(name, lambda table: _together(name, checks, table, broken))
    if fresh := checks.fresh:
        name = f"the newest {fresh.column} at most {fresh.most_hours:,} hours old"
        yield guarded(name, lambda table: _fresh(name, fresh, checks, table, now))


def _null_share(checks: DataChecks, table: DataTable) -> float | None:
    """The share of cells without a value; None where a column is missing."""
    if not table.rows or any(check.name not in table.columns for check in checks.columns):
        return None
    return sum(table.nulls(check.name) for check in checks.columns) / (table.rows * len(checks.columns))


def _made(name: str, passed: bool, found: str, value: float | None = None, bound: float | None = None) -> Judgement:
    return Judgement(
        name=name, outcome="passed" if passed else "refused", words=f"{name}: {found}", value=value, bound=bound
    )


def _rows_name(checks: DataChecks) -> str:
    return f"at least {checks.least_rows:,} rows" + (f" and at most {checks.most_rows:,}" if checks.most_rows else "")


def _rows(name: str, checks: DataChecks, table: DataTable) -> Judgement:
    enough = table.rows >= checks.least_rows
    passed = enough and (checks.most_rows is None or table.rows <= checks.most_rows)
    return _made(
        name, passed, f"there are {table.rows:,}", table.rows, checks.most_rows if enough else checks.least_rows
    )


def _change(name: str, change: VolumeChange, table: DataTable, folder: Path) -> Judgement:
    try:
        other = read_data(folder).rows
    except CannotJudge as reason:
        raise CannotJudge(f"{change.input}: {reason}") from None
    if not other:
        raise CannotJudge(f"{change.input} has no rows to compare with")
    share = abs(table.rows - other) / other
    return _made(
        name, share <= change.most_share, f"there are {table.rows:,}, and {other:,} there, {share:.1%} apart",
        share, change.most_share,
    )  # fmt: skip


def _others(checks: DataChecks, table: DataTable) -> Judgement:
    others = sorted(set(table.columns) - {check.name for check in checks.columns})
    return _made("no other columns", not others, f"there are {', '.join(others)}" if others else "there are none")


def _unusable(column: ColumnCheck, table: DataTable) -> str | None:
    """Why the values of a column cannot be looked at."""
    if column.name not in table.columns:
        return f"there is no column {column.name}"
    if not table.is_of(column.name, column.type):
        return f"the column is of type {table.type_of(column.name)}"
    if table.nulls(column.name) == table.rows and (column.unique or column.one_of or _bounded(column)):
        return "no row has a value"
    return None


def _bounded(column: ColumnCheck) -> bool:
    return column.at_least is not None or column.at_most is not None


def _names(column: ColumnCheck) -> Iterator[tuple[str, str]]:
    """The checks of a column, by field, with their names."""
    share = f"at most {column.most_null_share:.4g} of the rows" if column.most_null_share else "no row"
    yield "type", f"{column.name} is of type {column.type}"
    yield "most_null_share", f"{share} without {column.name}"
    if column.at_least is not None:
        yield "at_least", f"{column.name} at least {column.at_least:g}"
    if column.at_most is not None:
        yield "at_most", f"{column.name} at most {column.at_most:g}"
    if column.one_of:
        yield "one_of", f"{column.name} one of {', '.join(column.one_of)}"[:300]
    if column.unique:
        yield "unique", f"no {column.name} twice"


def _column(
    column: ColumnCheck,
    field: str,
    name: str,
    table: DataTable,
    broken: Mapping[tuple[str, str], tuple[int, str]] | CannotJudge,
) -> Judgement:
    if column.name not in table.columns:
        raise CannotJudge(f"there is no column {column.name}")
    if field == "type":
        return _made(name, table.is_of(column.name, column.type), f"it is of type {table.type_of(column.name)}")
    if field == "most_null_share":
        nulls = table.nulls(column.name)
        share = nulls / table.rows
        return _made(
            name, share <= column.most_null_share, f"{nulls:,} of {table.rows:,} rows have none",
            share, column.most_null_share,
        )  # fmt: skip
    if reason := _unusable(column, table):
        raise CannotJudge(reason)
    if isinstance(broken, CannotJudge):
        raise broken
    count, example = broken.get((column.name, field), (0, ""))
    found = f"{count:,} of {table.rows:,} rows break it" + (f", one with {example[:100]}" if count else "")
    return _made(name, not count, found, count, 0)


def _together(
    name: str,
    checks: DataChecks,
    table: DataTable,
    broken: Mapping[tuple[str, str], tuple[int, str]] | CannotJudge,
) -> Judgement:
    for column in checks.columns:
        if column.name in checks.unique_together and (reason := _unusable(column, table)):
            raise CannotJudge(f"{column.name}: {reason}")
    if isinstance(broken, CannotJudge):
        raise broken
    count = broken.get(("", "unique_together"), (0, ""))[0]
    return _made(name, not count, f"{count:,} of {table.rows:,} rows are there before", count, 0)


def _fresh(name: str, fresh: FreshnessCheck, checks: DataChecks, table: DataTable, now: datetime) -> Judgement:
    column = next(check for check in checks.columns if check.name == fresh.column)
    if reason := _unusable(column, table):
        raise CannotJudge(reason)
    newest = table.newest(fresh.column)
    hours = (now - newest).total_seconds() / 3600
    if newest > now + _CLOCKS:
        return _made(name, False, f"it is {newest:%Y-%m-%d %H:%M} UTC, in the future", hours, fresh.most_hours)
    return _made(
        name, hours <= fresh.most_hours, f"it is {newest:%Y-%m-%d %H:%M} UTC, {max(hours, 0):,.1f} hours ago",
        hours, fresh.most_hours,
    )  # fmt: skip
