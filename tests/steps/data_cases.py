"""Data, what is asked of it, and what the look at it must find; without pytest, because a proof reads it too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mlplatform.spec.data_checks import DataChecks
from mlplatform.steps.judge_data import judge_data
from mlplatform.steps.validation import DataVerdict

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
GOOD: dict[str, list[Any]] = {
    "id": ["a", "b", "c", "d"],
    "amount": [10, 20, 30, 40],
    "rate": [0.1, 0.2, 0.3, 0.4],
    "country": ["DE", "FR", "NA", "DE"],
    "day": [date(2026, 11, 29)] * 4,
}
COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "string"},
    {"name": "amount", "type": "integer"},
    {"name": "rate", "type": "number"},
    {"name": "country", "type": "string"},
    {"name": "day", "type": "date"},
]


def column(name: str, /, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The columns, with more asked of one."""
    return [{**each, **more} if each["name"] == name else each for each in COLUMNS]


def data(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Good rows with other columns."""
    return {name: values for name, values in {**GOOD, **changes}.items() if values is not None}


Found = Mapping[str, str]
"""Outcome by words of the check; all others passed."""

WITHOUT_PANDERA: dict[str, tuple[Mapping[str, Any], dict[str, Any], Found]] = {
    "good rows": (data(), {"least_rows": 4, "most_rows": 4, "other_columns": False}, {}),
    "too few rows": (data(), {"least_rows": 5}, {"at least 5 rows": "refused"}),
    "too many rows": (data(), {"most_rows": 3}, {"at most 3": "refused"}),
    "another type": (data(amount=[1.5, 2.0, 3.0, 4.0]), {}, {"amount is of type integer": "refused"}),
    "a number as text": (data(rate=["0.1"] * 4), {}, {"rate is of type number": "refused"}),
    "a decimal is a number": (data(rate=[Decimal("0.10")] * 4), {}, {}),
    "codes for strings are strings": (data(country=pa.array(["DE"] * 4).dictionary_encode()), {}, {}),
    "a boolean is no integer": (data(amount=[True] * 4), {}, {"amount is of type integer": "refused"}),
    "a row without a value": (data(amount=[1, None, 3, 4]), {}, {"no row without amount": "refused"}),
    "not a number is no value": (data(rate=[0.1, float("nan"), 0.3, 0.4]), {}, {"no row without rate": "refused"}),
    "fewer nulls than may be": (data(amount=[1, None, 3, 4]), {"columns": column("amount", most_null_share=0.25)}, {}),
    "a column of nulls": (data(country=[None] * 4), {}, {"no row without country": "refused"}),
    "another column": (data(secret=[1] * 4), {"other_columns": False}, {"no other columns": "refused"}),
    "another column that may be": (data(secret=[1] * 4), {}, {}),
    "a missing column": (
        data(amount=None),
        {},
        {"amount is of type integer": "could not judge", "no row without amount": "could not judge"},
    ),
    "fresh rows": (data(), {"fresh": {"column": "day", "most_hours": 13}}, {}),
    "old rows": (data(), {"fresh": {"column": "day", "most_hours": 11}}, {"the newest day": "refused"}),
    "rows of the future": (
        data(day=[date(2026, 12, 3)] * 4),
        {"fresh": {"column": "day", "most_hours": 24}},
        {"the newest day": "refused"},
    ),
    "days that nobody knows": (
        data(day=pa.array([None] * 4, pa.date32())),
        {"columns": column("day", most_null_share=1.0), "fresh": {"column": "day", "most_hours": 24}},
        {"the newest day": "could not judge"},
    ),
}
"""Cases of types, nulls, columns, rows and age."""

_AMOUNT = {"at_least": 1, "at_most": 100}
WITH_PANDERA: dict[str, tuple[Mapping[str, Any], dict[str, Any], Found]] = {
    "values in their range": (data(), {"columns": column("amount", **_AMOUNT)}, {}),
    "a value below": (
        data(amount=[-1, 2, 3, 4]),
        {"columns": column("amount", **_AMOUNT)},
        {"amount at least": "refused"},
    ),
    "a value above": (
        data(amount=[1, 2, 3, 400]),
        {"columns": column("amount", **_AMOUNT)},
        {"amount at most": "refused"},
    ),
    "a bound between integers": (data(), {"columns": column("amount", at_least=10.5)}, {"amount at least": "refused"}),
    "an endless number": (
        data(rate=[0.1, 0.2, 0.3, float("inf")]),
        {"columns": column("rate", at_most=1)},
        {"rate at most": "refused"},
    ),
    "a decimal out of range": (
        data(rate=[Decimal("1.10")] * 4),
        {"columns": column("rate", at_most=1)},
        {"rate at most": "refused"},
    ),
    "a range with nulls that may be": (
        data(amount=[1, None, 3, 4]),
        {"columns": column("amount", most_null_share=0.5, **_AMOUNT)},
        {},
    ),
    "a range of a column of nulls": (
        data(amount=pa.array([None] * 4, pa.int64())),
        {"columns": column("amount", most_null_share=1.0, **_AMOUNT)},
        {"amount at least": "could not judge", "amount at most": "could not judge"},
    ),
    "a range of a column of text": (
        data(amount=["1"] * 4),
        {"columns": column("amount", at_least=1)},
        {"amount is of type": "refused", "amount at least": "could not judge"},
    ),
    "values of a list": (data(), {"columns": column("country", one_of=["DE", "FR", "NA"])}, {}),
    "a value of no list": (
        data(country=["DE", "ZZ", "NA", "FR"]),
        {"columns": column("country", one_of=["DE", "FR", "NA"])},
        {"country one of": "refused"},
    ),
    "an id twice": (data(id=["a", "a", "c", "d"]), {"columns": column("id", unique=True)}, {"no id twice": "refused"}),
    "two ids that are missing": (
        data(id=["a", None, None, "d"]),
        {"columns": column("id", unique=True, most_null_share=0.5)},
        {},
    ),
    "rows alike in two columns": (
        data(country=["DE"] * 4, amount=[1, 1, 2, 3]),
        {"unique_together": ["country", "amount"]},
        {"no two rows": "refused"},
    ),
    "rows alike in one of two columns": (data(), {"unique_together": ["id", "country"]}, {}),
    "rows alike in a missing column": (
        data(amount=None),
        {"unique_together": ["id", "amount"]},
        {"amount is of type": "could not judge", "without amount": "could not judge", "no two": "could not judge"},
    ),
}
"""Cases of values."""


def look(folder: Path, checks: Mapping[str, Any], **inputs: Path) -> DataVerdict:
    """Look at a folder."""
    spec = DataChecks.model_validate({"columns": COLUMNS, **checks})
    return judge_data(spec, {"rows": folder, **inputs}, pipeline="retrain", run="r1", now=NOW)


def write(folder: Path, values: Mapping[str, Sequence[Any]], name: str = "rows.parquet") -> Path:
    """A folder with a table."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(values)), folder / name)
    return folder


def hold(case: tuple[Mapping[str, Any], dict[str, Any], Found], folder: Path) -> None:
    """Look at the data of a case, and compare what was found."""
    values, checks, expected = case
    verdict = look(write(folder, values), checks)
    bad = {each.name: each.outcome for each in verdict.findings if each.outcome != "passed"}
    said = [each.words for each in verdict.findings]
    assert len(bad) == len(expected), said
    for words, outcome in expected.items():
        assert [found for name, found in bad.items() if words in name] == [outcome], (words, said)
    wanted = "refused" if "refused" in expected.values() else "could not judge" if expected else "passed"
    assert verdict.outcome == wanted, said
    assert verdict.metrics["data_passed"] == (wanted == "passed")
    json.dumps(verdict.metrics, allow_nan=False)
