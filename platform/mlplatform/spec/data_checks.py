"""What data must be before a model learns from it: read by the platform's own program in a step of kind `validate`."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel

DataColumn = Annotated[str, StringConstraints(pattern=r"^\S(.{0,126}\S)?$")]
"""Name of a column as the file has it."""

DataType = Literal["integer", "number", "string", "boolean", "date", "timestamp"]
"""Type of a column's values, of any width. `number` takes integers, floats and decimals."""

NUMBERS: tuple[DataType, ...] = ("integer", "number")
"""Types that have a range."""

MOMENTS: tuple[DataType, ...] = ("date", "timestamp")
"""Types that say when."""


class ColumnCheck(SpecModel):
    """What one column must be. A column that is named here must be there."""

    name: DataColumn
    """The column."""

    type: DataType
    """Type of its values, as the file says; in CSV files what all values can be read as."""

    most_null_share: float = Field(default=0.0, ge=0.0, le=1.0)
    """Greatest share of rows without a value. Not a number counts as none. 0: every row has a value."""

    unique: bool = False
    """Whether no value is there twice."""

    at_least: float | None = None
    """Least value, of numbers alone. Omitted: no lower bound."""

    at_most: float | None = None
    """Greatest value, of numbers alone. Omitted: no upper bound."""

    one_of: tuple[str, ...] = ()
    """All values that may be there, of strings alone. Omitted: any."""

    @model_validator(mode="after")
    @refuses
    def _of_a_type(self) -> Iterator[FieldProblem]:
        for field in ("at_least", "at_most"):
            if getattr(self, field) is not None and self.type not in NUMBERS:
                yield FieldProblem(
                    (field,),
                    f"none for a column of type {self.type}: only numbers have a range",
                    "remove it, or set type to integer or number",
                    fields=(("type",),),
                )
        if self.one_of and self.type != "string":
            yield FieldProblem(
                ("one_of",),
                f"none for a column of type {self.type}: only strings are compared with a list",
                "remove it, or set type to string",
                fields=(("type",),),
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            yield FieldProblem(
                ("at_least",),
                f"at most at_most, {self.at_most:g}",
                "lower it, or raise at_most",
                fields=(("at_most",),),
            )
        yield from repeated("one_of", list(self.one_of), inner=None, of="value")


class FreshnessCheck(SpecModel):
    """How old the newest row may be."""

    column: DataColumn
    """Column with the day or the moment of each row; one of `columns`, of type date or timestamp."""

    most_hours: int = Field(ge=1, le=24 * 366)
    """Greatest age of the newest row when the step runs, hours. A date is taken as the end of that day, and a moment
    without a time zone as UTC. A row from more than a day in the future does not pass."""


class VolumeChange(SpecModel):
    """By how much the number of rows may differ from that of other data, such as the last month's."""

    input: str = Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
    """Input of the step with the data to compare with."""

    most_share: float = Field(gt=0.0, le=10.0)
    """Greatest difference, as a share of the rows there: 0.3 lets 70 to 130 rows pass where there were 100."""


class DataChecks(SpecModel):
    """What the data must be. A check that cannot judge, for lack of rows or of a column, says so and does not pass."""

    input: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
    """Input of the step with the rows: all its files `.parquet` and `.csv`, as one table. Omitted: its only input."""

    columns: tuple[ColumnCheck, ...] = Field(min_length=1)
    """What each column must be."""

    other_columns: bool = True
    """Whether there may be columns that are not named in `columns`."""

    unique_together: tuple[DataColumn, ...] = ()
    """Columns of which no two rows have the same values. Omitted: rows may be alike."""

    least_rows: int = Field(default=1, ge=1)
    """Rows that must be there."""

    most_rows: int | None = Field(default=None, ge=1)
    """Rows that may be there. Omitted: any number."""

    change: VolumeChange | None = None
    """Comparison of the number of rows with that of other data. Omitted: none."""

    fresh: FreshnessCheck | None = None
    """Age of the newest row. Omitted: data of any age."""

    ends_run: bool = True
    """Whether data that does not pass ends the run. False: the run goes on, and a step's `when` decides by the metric
    `data_passed`, which is 1 or 0."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        types = {column.name: column.type for column in self.columns}
        yield from repeated("columns", [column.name for column in self.columns], of="column")
        for index, name in enumerate(self.unique_together):
            if name not in types:
                yield self._unnamed(("unique_together", index), name)
        if self.fresh and self.fresh.column not in types:
            yield self._unnamed(("fresh", "column"), self.fresh.column)
        elif self.fresh and types[self.fresh.column] not in MOMENTS:
            yield FieldProblem(
                ("fresh", "column"),
                f"a column of type date or timestamp; {self.fresh.column} is of type {types[self.fresh.column]}",
                "name another column, or correct its type",
                fields=(("fresh", "column"), ("columns",)),
            )
        if self.most_rows is not None and self.most_rows < self.least_rows:
            yield FieldProblem(
                ("most_rows",), f"at least least_rows, {self.least_rows}", "raise it, or lower least_rows",
                fields=(("least_rows",),),
            )  # fmt: skip

    def _unnamed(self, path: tuple[str | int, ...], name: str) -> FieldProblem:
        return FieldProblem(
            path, "a column that columns names", f"add {name} to columns", got=f"'{name}'", fields=(path, ("columns",))
        )


def input_problems(checks: DataChecks, kind: str, names: Sequence[str]) -> Iterator[FieldProblem]:
    """Checks of data in a step of another kind, or of data that the step does not get.

    Args:
        checks: the checks.
        kind: the kind of their step.
        names: the inputs of their step.
    """
    if kind != "validate":
        yield FieldProblem(
            ("data_checks",), f"none in a step of kind {kind}", "remove it, or set kind to validate",
            fields=(("kind",),),
        )  # fmt: skip
    if checks.input is None and len(names) != 1 + bool(checks.change and checks.change.input in names):
        yield FieldProblem(
            ("data_checks", "input"),
            f"the input with the rows, one of {', '.join(names)}" if names else "an input with the rows",
            "name it" if names else "add one to inputs",
            got="none",
            fields=(("data_checks", "input"), ("inputs",)),
        )
    asked: list[tuple[FieldPath, str]] = [(("data_checks", "input"), checks.input)] if checks.input else []
    if checks.change:
        asked.append((("data_checks", "change", "input"), checks.change.input))
    for path, name in asked:
        if name not in names:
            near = nearest_names(name, names)
            yield FieldProblem(
                path,
                f"an input of this step: {', '.join(names) or 'it has none'}",
                f"write {near[0]}" if near else f"use one of these, or add {name} to inputs",
                got=f"'{name}'",
                fields=(path, ("inputs",)),
            )
    if checks.change and checks.input == checks.change.input:
        yield FieldProblem(
            ("data_checks", "change", "input"),
            f"another input than {checks.input}: the data would be compared with itself",
            "name the input with the other data",
            fields=(("data_checks", "change", "input"), ("data_checks", "input")),
        )
