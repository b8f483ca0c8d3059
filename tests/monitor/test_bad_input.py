"""Each kind of bad input, through the whole program: named in what it tells, never a crash, never a silent "no drift".

What validation refuses already (a monitor without captures, bounds that nothing breaks) is in
tests/spec/test_model_monitor.py, test_a_monitor_that_could_never_tell_is_refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .test_job import Watched

ROWS = 400
Lines = list[dict[str, Any]]
FILE = "capture/AllTraffic/2026/11/29/05/part.jsonl"
LATER = "capture/AllTraffic/2026/11/29/09/part.jsonl"


def asked(line: dict[str, Any]) -> list[dict[str, Any]]:
    return json.loads(line["captureData"]["endpointInput"]["data"])["instances"]


def each_row(change: Callable[[dict[str, Any]], object]) -> Callable[[Lines], str]:
    """A change of every row of every request."""

    def changed(lines: Lines) -> str:
        for line in lines:
            rows = asked(line)
            for row in rows:
                change(row)
            line["captureData"]["endpointInput"]["data"] = json.dumps({"instances": rows})
        return written(lines)

    return changed


def written(lines: Lines) -> str:
    return "\n".join(map(json.dumps, lines))


def clocks(lines: Lines) -> str:
    for line in lines:
        line["eventMetadata"]["inferenceTime"] = "2026-11-20T05:10:00Z"
    return written(lines)


def one_row(lines: Lines) -> str:
    sides = lines[0]["captureData"]
    sides["endpointInput"]["data"] = json.dumps({"instances": asked(lines[0])[:1]})
    sides["endpointOutput"]["data"] = "[0.5]"
    return written(lines[:1])


def batched(lines: Lines) -> str:
    """Several requests that came close together are one line, as Azure's collector writes them."""
    events: list[str] = []
    for number in range(0, len(lines), 2):
        two = lines[number : number + 2]
        bodies = {
            "request": [{"instances": asked(line)} for line in two],
            "response": [{"predictions": json.loads(line["captureData"]["endpointOutput"]["data"])} for line in two],
        }
        about = {"specversion": "1.0", "time": "2026-11-29T05:10:00Z", "correlationid": f"c{number}"}
        events += [
            json.dumps({**about, "type": f"azureml.inference.{side}", "data": body}) for side, body in bodies.items()
        ]
    return "\n".join(events)


CASES: dict[str, tuple[Callable[[Lines], str], str, str]] = {
    "empty": (lambda _: "", "unjudged", "the window has no row"),
    "duplicated": (lambda lines: written(lines * 2), "look", "written twice"),
    "another schema": (
        each_row(lambda row: [row.pop(name) for name in list(row) if name != "id"]),
        "broken",
        "missing",
    ),
    "other fields": (each_row(lambda row: row.update(more=1)), "look", "more"),
    "no rows at all": (
        lambda lines: written(lines).replace("instances", "picture"),
        "broken",
        "bodies of an unknown form",
    ),
    "cut off": (lambda lines: written(lines)[:-900], "look", "cut off"),
    "mixed types": (
        each_row(lambda row: row.update(x0="n/a" if row["id"].endswith("7") else row["x0"])),
        "broken",
        "x0",
    ),
    "all null": (each_row(lambda row: row.update(x1=None)), "broken", "x1"),
    "one row": (one_row, "unjudged", "expected at least 200"),
    "a constant column": (each_row(lambda row: row.update(x2=0.25)), "broken", "all values are alike"),
    "unseen categories": (each_row(lambda row: row.update(country="XX")), "broken", "does not have"),
    "clocks that disagree": (clocks, "broken", "The clocks disagree: exchanges of another time than their folder"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_captures_are_named(case: str, watched: Watched) -> None:
    change, kind, words = CASES[case]
    watched.job.capture("none", ROWS)
    lines = [json.loads(line) for line in (watched.folder / FILE).read_text("utf-8").splitlines()]
    watched.job.write(FILE, change(lines))
    told = [line for line in watched.look() if line["monitor"] != "metric"]
    found = next(line for line in told if line["monitor"] == kind)
    assert words in json.dumps(found), told


def test_requests_that_were_batched_are_as_many_rows(watched: Watched) -> None:
    watched.job.capture("none", ROWS)
    lines = [json.loads(line) for line in (watched.folder / FILE).read_text("utf-8").splitlines()]
    watched.job.write(FILE, batched(lines))
    told = watched.look()
    assert {line["metric"]: line["value"] for line in told if "metric" in line}["rows"] == ROWS
    assert [line["monitor"] for line in told if line["monitor"] != "metric"] == ["look"]


def test_captures_that_come_late_are_those_of_the_next_window(watched: Watched) -> None:
    """Of the last hour not all captures are there: the window ends before, and the next one has them."""
    watched.job.capture("none", ROWS)
    (watched.folder / LATER).parent.mkdir(parents=True)
    (watched.folder / FILE).rename(watched.folder / LATER)
    assert watched.look()[0]["monitor"] == "unjudged"
    later = watched.look(days=0.25)
    assert {line["metric"]: line["value"] for line in later if "metric" in line}["rows"] == ROWS


def _label(file: Path, ids: list[str], truths: list[int]) -> None:
    pq.write_table(pa.table({"id": ids, "label": truths}), file)


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (
            [f"d{row}" for row in range(ROWS)] * 2,
            "A part of the labels cannot be judged: rows with two different labels",
        ),
        ([f"stranger{row}" for row in range(2 * ROWS)], "labels of rows that"),
    ],
)
def test_labels_that_contradict_or_are_of_no_row_are_named(ids: list[str], words: str, watched: Watched) -> None:
    watched.job.capture("none", ROWS)
    _label(watched.folder / "labels/part.parquet", ids, [0] * ROWS + [1] * ROWS)
    told = [line for line in watched.look() if line["monitor"] != "metric"]
    assert told[0]["monitor"] in ("broken", "unjudged"), "labels that say nothing are no good news"
    assert words in json.dumps(told), told


