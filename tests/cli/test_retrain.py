"""`mlplatform retrain`, as its user sees it, and what the door makes of its message."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.components.door_rules import pipeline_rules
from mlplatform.plan.sources.fields import text
from mlplatform.steps.door.events import of_message
from mlplatform.steps.door.rules import read_rules
from mlplatform.testing.planning import Planner

from ..conftest import CLOUDS
from ..pipelines.fraud import platform
from ..pipelines.test_triggers import triggered
from .conftest import Result

NAME = "fraud-retrain"
EXAMPLE = "examples/pipelines/fraud.yaml"


def _message(line: str) -> str:
    return shlex.split(line.strip().splitlines()[-1])[-1]


def test_nothing_is_sent_without_send(command: Callable[..., Result], root: Path) -> None:
    done = command("retrain", NAME, str(root / EXAMPLE), "--set", "rounds=500", "--by", "ada")
    assert done.code == 0, done.err
    assert "nothing is sent" in done.err
    assert done.out.startswith("aws sqs send-message --region eu-central-1 --queue-url https://sqs.eu-central-1.")
    message = json.loads(_message(done.out))
    assert message.pop("key")
    assert message == {"pipeline": NAME, "reason": "manual", "parameters": {"rounds": 500}, "by": "ada"}


@pytest.mark.parametrize(
    ("pipeline", "words"),
    [
        ("fraud-retrain", "aws sqs send-message"),
        ("churn-retrain", "gcloud pubsub topics publish"),
        ("ranking-retrain", "az storage message put"),
    ],
)
def test_the_example_on_three_clouds(command: Callable[..., Result], root: Path, pipeline: str, words: str) -> None:
    done = command("retrain", pipeline, str(root / "examples" / "pipelines" / "three_clouds.yaml"))
    assert done.code == 0, done.err
    assert done.out.startswith(words)
    assert json.loads(_message(done.out).removeprefix("--message="))["pipeline"] == pipeline


def test_two_requests_of_people_are_two(command: Callable[..., Result], root: Path) -> None:
    first, second = (_message(command("retrain", NAME, str(root / EXAMPLE)).out) for _ in range(2))
    assert first != second


def test_it_is_sent_with_the_clouds_own_command(
    command: Callable[..., Result], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "aws"
    program.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > "$0.words"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    done = command("retrain", NAME, str(root / EXAMPLE), "--set", "since=2026-11-01", "--send")
    assert done.code == 0, done.err
    assert "sent; the door of aws decides within minutes" in done.out
    words = (tmp_path / "aws.words").read_text("utf-8").splitlines()
    assert words[:2] == ["sqs", "send-message"]
    assert json.loads(words[-1])["parameters"] == {"since": "2026-11-01"}
    program.write_text("#!/bin/sh\necho AccessDenied >&2\nexit 254\n", "utf-8")
    done = command("retrain", NAME, str(root / EXAMPLE), "--send")
    assert done.code != 0
    assert "it was not sent: AccessDenied" in done.flat


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "rounds=many"], "a value of type integer"),
        (["--set", "rounds=1.5"], "a value of type integer"),
        (["--set", "learningRate=nan"], "a value of type float"),
        (["--set", "since=$(id)"], "letters, digits and _.,:/=@+- alone"),
        (["--set", "since=it's"], "letters, digits and _.,:/=@+- alone"),
        (["--set", f"since={'x' * 257}"], "at most 256"),
        (["--set", "round=5"], "write rounds"),
        (["--set", "rounds"], "expected PARAMETER=VALUE"),
        (["--set", "rounds=1", "--set", "rounds=2"], "given twice"),
        (["--reason", "code"], "--key: needed"),
        (["--reason", "code", "--key", "a", "--branch", "dev"], "main, the branch of triggers"),
        (["--reason", "quality", "--key", "a"], "add quality to triggers.events"),
        (["--reason", "labels", "--key", "a"], "set triggers.new_labels"),
        (["--reason", "drift", "--key", "a", "--force"], "a person's own request"),
        (["--reason", "drift", "--key", "a", "--set", "rounds=1"], "a person's own request"),
        (["--key", "a\nb"], "a text of 1 to 300"),
        (["--key", "a" * 301], "a text of 1 to 300"),
    ],
)
def test_what_the_door_would_not_act_upon_is_refused(
    command: Callable[..., Result], root: Path, words: list[str], said: str
) -> None:
    done = command("retrain", NAME, str(root / EXAMPLE), *words, "--send")
    assert done.code == 2
    assert said in done.flat


def test_a_pipeline_without_triggers_has_no_door(command: Callable[..., Result], root: Path, tmp_path: Path) -> None:
    text_ = (root / EXAMPLE).read_text("utf-8")
    start, end = text_.index("    triggers:"), text_.index("    parameters:")
    (tmp_path / "spec.yaml").write_text(text_[:start] + text_[end:], "utf-8")
    done = command("retrain", NAME, str(tmp_path / "spec.yaml"))
    assert done.code == 2
    assert "without them the pipeline has no door" in done.flat


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--set", "rounds=7", "--set", "learningRate=0.5", "--set", "since=a=b", "--force", "--by", "ada"], True),
        (["--reason", "code", "--key", "abc", "--branch", "main"], False),
        (["--reason", "drift", "--key", "abc"], False),
    ],
)
def test_the_door_understands_what_is_sent(
    command: Callable[..., Result], root: Path, words: list[str], expected: bool
) -> None:
    spec = platform("aws", pipelines=(triggered(branch="main", events=["drift"]),)).pipelines[0]
    rules = read_rules(json.dumps({"version": 1, "target": "aws", "pipelines": [pipeline_rules(spec, 1.0, {}, [])]}))
    event = of_message(_message(command("retrain", NAME, str(root / EXAMPLE), *words).out), rules)
    assert event.pipeline == NAME
    assert event.force is expected
    assert dict(event.parameters) == ({"rounds": 7, "learningRate": 0.5, "since": "a=b"} if expected else {})


_QUEUES = {
    "aws": ("aws:sqs/queue:Queue", "https://sqs.us-east-1.amazonaws.com/123456789012/{name}"),
    "gcp": ("gcp:pubsub/topic:Topic", "{name}"),
    "azure": ("azure-native:storage:StorageAccount", "{accountName}"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_command_names_a_queue_of_the_plan(cloud: str, plan_platform: Planner) -> None:
    spec = platform(cloud, pipelines=(triggered(cloud, schedules=[]),))
    words = discovery.backend(cloud).door_command(spec.on(cloud), "{}")
    kind, form = _QUEUES[cloud]
    named = [
        form.format_map({key: text(value) for key, value in step.inputs.items()})
        for step in plan_platform(spec, cloud).steps
        if step.type == kind and "PipelineDoor" in step.urn
    ]
    assert set(named) & set(words), f"{named} are the door's queues, and none of them is in {shlex.join(words)}"
