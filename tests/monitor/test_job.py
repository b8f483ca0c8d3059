"""The monitor as the platform runs it: told by one document, telling by lines of JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.monitor import history
from mlplatform.monitor.findings import MonitorReport, PastLook
from mlplatform.monitor.history import MOST_LOOKS
from mlplatform.monitor.job import JOB
from mlplatform.monitor.places import Unreadable
from mlplatform.monitor.program import run
from mlplatform.monitor.signature import signature_inputs
from mlplatform.monitor.tell import page_of
from mlplatform.monitor.versions import versions_within
from mlplatform.spec.monitor_job import MonitorDoor, MonitorJob

from .test_program import NOW, Job
from .worlds import SETTINGS

Line = dict[str, Any]

MLMODEL = """artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
signature:
  inputs: '[{"type": "double", "name": "amount", "required": true}, {"type": "string",
    "name": "customer''s country", "required": true}]'
  outputs: '[{"type": "double", "required": true}]'
  params: null
utc_time_created: '2026-11-29 06:00:00'
"""


class Watched:
    """A monitor with its document."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.job, self.folder, self._patch, self._capsys = Job(folder), folder, patch, capsys
        settings = SETTINGS.overlay(pipeline="fraud-retrain", version="7")
        self.document = MonitorJob(
            settings=settings,
            model=str(folder / "model"),
            reference=str(folder / "reference"),
            capture=(str(folder / "capture"),),
            labels=str(folder / "labels"),
            reports=str(folder / "reports"),
            hours=24,
        )

    def told(self, **changes: object) -> None:
        self.document = self.document.overlay(**changes)

    def look(self, code: int = 0, days: float = 0) -> Sequence[Line]:
        self._patch.setenv(JOB, self.document.model_dump_json(exclude_defaults=True))
        assert run([], now=NOW + timedelta(days=days)) == code
        return [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]


def kinds(lines: Sequence[Line]) -> list[str]:
    return [line["monitor"] for line in lines if line["monitor"] != "metric"]


def test_a_change_is_told_with_its_report(watched: Watched) -> None:
    watched.job.capture("concept")
    lines = watched.look()
    assert kinds(lines) == ["change", "look"]
    change = next(line for line in lines if line["monitor"] == "change")
    assert change["kinds"] == ["concept", "performance"]
    assert change["endpoint"] == SETTINGS.endpoint
    assert Path(change["report"], "monitor.html").is_file()
    assert json.loads(Path(change["report"], "event.json").read_text("utf-8"))["pipeline"] == "fraud-retrain"
    rows = [line["value"] for line in lines if line.get("metric") == "rows"]
    assert rows == [1500.0]


def test_without_a_change_only_the_look_is_told(watched: Watched) -> None:
    watched.job.capture("none")
    assert kinds(watched.look()) == ["look"]


def test_each_look_has_a_folder_of_its_own(watched: Watched) -> None:
    """A store that is written once refuses to replace a report."""
    watched.job.capture("none")
    watched.look()
    watched.look(days=1 / 1440)
    assert len(list((watched.folder / "reports").rglob("monitor.json"))) == 2


def test_labels_that_come_later_have_a_look_of_their_own(watched: Watched) -> None:
    watched.told(settings=watched.document.settings.overlay(label_days=3, runs_per_year=730))
    watched.job.capture("concept")
    first = watched.look()
    assert kinds(first) == ["look", "look"], "a new endpoint has no rows of three days ago, and nobody is told of that"
    assert "due 3 days after" in " ".join(
        first[-1]["not_judged"] + next(x for x in first if "noted" in x)["not_judged"]
    )
    lines = watched.look(days=3)
    assert kinds(lines) == ["unjudged", "look", "change", "look"]
    change = next(line for line in lines if line["monitor"] == "change")
    assert change["kinds"] == ["concept", "performance"]
    assert change["window"] == "2026-11-28T07Z/2026-11-29T07Z"


