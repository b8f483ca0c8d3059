"""The program around the decision: what it is told, what it needs, and what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

import mlplatform
from mlplatform.components.door_rules import pipeline_rules
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.steps import program
from mlplatform.steps.door.events import BadMessage, of_message
from mlplatform.steps.door.ledger import (
    BadLedger,
    Decision,
    Ledger,
    RunCause,
    Started,
    ledger_text,
    read_ledger,
)
from mlplatform.steps.door.ports import Ports, Received
from mlplatform.steps.door.rules import BadDoorRules, DataRule, TeamRule, read_rules
from mlplatform.steps.door.tick import tick
from mlplatform.steps.door.variables import DOOR_CLOUD, DOOR_RULES

from ...pipelines.fraud import platform
from ...pipelines.test_triggers import CLAIMS, NIGHTLY, triggered
from .memory import MemoryStage
from .stage import PIPELINE


def _spec() -> PipelineSpec:
    triggers: dict[str, object] = {
        "schedules": [NIGHTLY],
        "data": [CLAIMS],
        "events": ["drift"],
        "new_labels": 9,
        "branch": "main",
    }
    triggers["team"] = {"name": "fraud", "max_runs_at_once": 2}
    return platform("aws", pipelines=(triggered(**triggers),)).pipelines[0]


def _document(**more: object) -> str:
    told = pipeline_rules(_spec(), 12.5, {"arn": "arn:1"}, ["s3://bucket"])
    return json.dumps({"version": 1, "target": "aws", "pipelines": [told], **more})


def test_what_the_plan_writes_is_what_the_program_reads() -> None:
    rules = read_rules(_document())
    spec = _spec()
    assert spec.triggers
    (told,) = rules.pipelines
    assert (rules.target, told.name, told.start) == ("aws", "fraud-retrain", {"arn": "arn:1"})
    assert told.data == (DataRule("claims", "s3://bucket/claims/", "_SUCCESS", {}),)
    (schedule,) = told.schedules
    assert (schedule.name, schedule.cron, schedule.time_zone) == ("nightly", "0 3 * * *", "Europe/Zurich")
    assert dict(schedule.parameters) == {"rounds": 100}
    assert (told.events, told.new_labels, told.branch) == (("drift",), 9, "main")
    assert (told.cooldown_hours, told.timeout_hours, told.usd_per_run) == (20, 20, 12.5)
    assert told.team == TeamRule(name="fraud", max_runs_at_once=2)
    assert told.parameters == {"learningRate": "float", "rounds": "integer", "since": "string"}
    fields = {*type(told).__dataclass_fields__}
    assert fields == set(pipeline_rules(spec, 1, {}, ["x"])), "a field that only one of the two knows"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not the rules"),
        ("[]", "not the rules"),
        (_document(version=2), "version 2"),
        (_document(pipelines=[{"name": "x"}]), "not the rules"),
        (_document(pipelines=[{**pipeline_rules(_spec(), 1, {}, ["x"]), "new": 1}]), "new"),
    ],
)
def test_rules_of_another_form_are_refused(text: str, words: str) -> None:
    with pytest.raises(BadDoorRules, match=words):
        read_rules(text)


def test_a_ledger_comes_back_as_it_was() -> None:
    now = datetime(2026, 11, 3, 8, 0, 1, tzinfo=UTC)
    cause = RunCause(reason="manual", first=now, last=now, key="é", by="ada", force=True, parameters={"a": 1}, due=now)
    ledger = Ledger(
        looked=now,
        pending=(cause,),
        current=Started(run="r", since=now, parameters={"a": 0.5}, causes=(cause,), attempts=2, confirmed=True),
        last_start=now,
        month="2026-11",
        runs=3,
        usd=7.5,
        told="usd",
        stopping=("x",),
        seen={"ab": now},
        outbox=(Decision(time=now, kind="start", reason="why", run="r", causes=(cause,)),),
    )
    assert read_ledger(ledger_text(ledger)) == ledger
    assert read_ledger(None) == Ledger()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 9}', ledger_text(Ledger()).replace("usd", "eur")])
def test_a_ledger_that_cannot_be_read_is_never_replaced(text: str) -> None:
    with pytest.raises(BadLedger):
        read_ledger(text)
    stage = MemoryStage()
    stage.ledgers.texts[PIPELINE] = (text, "1")
    stage.ask("manual")
    report = stage.look()
    assert report
    assert report.failures == 1
    assert not stage.started()
    assert stage.waiting() == 1, "the message is kept"
    assert stage.ledgers.texts[PIPELINE] == (text, "1")


def test_a_ledger_stays_small_whatever_comes() -> None:
    stage = MemoryStage()
    stage.given(data=(DataRule("claims", ""),))
    for number in range(4000):
        stage.write_object(f"part-{number}.parquet")
    for _ in range(3):
        stage.wait_and_look(minutes=1)
    assert stage.waiting() == 0
    assert len(stage.ledgers.texts[PIPELINE][0]) < 120_000


def test_a_run_that_the_service_does_not_list_is_going_for_a_while_and_then_ended() -> None:
    """Lists of services lag behind: a run that has just been started may be missing."""
    stage = MemoryStage()
    stage.ask("manual", "1")
    stage.look()
    stage.runner.found = []
    stage.ask("manual", "2", force=True)
    stage.wait_and_look(minutes=15)
    assert len(stage.started()) == 1
    stage.wait_and_look(minutes=1)
    assert stage.told("end") == ["unknown: the service does not list it"]
    assert len(stage.started()) == 2


def test_what_was_given_up_is_in_no_sum() -> None:
    stage = MemoryStage()
    stage.given(max_usd_per_month=None)
    stage.ask("manual", "1")
    stage.look()
    stage.end_run("succeeded")
    stage.refuse_starts("for good")
    stage.ask("manual", "2", force=True)
    stage.wait_and_look(hours=1)
    ledger = read_ledger(stage.ledgers.texts[PIPELINE][0])
    assert (ledger.runs, ledger.usd, ledger.month) == (1, 20, "2026-11")


def test_a_look_at_nothing_writes_nothing() -> None:
    stage = MemoryStage()
    for _ in range(12):
        stage.wait_and_look(minutes=5)
    first = stage.ledgers.texts[PIPELINE][1]
    stage.wait_and_look(minutes=5)
    assert (first, stage.ledgers.texts[PIPELINE][1]) == ("1", "2"), "once an hour"


class _Lost(MemoryStage):
    """A queue that forgets what it was told to delete."""

    def ports(self) -> Ports:
        ports = super().ports()

        class Inbox:
            receive = staticmethod(ports.inbox.receive)

            def done(self, message: Received) -> None:
                raise ConnectionError("reset")

            bury = done

        return replace(ports, inbox=Inbox())


def test_a_queue_that_deletes_nothing_stops_nothing() -> None:
    stage = _Lost()
    stage.ask("manual")
    stage.send("no JSON")
    report = stage.look()
    assert report
    assert len(stage.started()) == 1
    assert report.failures == 3, "the dead letter, and two that stay"


def test_one_pipeline_that_fails_leaves_the_others_alone() -> None:
    stage = MemoryStage()
    stage.ledgers.texts["other"] = ("broken", "1")
    stage.ask("manual")
    stage.send(json.dumps({"pipeline": "other", "reason": "manual", "key": "1"}))
    rules = read_rules(_document())
    rules = replace(rules, pipelines=(replace(stage.pipeline, name="other"), stage.pipeline))
    lines: list[str] = []
    report = tick(rules, stage.ports(), clock=lambda: stage.now, log=lines.append)
    assert len(stage.started()) == 1
    assert report.failures == 1
    assert stage.waiting() == 1
    said = [json.loads(line) for line in lines]
    assert [line["pipeline"] for line in said if line["door"] == "failure"] == ["other"]
    assert said[-1]["door"] == "tick"
    assert said[-1]["failures"] == 1


@pytest.mark.parametrize(
    "more",
    [
        {"count": 0},
        {"count": 10**9 + 1},
        {"count": True},
        {"count": 1.5},
        {"parameters": {"learningRate": float("nan")}},
        {"parameters": {"learningRate": float("inf")}},
        {"parameters": []},
        {"key": "x" * 301},
        {"key": "a\nb"},
        {"key": 7},
        {"force": "yes"},
    ],
)
def test_a_message_beyond_its_bounds_is_refused(more: dict[str, object]) -> None:
    whole: dict[str, object] = {"pipeline": PIPELINE, "reason": "manual", "key": "x" * 300, "count": 10**9}
    whole["parameters"] = {"learningRate": 0.5, "rounds": 7}
    rules = read_rules(_document())
    assert dict(of_message(json.dumps(whole), rules).parameters) == {"learningRate": 0.5, "rounds": 7}
    with pytest.raises(BadMessage):
        of_message(json.dumps({**whole, **more}), rules)


def test_the_log_says_what_alarms_look_for() -> None:
    stage = MemoryStage()
    stage.refuse_starts("for now")
    stage.ask("manual")
    stage.look()
    stage.refuse_starts("no")
    stage.wait_and_look(minutes=5)
    stage.end_run("failed")
    stage.send("no JSON")
    stage.wait_and_look(minutes=5)
    said = [(line["door"], line.get("severity", "")) for line in stage.log]
    assert said == [
        ("decision", "INFO"),
        ("failure", "ERROR"),
        ("tick", ""),
        ("decision", "INFO"),
        ("tick", ""),
        ("failure", "ERROR"),
        ("run-failed", "ERROR"),
        ("tick", ""),
    ]
    assert [line["failures"] for line in stage.log if line["door"] == "tick"] == [1, 0, 2]
    assert stage.log[-1]["messages"] == 1


def test_who_sent_a_message_is_what_the_cloud_says() -> None:
    stage = MemoryStage()
    body = json.dumps({"pipeline": PIPELINE, "reason": "manual", "key": "1", "force": True, "by": "the boss"})
    stage.inbox.put(Received(handle="1", body=body, sender="arn:aws:sts::1:assumed-role/data-scientist/ada"))
    stage.look()
    assert stage.told("start") == ["forced by arn:aws:sts::1:assumed-role/data-scientist/ada"]


FILES = (
    *sorted(f"mlplatform/steps/door/{file.name}" for file in (Path(program.__file__).parent / "door").glob("*.py")),
    "mlplatform/services/stored_text.py",
    "mlplatform/spec/schedules.py",
)


def test_the_door_runs_from_its_own_files_and_cronsim_alone(tmp_path: Path) -> None:
    """A function is shipped as these files: no pydantic, no Pulumi, nothing of the rest of the package."""
    root = Path(mlplatform.__file__).parents[1]
    clouds = ("aws.py", "gcp.py", "azure.py")
    for name in FILES:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not name.endswith(clouds):
            place.write_text((root / name).read_text("utf-8"), "utf-8")
    for folder in ("mlplatform", "mlplatform/services", "mlplatform/steps", "mlplatform/spec"):
        (tmp_path / folder / "__init__.py").touch()
    import cronsim

    (tmp_path / "cronsim").symlink_to(Path(cronsim.__file__).parent)
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from mlplatform.steps.door import decide, events, ledger, ports, rules, tick\n"
        "from mlplatform.spec.schedules import firings\n"
        "from datetime import datetime, UTC\n"
        "print(next(firings('0 3 * * *', 'UTC', datetime(2026, 1, 1, tzinfo=UTC))))"
    )
    # -S: without the packages of this environment
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "2026-01-01 03:00:00+00:00", done.stderr


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.json"
    file.write_text(_document(), "utf-8")
    for arguments, words in (
        (["--cloud", "aws"], "MLPLATFORM_DOOR_RULES"),
        ([], "MLPLATFORM_DOOR_CLOUD"),
        (["--cloud", "nowhere", "--rules", str(file)], "got nowhere"),
        (["--cloud", "rules", "--rules", str(file)], "got rules"),
        (["--cloud", "../x", "--rules", str(file)], "got ../x"),
    ):
        assert program.run(["door", *arguments]) == program.BAD_INPUT
        assert words in capsys.readouterr().err


def test_the_command_looks_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = MemoryStage()
    here = ModuleType("mlplatform.steps.door.memory")
    here.__dict__.update(open_door=lambda _rules, _settings: stage.ports(), read_text=lambda address: f"{{}}{address}")
    monkeypatch.setitem(sys.modules, here.__name__, here)
    monkeypatch.setenv(DOOR_CLOUD, "memory")
    monkeypatch.setenv(DOOR_RULES, _document())
    stage.now = datetime.now(UTC)
    stage.ask("manual")
    assert program.run(["door"]) == 0
    assert len(stage.started()) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["door"] == "tick"
    stage.send("no JSON")
    assert program.run(["door"]) == program.REFUSED, "the job fails, so that somebody is told"
    monkeypatch.setenv(DOOR_RULES, "memory://rules.json")
    assert program.run(["door"]) == program.BAD_INPUT
    assert "not the rules of a door" in capsys.readouterr().err
    here.__dict__.update(open_door=lambda _, settings: settings["MLPLATFORM_DOOR_INBOX"])
    monkeypatch.setenv(DOOR_RULES, _document())
    assert program.run(["door"]) == program.BAD_INPUT
    assert "MLPLATFORM_DOOR_INBOX: the variable is not set" in capsys.readouterr().err