def _rewritten(watched: Watched, change: Callable[[Lines], str]) -> list[dict[str, Any]]:
    """What a look tells of captures that are changed."""
    watched.job.capture("none", ROWS)
    lines = [json.loads(line) for line in (watched.folder / FILE).read_text("utf-8").splitlines()]
    watched.job.write(FILE, change(lines))
    return [line for line in watched.look() if line["monitor"] != "metric"]


def test_what_no_float_calendar_or_text_can_hold_is_named(watched: Watched) -> None:
    """Whole numbers of any size, halves of characters, names of any length and years beyond the calendar are good
    JSON; a file may begin with a mark of its bytes' order, and beside it may be files that nobody reads."""

    def change(lines: Lines) -> str:
        for at, line in enumerate(lines):
            rows = asked(line)
            rows[0].update({"x0": 10**400, "\ud800": 1, "f" * 5000: 1})
            line["captureData"]["endpointInput"]["data"] = json.dumps({"instances": rows})
            line["eventMetadata"]["inferenceTime"] = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")[at % 2]
        lines[0]["captureData"]["endpointOutput"]["data"] = json.dumps([10**400] * 50)
        return "\ufeff" + written(lines)

    watched.job.write("capture/AllTraffic/2026/11/29/05/part.jsonl.gz", "")
    told = _rewritten(watched, change)
    said = json.dumps(told)
    assert "x0: 2.0% of rows are of another type or not finite" in said
    assert "the answers: 12.5% of rows have none that can be read" in said
    for words in ("no input: ?", f"{'f' * 100}\\u2026", "whose time is none: 8", "no captures"):
        assert words in said, words
    assert "cut off" not in said, "the first line is read as well"


def test_answers_that_are_all_alike_are_broken_and_no_other_meaning(watched: Watched) -> None:
    """A model that answers one number for everything: labels at the same answer are those of all rows."""

    def change(lines: Lines) -> str:
        for line in lines:
            line["captureData"]["endpointOutput"]["data"] = json.dumps([0.25] * 50)
        return written(lines)

    told = _rewritten(watched, change)
    look = told[-1]
    assert look["kinds"] == ["quality", "prediction", "performance"], told
    assert "the answers: all values are alike" in look["message"]
    assert "what inputs mean: all answers of the window are alike" in look["not_judged"]


def _table_body(head: list[str]) -> Callable[[Lines], str]:
    def changed(lines: Lines) -> str:
        for line in lines:
            rows = [",".join(str(row[name]) for name in head) for row in asked(line)]
            line["captureData"]["endpointInput"] = {"data": "\n".join(["\ufeff" + ",".join(head), *rows])}
        return written(lines)

    return changed


COLUMNS = ["id", *(f"x{place}" for place in range(6)), "country", "new"]


def test_true_and_false_of_csv_are_those_of_json(watched: Watched) -> None:
    told = _rewritten(watched, _table_body(COLUMNS))
    assert [line["monitor"] for line in told] == ["look"], told


def test_two_columns_of_one_name_are_named(watched: Watched) -> None:
    """Which of both the model took nobody knows."""
    told = _rewritten(watched, _table_body([*COLUMNS, "x0"]))
    assert "bodies of an unknown form" in told[0]["message"]
    labels = watched.folder / "labels/part.parquet"
    table = pq.read_table(labels)
    pq.write_table(table.append_column("label", table.column("label")), labels)
    assert "it has two columns label" in watched.look(code=2)[0]["message"]


def test_decimals_are_numbers_and_labels_of_another_form_are_told(watched: Watched) -> None:
    """Databases write whole numbers as decimals. A file of labels that nobody reads is no label that is late."""
    watched.job.capture("none", ROWS)
    for name in ("labels", "reference"):
        file = watched.folder / name / "part.parquet"
        table = pq.read_table(file)
        at = table.schema.get_field_index("label")
        pq.write_table(table.set_column(at, "label", table.column("label").cast(pa.decimal128(20))), file)
    watched.job.write("labels/more.csv", "id,label\n")
    look = watched.look()[-1]
    assert look["kinds"] == []
    assert "files of labels that are no Parquet files: 1" in look["noted"]