def test_a_look_with_labels_repeats_nothing_about_inputs(watched: Watched) -> None:
    watched.told(settings=watched.document.settings.overlay(label_days=3, runs_per_year=730))
    watched.job.capture("covariate")
    at_once = watched.look()
    assert kinds(at_once)[0] == "change"
    assert [line for line in watched.look(days=3) if line["monitor"] == "change"] == []


def test_labels_that_never_come_are_told(watched: Watched) -> None:
    watched.job.capture("none")
    shutil.rmtree(watched.folder / "labels")
    lines = watched.look()
    assert kinds(lines) == ["unjudged", "look"]
    assert "0 of 1500 rows of the window have labels" in next(x for x in lines if x["monitor"] == "unjudged")["message"]


def test_a_window_without_rows_is_no_no(watched: Watched) -> None:
    assert kinds(watched.look()) == ["unjudged", "look"]


@pytest.mark.parametrize(("events", "asked"), [(("quality",), False), (("drift",), True)])
def test_a_pipeline_is_asked_only_for_what_its_triggers_name(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, events: tuple[str, ...], asked: bool
) -> None:
    """A message that its door does not take would be a dead letter."""
    sent: list[str] = []

    def send(inbox: str, text: str, _: object) -> None:
        sent.append(f"{inbox} {text}")

    monkeypatch.setattr("mlplatform.monitor.publish.send_to_door", send)
    watched.told(door=MonitorDoor.model_validate({"cloud": "gcp", "inbox": "projects/p/topics/t", "events": events}))
    watched.job.capture("concept")
    lines = watched.look()
    assert bool(sent) == asked
    assert next(x for x in lines if x["monitor"] == "change")["asked"] == ("fraud-retrain" if asked else None)


