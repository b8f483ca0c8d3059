"""Data that no model should learn from is refused, and what cannot be told never passes.

Ranges, lists and rows that are there twice are pandera's: `make prove ONE=steps` has their cases.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from mlplatform.steps import program
from mlplatform.steps.validation import DataVerdict

from .data_cases import COLUMNS, GOOD, WITHOUT_PANDERA, data, hold, look, write


@pytest.mark.parametrize("name", WITHOUT_PANDERA)
def test_what_is_found(name: str, tmp_path: Path) -> None:
    hold(WITHOUT_PANDERA[name], tmp_path / "rows")


def _all_unknown(verdict: DataVerdict, words: str) -> None:
    assert verdict.outcome == "could not judge"
    assert all(each.outcome == "could not judge" and words in each.words for each in verdict.findings)
    assert verdict.metrics["data_passed"] == 0


def test_no_rows_and_no_files_are_no_data(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    _all_unknown(look(tmp_path / "none", {}), "there is no file .parquet or .csv in none")
    empty = write(tmp_path / "empty", pa.table(data()).slice(0, 0).to_pydict())
    _all_unknown(look(empty, {}), "there are no rows")
    assert look(empty, {}).metrics["data_null_share"] == 1.0


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    broken = write(tmp_path / "broken", GOOD)
    (broken / "part.parquet").write_bytes(b"PAR1 half of it")
    _all_unknown(look(broken, {}), "part.parquet cannot be read")
    other = write(tmp_path / "other", GOOD)
    (other / "more.json").write_text("[]")
    _all_unknown(look(other, {}), "more.json is no file .parquet or .csv")
    second = write(write(tmp_path / "second", GOOD), data(rate=None), "b.parquet")
    _all_unknown(look(second, {}), "has other columns than b.parquet: rate")
    types = write(write(tmp_path / "types", GOOD), data(amount=["x"] * 4), "b.parquet")
    _all_unknown(look(types, {}), "columns of different types")


def test_folders_and_marks_of_spark_are_no_columns_and_no_data(tmp_path: Path) -> None:
    rows = write(tmp_path / "country=XX/rows", GOOD, "rate=7/part-0.parquet")
    (rows / "_SUCCESS").write_text("")
    write(rows, GOOD, "_temporary/0/part-1.parquet")
    verdict = look(rows, {"other_columns": False})
    assert (verdict.outcome, verdict.rows) == ("passed", 4)


def test_csv_files_keep_the_zeros_of_ids_and_the_code_of_namibia(tmp_path: Path) -> None:
    text = "id,amount,rate,country,day\n001,1,0.5,NA,2026-11-29\n002,2,1,DE,2026-11-29\n"
    (tmp_path / "rows.csv").write_text(text)
    assert look(tmp_path, {}).outcome == "passed"
    (tmp_path / "rows.csv").write_text(text + "003,,1,,2026-11-29\n")
    bad = {each.name for each in look(tmp_path, {}).findings if each.outcome != "passed"}
    assert bad == {"no row without amount", "no row without country"}


def test_the_number_of_rows_against_that_of_other_data(tmp_path: Path) -> None:
    rows, more = write(tmp_path / "rows", GOOD), {name: values * 3 for name, values in GOOD.items()}
    last = write(tmp_path / "last", more)
    change = {"input": "rows", "change": {"input": "last", "most_share": 0.5}}
    assert "there are 4, and 12 there, 66.7% apart" in look(rows, change, last=last).findings[1].words
    assert look(rows, change, last=last).outcome == "refused"
    assert look(last, change, last=last).outcome == "passed"
    (tmp_path / "new").mkdir()
    found = look(rows, change, last=tmp_path / "new").findings[1]
    assert (found.outcome, "last: there is no file" in found.words) == ("could not judge", True)


def test_a_moment_is_read_with_its_time_zone_and_its_nanoseconds(tmp_path: Path) -> None:
    columns = [*COLUMNS[:-1], {"name": "day", "type": "timestamp"}]
    for zone, hours in (("UTC", 12.0), (None, 12.0), ("Asia/Tokyo", 12.0)):
        day = pa.array([1_795_996_800_000_000_001] * 4, pa.timestamp("ns", tz=zone))
        rows = write(tmp_path / f"{hours}{zone and zone[:3]}", data(day=day))
        found = look(rows, {"columns": columns, "fresh": {"column": "day", "most_hours": 12}}).findings[-1]
        assert (found.outcome, round(found.value or 0, 3)) == ("passed", hours), found.words


def _program(folder: Path, checks: dict[str, object]) -> int:
    start = ["validate", "--pipeline", "p", "--model", "m", "--run", "r1", "--input", f"rows={folder}"]
    words = ["--checks", json.dumps({"columns": COLUMNS, **checks})]
    return program.run([*start, "--output", f"validation={folder}-out", *words])


def test_the_program_ends_the_run_or_lets_a_condition_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, out = write(tmp_path / "rows", GOOD), tmp_path / "rows-out"
    assert _program(rows, {}) == 0
    said = json.loads((out / "metrics.json").read_text())
    assert said == {"data_passed": 1.0, "data_failures": 0.0, "data_rows": 4.0, "data_null_share": 0.0}
    assert DataVerdict.model_validate_json((out / "validation.json").read_bytes()).outcome == "passed"
    assert "## Data: passed" in capsys.readouterr().out
    assert _program(rows, {"least_rows": 5}) == 3
    assert _program(rows, {"least_rows": 5, "ends_run": False}) == 0
    assert json.loads((out / "metrics.json").read_text())["data_passed"] == 0
    (rows / "rows.parquet").write_bytes(b"")
    assert _program(rows, {}) == 4
    assert "## Data: could not be judged" in (out / "card.md").read_text()
    assert _program(rows, {"least_rows": 0}) == 2
    assert "least_rows" in capsys.readouterr().err


def test_the_version_of_data_is_that_of_its_files_alone(tmp_path: Path) -> None:
    first, same = write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD)
    (same / "_SUCCESS").write_text("later")
    assert look(first, {}).data_version == look(same, {}).data_version
    other = write(tmp_path / "c", data(amount=[10, 20, 30, 41]))
    renamed = write(tmp_path / "d", GOOD, "other.parquet")
    assert len({look(each, {}).data_version for each in (first, other, renamed)}) == 3


def test_what_asks_for_values_needs_pandera(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    rows = write(tmp_path / "rows", GOOD)
    assert _program(rows, {"columns": [*COLUMNS[1:], {**COLUMNS[0], "unique": True}]}) == 2
    assert "pandas is not installed: pip install mlplatform[steps,validation]" in capsys.readouterr().err
