"""Rankings: metrics of queries, whose rows may come in parts, and what of them cannot be measured."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import log2
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.program import run
from mlplatform.monitor.rankings import UNRANKED, ndcg, reciprocal_rank
from mlplatform.monitor.rows import RowBatch, values
from mlplatform.monitor.summary import RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

from .test_program import NOW
from .worlds import Known, known

SETTINGS = MonitorSettings.model_validate(
    {
        "endpoint": "search",
        "model": "search",
        "task": "ranking",
        "inputs": [{"name": "match"}, {"name": "age"}],
        "metrics": [{"metric": "ndcg"}, {"metric": "mrr"}],
        "runs_per_year": 100,
    }
)
ROWS = 8


def queries(number: int, seed: int, *, worse: bool = False) -> RowBatch:
    """Queries of eight rows. Relevance is 0, 1 or 2 and follows the score; a worse model's follows another input."""
    draw = np.random.default_rng([seed, 8])
    match, age = draw.normal(size=(2, number * ROWS))
    chance = 1 / (1 + np.exp(-2 * (age if worse else match)))
    label = (draw.random(number * ROWS) < chance).astype(int) + (draw.random(number * ROWS) < chance / 3)
    query = np.repeat(np.arange(1, number + 1, dtype=np.uint64), ROWS)
    return RowBatch((match, age), score=match, label=values(label.tolist()), query=query)


def cut(rows: RowBatch, *places: int) -> Iterable[RowBatch]:
    """The same rows in parts, some of which end within a query."""
    for start, end in zip((0, *places), (*places, len(rows)), strict=True):
        part = slice(start, end)
        assert rows.score is not None
        assert rows.label is not None
        assert rows.query is not None
        yield RowBatch(
            tuple(each[part] for each in rows.inputs),
            score=rows.score[part],
            label=rows.label[part],
            query=rows.query[part],
        )


@pytest.fixture(scope="module")
def search() -> Known:
    return known(queries(600, 1), SETTINGS)


def test_the_metric_is_that_of_the_textbook() -> None:
    score, gains = np.array([0.1, 0.9, 0.5, 0.3]), np.array([2.0, 0.0, 1.0, 0.0])
    expected = (0 / log2(2) + 1 / log2(3) + 0 / log2(4) + 2 / log2(5)) / (2 / log2(2) + 1 / log2(3))
    assert ndcg(score, gains) == pytest.approx(expected)
    assert reciprocal_rank(score, gains) == 1 / 2


def test_rows_with_one_score_share_their_places() -> None:
    """Else the order of rows in a file would decide how good a model is that says nothing."""
    gains = np.array([1.0, 0.0, 0.0])
    orders = [ndcg(np.zeros(3), np.roll(gains, at)) for at in range(3)]
    assert orders == pytest.approx([(1 + 1 / log2(3) + 1 / log2(4)) / 3] * 3)
    assert [reciprocal_rank(np.zeros(3), np.roll(gains, at)) for at in range(3)] == [1 / 2] * 3


def test_a_day_like_the_reference_is_no_change(search: Known) -> None:
    report = search.judge(queries(600, 2))
    assert report.conclusion == "no change found", report.words
    found = {each.metric: each for each in report.measured}
    assert set(found) == {"ndcg", "mrr"}
    assert found["ndcg"].rows == 600 - _without(report)


def _without(report: MonitorReport) -> int:
    """Queries in which nothing is relevant."""
    return sum(int(each.rpartition(": ")[2]) for each in report.noted if each.startswith(UNRANKED))


def test_a_worse_order_is_found_and_named(search: Known) -> None:
    report = search.judge(queries(600, 2, worse=True))
    kinds = [each.kind for each in report.findings]
    assert "performance" in kinds
    assert "concept" in kinds
    assert "ndcg" in next(each.words for each in report.findings if each.kind == "performance")


@pytest.mark.parametrize("places", [(1,), (8, 16), (7, 9, 30, 31), (4799,)])
def test_parts_that_end_within_a_query_change_nothing(search: Known, places: tuple[int, ...]) -> None:
    rows = queries(600, 3)
    whole, parts = search.count(rows), search.count(*cut(rows, *places))
    assert {n: each.tolist() for n, each in parts.counts.items()} == {n: e.tolist() for n, e in whole.counts.items()}
    assert parts.problems == whole.problems


def test_counts_of_eight_workers_add_up(search: Known) -> None:
    rows = queries(600, 4)
    parts = [search.count(each) for each in cut(rows, *(ROWS * at for at in (3, 80, 81, 200, 350, 351, 599)))]
    added = RowSummary(search.profile.digest, {n: np.zeros_like(each) for n, each in parts[0].counts.items()})
    for each in parts[::-1]:
        added.merge(each)
    assert added.counts["rankings"].tolist() == search.count(rows).counts["rankings"].tolist()


