"""The program as a job runs it: files in, report, metrics, page and event out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.program import run
from mlplatform.monitor.tell import event_of, page_of, prometheus_text
from mlplatform.steps.door.events import of_message
from mlplatform.steps.door.rules import DoorRules

from ..steps.door.stage import RULES
from .worlds import SETTINGS, Change, known, world

NOW = datetime(2026, 11, 29, 8, 20, tzinfo=UTC)


class Job:
    """The folders of one monitor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = SETTINGS.model_copy(update={"pipeline": "fraud-retrain", "version": "7"})
        self.write("settings.json", settings.model_dump_json())
        self.table("reference", world(4000, 1), ids="r")
        self.write("reference/reference.json", '{"version": "7"}')

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def table(self, name: str, rows, *, ids: str) -> None:
        (self.folder / name).mkdir(exist_ok=True)
        columns = {each.name: list(column) for each, column in zip(SETTINGS.inputs, rows.inputs, strict=True)}
        columns |= {"score": list(rows.score), "label": list(rows.label)}
        columns["id"] = [f"{ids}{row}" for row in range(len(rows))]
        pq.write_table(pa.table(columns), self.folder / name / "part.parquet")

    def capture(self, change: Change, rows: int = 1500) -> None:
        """An hour of SageMaker's lines, fifty rows a request, and the labels of these rows."""
        day = world(rows, 2, change)
        assert day.score is not None
        self.table("labels", day, ids="d")
        lines: list[str] = []
        for at in range(0, rows, 50):
            part = range(at, min(at + 50, rows))
            names = [each.name for each in SETTINGS.inputs]
            asked = [
                {"id": f"d{row}", **{n: _plain(c[row]) for n, c in zip(names, day.inputs, strict=True)}} for row in part
            ]
            sides = {
                "endpointInput": {"data": json.dumps({"instances": asked}), "encoding": "JSON"},
                "endpointOutput": {"data": json.dumps([float(day.score[row]) for row in part]), "encoding": "JSON"},
            }
            about = {"eventId": f"e{at}", "inferenceTime": "2026-11-29T05:10:00Z"}
            lines.append(json.dumps({"captureData": sides, "eventMetadata": about}))
        self.write("capture/AllTraffic/2026/11/29/05/part.jsonl", "\n".join(lines))
        self.write("capture/AllTraffic/2026/11/20/05/old.jsonl", "not read: another day\n")

    def run(self, *more: str) -> int:
        places = {name: str(self.folder / name) for name in ("reference", "capture", "labels", "output")}
        words = [word for name, place in places.items() for word in (f"--{name}", place)]
        return run(["--settings", str(self.folder / "settings.json"), *words, *more], now=NOW)

    def report(self) -> MonitorReport:
        return MonitorReport.model_validate_json((self.folder / "output/monitor.json").read_text("utf-8"))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, np.floating) else value


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_a_planted_change_reaches_the_doors_own_reader(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.capture("concept")
    assert job.run() == 0
    report = job.report()
    assert report.rows == report.labelled == 1500
    assert report.first == "2026-11-29T05:10:00+00:00"
    assert "concept" in {each.kind for each in report.findings}
    assert "mean something else" in capsys.readouterr().out
    text = (job.folder / "output/event.json").read_text("utf-8")
    rules = DoorRules("t", (replace(RULES, name="fraud-retrain"),))
    event = of_message(text, rules)
    assert (event.pipeline, event.reason) == ("fraud-retrain", "drift")
    assert event.key.endswith("fraud-scorer 7 2026-11-28T07Z/2026-11-29T07Z")
    assert "concept" in event.by
    assert 'mlplatform_monitor_change{endpoint="fraud-scorer",model="fraud",kind="concept"} 1.0' in (
        job.folder / "output/monitor.prom"
    ).read_text("utf-8")
    assert "<h2>Change: concept</h2>" in (job.folder / "output/monitor.html").read_text("utf-8")


def test_without_a_change_nobody_is_asked(job: Job) -> None:
    job.capture("none")
    assert job.run() == 0
    assert job.report().conclusion == "no change found"
    assert not (job.folder / "output/event.json").exists()


def test_a_window_without_captures_is_an_alarm_and_no_silence(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.capture("none")
    assert job.run("--until", "2026-11-25T00:00Z") == 4
    assert "the window has no row" in capsys.readouterr().out
    assert 'monitor_judged{endpoint="fraud-scorer",model="fraud"} 0.0' in (
        job.folder / "output/monitor.prom"
    ).read_text("utf-8")


def test_parts_of_a_window_give_the_report_of_one_worker(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.capture("concept")
    lines = (job.folder / "capture/AllTraffic/2026/11/29/05/part.jsonl").read_text("utf-8").splitlines()
    for hour, part in enumerate((lines[:3], lines[3:4], lines[4:])):
        job.write(f"capture/AllTraffic/2026/11/29/0{hour + 1}/part.jsonl", "\n".join(part))
    (job.folder / "capture/AllTraffic/2026/11/29/05/part.jsonl").unlink()
    assert job.run() == 0
    whole = job.report()
    assert whole.rows == 1500
    assert job.run("--parts", "3") == 2
    assert "counts-1-of-3.json" in capsys.readouterr().err
    for part in ("3/3", "1/3", "2/3"):
        assert job.run("--part", part) == 0
    assert job.run("--parts", "3") == 0
    assert job.report() == whole
    assert job.run("--part", "4/3") == 2


def test_what_cannot_be_read_is_told_and_no_traceback(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert job.run() == 4
    assert "the window has no row" in capsys.readouterr().out
    job.capture("none")
    (job.folder / "labels/part.parquet").unlink()
    assert job.run() == 0
    assert "0 of 1500 rows of the window have labels" in capsys.readouterr().out
    (job.folder / "reference/part.parquet").write_bytes(b"PAR1 no more")
    assert job.run() == 2
    job.write("settings.json", '{"endpoint": "e", "task": "guessing"}')
    assert job.run() == 2
    told = capsys.readouterr().err
    assert "model: Field required" in told
    assert "task: " in told


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": [{"metric": "accuracy", "at_least": 1.5}]},
        {"metrics": [{"metric": "accuracy", "at_least": 0}]},
        {"metrics": [{"metric": "f1", "at_most": 1}]},
        {"metrics": [{"metric": "rmse", "at_most": 3}]},
        {"metrics": [{"metric": "accuracy", "at_least": 0.9, "at_most": 0.8}]},
        {"slices": ["x0"]},
        {"false_alarms_per_year": 50},
        {"score": None},
    ],
)
def test_settings_that_can_never_tell_anything_are_refused(job: Job, change: dict[str, object]) -> None:
    job.write("settings.json", json.dumps({**SETTINGS.model_dump(mode="json"), **change}))
    assert job.run() == 2


def test_broken_data_ask_for_no_training() -> None:
    there = known(world(4000, 1))
    report = there.judge(world(2000, 2, "covariate"))
    assert event_of(report, "p") is not None
    broken = report.findings[0].model_copy(update={"kind": "quality"})
    assert event_of(report.model_copy(update={"findings": (*report.findings, broken)}), "p") is None


def test_names_of_others_stay_text_on_the_page_and_in_metrics() -> None:
    report = known(world(4000, 1)).judge(world(2000, 2)).model_copy(update={"endpoint": '<b>"x"\n'})
    assert "<b>" not in page_of(report)
    assert 'endpoint="<b>\\"x\\"\\n"' in prometheus_text(report)
    assert len(prometheus_text(report).splitlines()) == len(prometheus_text(report).split("\n")) - 1
