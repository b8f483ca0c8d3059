"""Reads the tables of a folder with Arrow, and what a check of data asks of them.

Arrow and pandera have no types, so they stay in here.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from mlplatform.spec.data_checks import ColumnCheck, DataType
from mlplatform.steps.cannot_judge import CannotJudge


@dataclass(frozen=True, slots=True)
class DataTable:
    """The rows of all files of a folder."""

    rows: int
    """How many there are."""

    columns: tuple[str, ...]
    """The names of all columns."""

    arrow: Any
    """The columns that were asked for, as a table of Arrow."""

    def type_of(self, column: str) -> str:
        """The type of a column, as Arrow calls it."""
        return str(self.arrow.schema.field(column).type)

    def is_of(self, column: str, wanted: DataType) -> bool:
        """Whether a column has a type. One without any value has them all: its nulls are judged."""
        types = import_module("pyarrow.types")
        kind = self.arrow.schema.field(column).type
        if types.is_null(kind):
            return True
        tests: Mapping[DataType, tuple[str, ...]] = {
            "integer": ("is_integer",),
            "number": ("is_integer", "is_floating", "is_decimal"),
            "string": ("is_string", "is_large_string", "is_string_view"),
            "boolean": ("is_boolean",),
            "date": ("is_date",),
            "timestamp": ("is_timestamp",),
        }
        return any(getattr(types, test)(kind) for test in tests[wanted])

    def nulls(self, column: str) -> int:
        """Rows without a value."""
        return int(self.arrow.column(column).null_count)

    def newest(self, column: str) -> datetime:
        """The last moment in a column of dates or timestamps.

        Raises:
            CannotJudge: no row has one.
        """
        arrow, compute = _arrow()
        values = self.arrow.column(column)
        if import_module("pyarrow.types").is_timestamp(values.type):
            # Python has no nanoseconds
            values = values.cast(arrow.timestamp("us", tz=values.type.tz), safe=False)
        found = cast("date | datetime | None", compute.max(values).as_py())
        if found is None:
            raise CannotJudge(f"no row has a value in {column}")
        if isinstance(found, datetime):
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        return datetime(found.year, found.month, found.day, tzinfo=UTC) + timedelta(days=1)


def read_data(folder: Path, checks: Iterable[ColumnCheck] = ()) -> DataTable:
    """Read the files `.parquet` and `.csv` of a folder and its folders as one table.

    Files and folders whose names begin with `_` or `.` are no data, as Spark and Hive have it.

    Raises:
        CannotJudge: a file cannot be read or is of another kind, the files are of different tables, or there is none.
    """
    named: Mapping[str, DataType] = {check.name: check.type for check in checks}
    files = _files(folder)
    if not files:
        raise CannotJudge(f"there is no file .parquet or .csv in {folder.name}")
    for file in files:
        if file.suffix not in (".parquet", ".csv"):
            raise CannotJudge(
                f"{file.relative_to(folder)} is no file .parquet or .csv, so nobody can tell what is in it"
            )
    arrow, _ = _arrow()
    read: list[Any] = []
    columns: list[str] = []
    rows = 0
    for file in files:
        try:
            names, table = _read(file, named)
        except (OSError, ValueError, arrow.ArrowException) as error:
            words = " ".join(str(error).split())[:200]
            raise CannotJudge(f"{file.relative_to(folder)} cannot be read: {words}") from None
        if twice := [name for name in names if names.count(name) > 1]:
            raise CannotJudge(f"{file.relative_to(folder)} has two columns {twice[0]}")
        if columns and set(names) != set(columns):
            other = sorted(set(names) ^ set(columns))
            raise CannotJudge(
                f"{file.relative_to(folder)} has other columns than {files[0].relative_to(folder)}: {', '.join(other)}"
            )
        columns = columns or names
        rows += table.num_rows
        read.append(table)
    try:
        return DataTable(rows, tuple(columns), _clean(arrow.concat_tables(read, promote_options="permissive")))
    except arrow.ArrowException as error:
        raise CannotJudge(f"the files have columns of different types: {' '.join(str(error).split())[:200]}") from None


def version_of_data(folder: Path) -> str:
    """`sha256:…` of the names and contents of the files that `read_data` reads."""
    whole = hashlib.sha256()
    for file in _files(folder):
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{content}  {file.relative_to(folder).as_posix()}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def _files(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.rglob("*") if file.is_file())
    return [file for file in found if not any(part[0] in "_." for part in file.relative_to(folder).parts)]


def _arrow() -> tuple[Any, Any]:
    return cast("Any", import_module("pyarrow")), cast("Any", import_module("pyarrow.compute"))


def _read(file: Path, named: Mapping[str, DataType]) -> tuple[list[str], Any]:
    """The names of a file's columns, and those that are named."""
    arrow, _ = _arrow()
    if file.suffix == ".parquet":
        # not `read_table`, which adds columns that it makes of the names of folders
        parquet = cast("Any", import_module("pyarrow.parquet"))
        with parquet.ParquetFile(file) as opened:
            names = [str(name) for name in opened.schema_arrow.names]
            return names, opened.read(columns=[name for name in names if name in named])
    csv = cast("Any", import_module("pyarrow.csv"))
    table = csv.read_csv(
        file,
        convert_options=csv.ConvertOptions(
            # an empty field has no value; NA is the code of a country, and a number written so is no number
            null_values=[""],
            strings_can_be_null=True,
            # else an id with digits alone is read as a number, and loses its zeros
            column_types={name: arrow.string() for name, kind in named.items() if kind == "string"},
        ),
    )
    names = [str(name) for name in table.column_names]
    return names, table.select([name for name in dict.fromkeys(names) if name in named])