def test_a_door_that_does_not_answer_is_a_failure(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("403 Forbidden")

    monkeypatch.setattr("mlplatform.monitor.publish.send_to_door", refuse)
    watched.told(door=MonitorDoor.model_validate({"cloud": "gcp", "inbox": "projects/p/topics/t", "events": ["drift"]}))
    watched.job.capture("concept")
    lines = watched.look(code=2)
    assert kinds(lines) == ["failure"]
    assert "403 Forbidden" in lines[-1]["message"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not set"),
        ("{", "the document: Invalid JSON"),
        ('{"settings": {"task": "guessing"}}', "settings.task"),
        ("/nowhere/job.json", "it is not there"),
        ("ftp://nowhere/job.json", "expected a path"),
    ],
)
def test_a_bad_document_is_named(
    text: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(JOB, text)
    assert run([], now=NOW) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert json.loads(told.out)["monitor"] == "failure"


def test_a_document_may_be_in_the_store(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.job.capture("none")
    file = watched.folder / "job.json"
    file.write_text(watched.document.model_dump_json(exclude_defaults=True), encoding="utf-8")
    monkeypatch.setenv(JOB, str(file))
    assert run([], now=NOW) == 0


def test_inputs_are_those_of_the_signature(watched: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    types = {"number": "double", "category": "string"}
    columns = [{"type": types[each.kind], "name": each.name} for each in SETTINGS.inputs]
    watched.told(settings=watched.document.settings.overlay(inputs=()))
    watched.job.capture("covariate")
    assert kinds(watched.look(code=2)) == ["failure"]
    watched.job.write("model/MLmodel", f"signature:\n  inputs: '{json.dumps(columns)}'\n  outputs: null\n")
    assert kinds(watched.look()) == ["change", "look"]
    watched.told(settings=watched.document.settings.overlay(slices=("amount",)))
    assert "expected an input of kind category" in watched.look(code=2)[0]["message"]


def test_a_signature_is_read_as_mlflow_writes_it() -> None:
    inputs = [(each.name, each.kind) for each in signature_inputs(MLMODEL, "MLmodel")]
    assert inputs == [("amount", "number"), ("customer's country", "category")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flavors: {}\n", "expected a signature"),
        ('signature:\n  inputs: \'[{"type": "datetime", "name": "day"}]\'\n', "day of type datetime"),
        ('signature:\n  inputs: \'[{"type": "tensor"}]\'\n', "of type tensor"),
        ("signature:\n  inputs: '[]'\n", "has no input"),
        ("signature:\n  inputs: '[{'\n", "expected a signature"),
        ('signature:\n  inputs: null\n  outputs: \'[{"type": "double", "name": "y"}]\'\n', "expected a signature"),
    ],
)
def test_a_signature_that_names_no_columns_is_refused(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        signature_inputs(text, "MLmodel")


def test_a_release_without_its_reference_is_a_failure(watched: Watched) -> None:
    watched.job.capture("none")
    shutil.rmtree(watched.folder / "reference")
    lines = watched.look(code=2)
    assert kinds(lines) == ["failure"]
    assert "there is no file *.parquet" in lines[0]["message"]


def test_a_reference_of_another_version_judges_nothing(watched: Watched) -> None:
    watched.job.capture("covariate")
    watched.job.write("reference/reference.json", '{"version": "6"}')
    lines = watched.look()
    assert kinds(lines) == ["unjudged", "look"], "no change, but no 'no change' either"
    assert "the reference belongs to version 6" in next(x for x in lines if x["monitor"] == "unjudged")["message"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "unjudged"),
        ('{"captureData": {"endpointIn', "broken"),
        ("not json at all\n" * 50, "broken"),
        ('{"captureData": {}, "eventMetadata": {}}\n' * 50, "broken"),
    ],
)
def test_files_that_cannot_be_read_are_told(watched: Watched, text: str, line: str) -> None:
    """Of a window that has nothing else: never a silent 'no change'."""
    watched.job.write("capture/AllTraffic/2026/11/29/05/part.jsonl", text)
    assert kinds(watched.look())[0] == line


def test_a_file_that_was_written_twice_counts_once(watched: Watched) -> None:
    watched.job.capture("none")
    file = watched.folder / "capture/AllTraffic/2026/11/29/05/part.jsonl"
    (file.parent / "again.jsonl").write_text(file.read_text("utf-8"), encoding="utf-8")
    lines = watched.look()
    assert [line["value"] for line in lines if line.get("metric") == "rows"] == [1500.0]
    assert any("written twice" in each for each in lines[-1]["noted"])


def test_reports_carry_the_looks_before_them_and_show_a_release(watched: Watched) -> None:
    """Versions, quality, drift and releases, from former reports alone."""
    watched.job.capture("none")
    watched.look()
    watched.told(settings=watched.document.settings.overlay(version="8"))
    version = watched.folder / "reference" / "reference.json"
    version.write_text(json.dumps({"version": "8"}), "utf-8")
    watched.job.capture("covariate")
    lines = watched.look(days=1 / 24 / 6)
    report = _report_of(lines)
    (former,) = report["history"]
    assert (former["version"], former["kinds"], report["version"]) == ("7", [], "8")
    assert former["metrics"]
    assert former["rows"] == 1500
    page = Path(lines[-1]["report"], "monitor.html").read_text("utf-8")
    assert "<h2>History</h2>" in page
    assert "version 8 after 7" in page
    assert "<polyline" in page
    third = watched.look(days=1 / 24 / 3)
    report = json.loads(Path(third[-1]["report"], "monitor.json").read_text("utf-8"))
    assert [look["version"] for look in report["history"]] == ["7", "8"]
    assert report["history"][1]["kinds"] == ["covariate"]


def test_a_former_report_that_cannot_be_read_is_noted_and_ends_no_look(watched: Watched) -> None:
    watched.job.capture("none")
    watched.look()
    for report in watched.folder.glob("reports/**/monitor.json"):
        report.write_text('{"report_version": 2}', "utf-8")
    lines = watched.look(days=1 / 24 / 6)
    assert kinds(lines) == ["look"]
    assert any("history of former looks" in each for each in lines[-1]["noted"])


def _report_of(lines: Sequence[Line]) -> dict[str, Any]:
    return json.loads(Path(lines[-1]["report"], "monitor.json").read_text("utf-8"))


def _release(watched: Watched, version: str) -> None:
    watched.told(settings=watched.document.settings.overlay(version=version))
    watched.job.write("reference/reference.json", json.dumps({"version": version}))


def test_looks_at_labels_that_come_later_stay_in_the_history(watched: Watched) -> None:
    """Both looks of a run are written in one second: the next run reads the one that has the other."""
    watched.told(settings=watched.document.settings.overlay(label_days=3, runs_per_year=730))
    watched.job.capture("none")
    lines = [watched.look(days=3 + again / 24 / 6) for again in (0, 1, 2)][-1]
    report = _report_of(lines)
    assert len(report["history"]) == 5
    assert sum(bool(look["metrics"]) for look in report["history"]) == 2
    page = Path(lines[-1]["report"], "monitor.html").read_text("utf-8")
    assert "accuracy over the looks" in page


def test_labels_of_a_former_version_say_nothing_of_the_one_that_serves(watched: Watched) -> None:
    """The drift that a release has answered does not start another training when its labels come."""
    watched.told(settings=watched.document.settings.overlay(label_days=3, runs_per_year=730))
    watched.job.capture("concept")
    watched.look()
    _release(watched, "8")
    lines = watched.look(days=3)
    assert kinds(lines) == ["unjudged", "look", "look"], "of new rows there are none in the test"
    assert "answered by version 7" in " ".join(lines[-1]["not_judged"])
    report = _report_of(lines)
    assert (report["findings"], report["measured"], report["conclusion"]) == ([], [], "could not judge")
    page = Path(lines[-1]["report"], "monitor.html").read_text("utf-8")
    assert "version 8 after 7" in page


def test_answers_of_two_versions_are_not_compared(watched: Watched) -> None:
    """A window in which a release came: its inputs are judged, and what the release has answered is not told."""
    watched.job.capture("concept")
    assert kinds(watched.look(days=-1 / 24)) == ["change", "look"]
    _release(watched, "8")
    lines = watched.look(days=1 / 24)
    assert kinds(lines) == ["look"]
    assert any("answered by version 7" in each for each in lines[-1]["not_judged"])
    assert _report_of(lines)["conclusion"] == "no change found"
    # nothing but rows of the version that serves
    past = tuple(each.model_copy(update={"version": "8"}) for each in (_past(1, "7"),))
    assert versions_within(_bare("8", past), NOW, NOW + timedelta(days=2)) == ()


@pytest.mark.parametrize(("written", "within"), [("0600", False), ("0700", False), ("0701", True), ("0800", True)])
def test_a_version_was_within_a_window_if_a_look_saw_it_there(written: str, within: bool) -> None:
    start = datetime(2026, 11, 29, 7, tzinfo=UTC)
    past = _past(1, "7").model_copy(update={"written": f"20261129T{written}00"})
    found = versions_within(_bare("8", (past,)), start, start + timedelta(hours=1))
    assert found == (("7",) if within else ())


def test_a_release_is_drawn_in_each_figure(watched: Watched) -> None:
    """Also where the look that saw it first had no such figure."""
    looks = [("7", 0.9), ("7", 0.8), ("8", None), ("8", 0.9)]
    past = tuple(
        PastLook(
            written=f"2026113{number}T060000", window=f"w{number}", version=version, rows=1, labelled=1,
            conclusion="no change found", metrics={"auc": value} if value else {}, largest_shift=0.1,
        )
        for number, (version, value) in enumerate(looks)
    )  # fmt: skip
    page = page_of(_bare(version="8", history=past))
    assert page.count("<polyline") == 2
    assert page.count("stroke-dasharray") == 2


def test_releases_stay_in_the_history_longer_than_looks() -> None:
    looks = [_past(number, "7" if number < 3 else "8") for number in range(MOST_LOOKS + 5)]
    kept = history.kept_of(_bare(version="8", history=tuple(looks)), "20261130T070000")
    assert [look.window for look in kept[:2]] == ["w0000", "w0003"]
    assert len(kept) == MOST_LOOKS + 2
    assert history.answered_by(kept, "w0002") == "7"
    assert history.answered_by(kept, "w0004") == "8"


def _past(number: int, version: str) -> PastLook:
    return PastLook(
        written="20261130T060000", window=f"w{number:04}", version=version, rows=1, labelled=0,
        conclusion="no change found",
    )  # fmt: skip


def _bare(version: str, history: tuple[PastLook, ...]) -> MonitorReport:
    return MonitorReport(
        endpoint="e", model="m", version=version, window="w9999", first=None, last=None, rows=1, labelled=0,
        reference_rows=1, alpha=0.01, conclusion="no change found", words="", history=history,
    )  # fmt: skip


def test_a_history_has_an_end() -> None:
    kept = history.kept_of(_bare("7", (_past(0, "7"),) * MOST_LOOKS), "20261130T070000")
    # one that is older says since when the version is known
    assert len(kept) == MOST_LOOKS + 1
    assert kept[-1].written == "20261130T070000"
    assert len(history.kept_of(_bare("7", kept), "20261130T080000")) == MOST_LOOKS + 1


HOURS = (7, 1, 3, 11, 2, 4, 1, 1)
"""Requests of each of eight hours: unequal parts of a window."""


def _spread(watched: Watched, change: str) -> None:
    """The captured requests, over eight hours."""
    watched.job.capture(change)  # type: ignore[arg-type]
    file = watched.folder / "capture/AllTraffic/2026/11/29/05/part.jsonl"
    lines = file.read_text("utf-8").splitlines()
    file.unlink()
    for hour, count in enumerate(HOURS, start=-3):
        part, lines = lines[:count], lines[count:]
        day, name = ("29", hour) if hour >= 0 else ("28", 24 + hour)
        watched.job.write(f"capture/AllTraffic/2026/11/{day}/{name:02}/part.jsonl", "\n".join(part))
    assert not lines


def _report(lines: Sequence[Line]) -> MonitorReport:
    return MonitorReport.model_validate_json(Path(lines[-1]["report"], "monitor.json").read_text("utf-8"))


MINUTE = int(NOW.timestamp()) // 60
TOLD: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "cluster": (
        "JOB_COMPLETION_INDEX",
        {"MLPLATFORM_MONITOR_RUN": "3f1c", "MLPLATFORM_MONITOR_JOB_NAME": f"monitor-fraud-scorer-{MINUTE}"},
    ),
    "Cloud Run": ("CLOUD_RUN_TASK_INDEX", {"CLOUD_RUN_EXECUTION": "monitor-fraud-scorer-x7k2p"}),
    "Fargate": ("MLPLATFORM_MONITOR_WORKER", {"MLPLATFORM_MONITOR_RUN": NOW.strftime("%Y-%m-%dT%H:%M:%SZ")}),
}
"""How a worker is told its number, and what else it is told."""


