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
    "clocks that disagree": (clocks, "look", "clocks disagree"),
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
        ([f"d{row}" for row in range(ROWS)] * 2, "rows with two different labels"),
        ([f"stranger{row}" for row in range(2 * ROWS)], "labels of rows that"),
    ],
)
def test_labels_that_contradict_or_are_of_no_row_are_named(ids: list[str], words: str, watched: Watched) -> None:
    watched.job.capture("none", ROWS)
    _label(watched.folder / "labels/part.parquet", ids, [0] * ROWS + [1] * ROWS)
    told = [line for line in watched.look() if line["monitor"] != "metric"]
    assert told[0]["monitor"] in ("broken", "unjudged"), "labels that say nothing are no good news"
    assert words in json.dumps(told), told