def _clean(table: Any) -> Any:  # noqa: ANN401 - untyped
    """The same values without what other programs write in different ways: codes for strings, and not a number."""
    arrow, compute = _arrow()
    types = cast("Any", import_module("pyarrow.types"))
    for index, field in enumerate(table.schema):
        column = table.column(index)
        if types.is_dictionary(field.type):
            column = column.cast(field.type.value_type)
        if types.is_floating(column.type):
            column = compute.if_else(compute.is_nan(column), arrow.scalar(None, column.type), column)
        table = table.set_column(index, field.name, column)
    return table


def failing_rows(
    table: DataTable, columns: Iterable[ColumnCheck], together: tuple[str, ...]
) -> Mapping[tuple[str, str], tuple[int, str]]:
    """Rows that break what is asked of values, counted by pandera.

    Args:
        table: the rows.
        columns: columns of the right type.
        together: columns of which no two rows have the same values; empty for none.

    Returns:
        How many, and one of the values, by column and name of the field. For `together` the column is empty. What no
        row breaks is missing.

    Raises:
        CannotJudge: pandera could not look.
    """
    columns = [each for each in columns if each.unique or each.one_of or (each.at_least, each.at_most) != (None, None)]
    if not columns and not together:
        return {}
    pandas, pandera = cast("Any", import_module("pandas")), cast("Any", import_module("pandera.pandas"))
    compute = _arrow()[1]
    types = cast("Any", import_module("pyarrow.types"))
    # no other column needs memory
    values = table.arrow.select(list(dict.fromkeys([*(each.name for each in columns), *together])))
    for index, field in enumerate(values.schema):
        if types.is_decimal(field.type):
            values = values.set_column(index, field.name, compute.cast(values.column(index), "float64"))
    schema = pandera.DataFrameSchema(
        {check.name: pandera.Column(None, nullable=True, checks=_checks(pandera, check, table)) for check in columns},
        unique=list(together) or None,
        # every row but the first with its values
        report_duplicates="exclude_first",
    )
    frame = values.to_pandas(types_mapper=pandas.ArrowDtype)
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        found = error.failure_cases
    else:
        return {}
    counts: dict[tuple[str, str], tuple[int, str]] = {}
    for (context, name, check), cases in found.groupby(["schema_context", "column", "check"], dropna=False):
        if context == "Column" and check in _VALUES:
            if cases["index"].isna().any():
                # the check itself failed, and no row did
                raise CannotJudge(f"{check} of {name}: {str(cases['failure_case'].iloc[0])[:200]}")
            counts[str(name), str(check)] = len(cases), str(cases["failure_case"].iloc[0])
        elif context == "DataFrameSchema" and check == "multiple_fields_uniqueness":
            counts["", "unique_together"] = int(cases["index"].nunique()), ""
        else:
            raise CannotJudge(f"pandera: {check} of {name}")
    return counts


_VALUES = ("at_least", "at_most", "one_of", "unique")


def _checks(pandera: Any, check: ColumnCheck, table: DataTable) -> list[Any]:  # noqa: ANN401 - untyped
    """What pandera is asked about a column. Rows without a value are counted apart."""
    types = cast("Any", import_module("pyarrow.types"))
    whole = types.is_integer(table.arrow.schema.field(check.name).type)
    made: list[Any] = []
    if check.at_least is not None:
        bound = math.ceil(check.at_least) if whole else check.at_least
        made.append(pandera.Check.ge(bound, error="at_least"))
    if check.at_most is not None:
        bound = math.floor(check.at_most) if whole else check.at_most
        made.append(pandera.Check.le(bound, error="at_most"))
    if check.one_of:
        made.append(pandera.Check.isin(list(check.one_of), error="one_of"))
    if check.unique:
        made.append(pandera.Check(_first_of_its_value, error="unique"))
    return made


def _first_of_its_value(values: Any) -> Any:  # noqa: ANN401 - untyped
    return ~values.duplicated(keep="first")