@pytest.mark.parametrize("place", TOLD)
def test_several_workers_find_what_one_finds(place: str, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight workers in another order, with labels of rows that nobody asked about, told as each place tells them."""
    _spread(watched, "concept")
    table = pq.read_table(watched.folder / "labels/part.parquet")
    strangers = pa.table({name: table.column(name).slice(0, 3) for name in ("id", "label")})
    strangers = strangers.set_column(0, "id", pa.array(["n1", "n2", "n3"]))
    pq.write_table(strangers, watched.folder / "labels/more.parquet")
    alone = _report(watched.look())
    assert "labels of rows that are not in this window (of 1503): 3" in alone.noted
    watched.told(workers=8, wait_seconds=1)
    number, about = TOLD[place]
    for name, value in about.items():
        monkeypatch.setenv(name, value)
    # one that starts after the full hour looks at the same window, where somebody says which hour was meant
    late = 0 if place == "Cloud Run" else 1 / 24
    rows: list[int] = []
    for index in (5, 2, 7, 1, 4, 6, 3):
        monkeypatch.setenv(number, str(index))
        (line,) = watched.look(days=late)
        rows.append(line["rows"])
    assert len(set(rows)) > 1
    assert watched.look() == [], "one that was taken off its node, and started again, writes nothing twice"
    monkeypatch.setenv(number, "0")
    several = _report(watched.look())
    assert several.model_copy(update={"history": alone.history}) == alone


def test_workers_without_numbers_find_their_places(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replicas of Container Apps: all that they are told is the name of what runs."""
    _spread(watched, "concept")
    alone = _report(watched.look())
    watched.told(workers=8, wait_seconds=1)
    monkeypatch.setenv("CONTAINER_APP_JOB_EXECUTION_NAME", "acme-monitor-4h2k9xq")
    names = [f"{number:032x}" for number in (9, 3, 7, 1, 8, 2, 6, 4)]
    place = watched.folder / "reports/parts/acme-monitor-4h2k9xq-workers"
    for each in names:
        watched.job.write(str((place / f"{each}.txt").relative_to(watched.folder)), "")
    for each in sorted(names)[:0:-1]:
        monkeypatch.setattr("mlplatform.monitor.workers.uuid4", lambda each=each: UUID(each))
        assert [line["monitor"] for line in watched.look()] == ["part"]
    monkeypatch.setattr("mlplatform.monitor.workers.uuid4", lambda: UUID(min(names)))
    several = _report(watched.look())
    assert several.model_copy(update={"history": alone.history}) == alone


@pytest.mark.parametrize(("others", "words"), [(1, "of 3 workers 2 came"), (3, "4 workers came, and 3 are expected")])
def test_workers_without_numbers_that_are_too_few_or_too_many_are_a_failure(
    others: int, words: str, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.job.capture("none")
    watched.told(workers=3, wait_seconds=1)
    waited: list[float] = []
    monkeypatch.setattr("mlplatform.monitor.workers.time.sleep", waited.append)
    monkeypatch.setattr("mlplatform.monitor.workers.time.monotonic", lambda: float(len(waited)))
    monkeypatch.setenv("CONTAINER_APP_JOB_EXECUTION_NAME", "acme-monitor-4h2k9xq")
    for number in range(others):
        watched.job.write(f"reports/parts/acme-monitor-4h2k9xq-workers/{number}.txt", "")
    (line,) = watched.look(code=2)
    assert words in line["message"]


def test_counts_of_another_window_are_never_added(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of one execution that started on both sides of a full hour, where nobody says which hour was meant."""
    watched.job.capture("none")
    watched.told(workers=2, wait_seconds=1)
    waited: list[float] = []
    monkeypatch.setattr("mlplatform.monitor.workers.time.sleep", waited.append)
    monkeypatch.setattr("mlplatform.monitor.workers.time.monotonic", lambda: float(len(waited)))
    monkeypatch.setenv("CLOUD_RUN_EXECUTION", "monitor-fraud-scorer-x7k2p")
    monkeypatch.setenv("CLOUD_RUN_TASK_INDEX", "1")
    watched.look(days=1 / 24)
    monkeypatch.setenv("CLOUD_RUN_TASK_INDEX", "0")
    (line,) = watched.look(code=2)
    assert "of 2 parts 2 did not come" in line["message"]


@pytest.mark.parametrize(
    ("index", "words"), [("0", "of 3 parts 2, 3 did not come"), ("3", "expected the number of one of 3 workers")]
)
def test_a_worker_that_does_not_come_is_a_failure(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, index: str, words: str
) -> None:
    watched.job.capture("none")
    watched.told(workers=3, wait_seconds=1)
    waited: list[float] = []
    monkeypatch.setattr("mlplatform.monitor.workers.time.sleep", waited.append)
    monkeypatch.setattr("mlplatform.monitor.workers.time.monotonic", lambda: float(len(waited)))
    monkeypatch.setenv("MLPLATFORM_MONITOR_RUN", "3f1c")
    monkeypatch.setenv("JOB_COMPLETION_INDEX", index)
    lines = watched.look(code=2)
    assert kinds(lines) == ["failure"]
    assert words in lines[0]["message"]
