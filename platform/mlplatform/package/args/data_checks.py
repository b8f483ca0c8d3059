"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class ColumnCheck(TypedDict):
    """What one column must be. A column that is named here must be there."""

    name: str
    """The column."""

    type: str
    """Type of its values, as the file says; in CSV files what all values can be read as.

    One of integer, number, string, boolean, date, timestamp.
    """

    most_null_share: NotRequired[float]
    """Greatest share of rows without a value. Not a number counts as none. 0: every row has a value."""

    unique: NotRequired[bool]
    """Whether no value is there twice."""

    at_least: NotRequired[float]
    """Least value, of numbers alone. Omitted: no lower bound."""

    at_most: NotRequired[float]
    """Greatest value, of numbers alone. Omitted: no upper bound."""

    one_of: NotRequired[Sequence[str]]
    """All values that may be there, of strings alone. Omitted: any."""


class VolumeChange(TypedDict):
    """By how much the number of rows may differ from that of other data, such as the last month's."""

    input: str
    """Input of the step with the data to compare with."""

    most_share: float
    """Greatest difference, as a share of the rows there: 0.3 lets 70 to 130 rows pass where there were 100."""


class FreshnessCheck(TypedDict):
    """How old the newest row may be."""

    column: str
    """Column with the day or the moment of each row; one of `columns`, of type date or timestamp."""

    most_hours: int
    """Greatest age of the newest row when the step runs, hours. A date is taken as the end of that day, and a moment
    without a time zone as UTC. A row from more than a day in the future does not pass.
    """


class DataChecks(TypedDict):
    """What the data must be. A check that cannot judge, for lack of rows or of a column, says so and does not pass."""

    input: NotRequired[str]
    """Input of the step with the rows: all its files `.parquet` and `.csv`, as one table. Omitted: its only input."""

    columns: Sequence[ColumnCheck]
    """What each column must be."""

    other_columns: NotRequired[bool]
    """Whether there may be columns that are not named in `columns`."""

    unique_together: NotRequired[Sequence[str]]
    """Columns of which no two rows have the same values. Omitted: rows may be alike."""

    least_rows: NotRequired[int]
    """Rows that must be there."""

    most_rows: NotRequired[int]
    """Rows that may be there. Omitted: any number."""

    change: NotRequired[VolumeChange]
    """Comparison of the number of rows with that of other data. Omitted: none."""

    fresh: NotRequired[FreshnessCheck]
    """Age of the newest row. Omitted: data of any age."""

    ends_run: NotRequired[bool]
    """Whether data that does not pass ends the run. False: the run goes on, and a step's `when` decides by the
    metric `data_passed`, which is 1 or 0.
    """