@pytest.mark.parametrize(
    ("label", "score", "words"),
    [
        ([None, 1], [0.1, 0.2], "some of their rows have no label"),
        ([0, 0], [0.1, 0.2], "none of their rows is relevant"),
        ([0, 1], [float("nan"), 0.2], "some of their rows have no score"),
    ],
)
def test_what_is_not_measured_is_told(search: Known, label: list[object], score: list[float], words: str) -> None:
    inputs = (np.zeros(2), np.zeros(2))
    rows = RowBatch(inputs, score=np.array(score), label=values(label), query=np.array([1, 1], dtype=np.uint64))
    assert search.count(rows).problems == {f"{UNRANKED}since {words}": 1}


class Ranked:
    """The program with files: a reference, requests of some rows each, and labels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = SETTINGS.model_dump(mode="json", exclude_defaults=True)
        folder.joinpath("settings.json").write_text(json.dumps(settings), "utf-8")
        self.reference(queries(300, 1))

    def reference(self, rows: RowBatch, order: slice = slice(None)) -> None:
        assert rows.query is not None
        table = {"match": rows.inputs[0], "age": rows.inputs[1], "score": rows.score, "query": rows.query}
        labels = [] if rows.label is None else rows.label.tolist()
        shown = {name: np.asarray(each)[order] for name, each in table.items()}
        place = self.folder / "reference"
        place.mkdir(exist_ok=True)
        pq.write_table(pa.table({**shown, "label": labels[order]}), place / "part.parquet")

    def look(self, rows: RowBatch, *, batched: int = 1) -> int:
        lines: list[str] = []
        asked = [{"instances": []} for _ in range(len(rows) // ROWS)]
        answered = [{"predictions": []} for _ in asked]
        assert rows.score is not None
        for at in range(len(rows)):
            row = {"id": f"r{at}", "match": float(rows.inputs[0][at]), "age": float(rows.inputs[1][at])}
            asked[at // ROWS]["instances"].append(row)
            answered[at // ROWS]["predictions"].append({"score": float(rows.score[at])})
        for at in range(0, len(asked), batched):
            sides = (
                [asked[at : at + batched], answered[at : at + batched]] if batched > 1 else [asked[at], answered[at]]
            )
            data = {
                name: {"data": json.dumps(each), "encoding": "JSON"}
                for name, each in zip(("endpointInput", "endpointOutput"), sides, strict=True)
            }
            about = {"eventId": f"e{at}", "inferenceTime": "2026-11-29T05:10:00Z"}
            lines.append(json.dumps({"captureData": data, "eventMetadata": about}))
        hour = self.folder / "capture/2026/11/29/05"
        hour.mkdir(parents=True, exist_ok=True)
        (hour / "part.jsonl").write_text("\n".join(lines), "utf-8")
        labels = [] if rows.label is None else rows.label.tolist()
        (self.folder / "labels").mkdir(exist_ok=True)
        ids = [f"r{at}" for at in range(len(rows))]
        pq.write_table(pa.table({"id": ids, "label": labels}), self.folder / "labels/part.parquet")
        places = ("reference", "capture", "labels", "output")
        words = [word for name in places for word in (f"--{name}", str(self.folder / name))]
        return run(["--settings", str(self.folder / "settings.json"), *words], now=NOW)

    @property
    def report(self) -> MonitorReport:
        return MonitorReport.model_validate_json((self.folder / "output/monitor.json").read_text("utf-8"))


@pytest.fixture
def ranked(tmp_path: Path) -> Ranked:
    return Ranked(tmp_path)


def test_a_request_is_a_query_also_where_several_were_captured_as_one(ranked: Ranked) -> None:
    rows = queries(300, 2)
    assert ranked.look(rows) == 0
    one = ranked.report
    assert one.conclusion == "no change found", one.words
    assert {each.metric for each in one.measured} == {"ndcg", "mrr"}
    assert ranked.look(rows, batched=3) == 0
    assert ranked.report.measured == one.measured


def test_a_reference_whose_queries_are_mixed_is_refused(ranked: Ranked, capsys: pytest.CaptureFixture[str]) -> None:
    """Each run of rows would be a query of its own, and the metric that of no query at all."""
    ranked.reference(queries(300, 1), slice(None, None, 1))
    mixed = np.random.default_rng(1).permutation(300 * ROWS)
    table = pq.read_table(ranked.folder / "reference/part.parquet").take(pa.array(mixed))
    pq.write_table(table, ranked.folder / "reference/part.parquet")
    assert ranked.look(queries(300, 2)) == 2
    assert "sort the reference by query" in capsys.readouterr().err


def test_labels_that_are_no_relevance_are_refused(ranked: Ranked, capsys: pytest.CaptureFixture[str]) -> None:
    rows = queries(300, 1)
    assert rows.label is not None
    ranked.reference(RowBatch(rows.inputs, rows.score, None, values(["bad", "good"] * (150 * ROWS)), rows.query))
    assert ranked.look(queries(300, 2)) == 2
    assert "labels of a ranking are numbers from 0 on" in capsys.readouterr().err
