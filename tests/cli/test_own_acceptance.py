"""A change cannot accept its own risk: the acceptances of its base count, whatever the change adds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Result

Command = Callable[..., Result]
BUCKET = "urn:pulumi:prod-aws::acme::aws:s3/bucket:Bucket::data"
STATE = {"urn": BUCKET, "type": "aws:s3/bucket:Bucket", "custom": True, "id": "d", "inputs": {"bucket": "d"}}
TOPIC = "urn:pulumi:prod-aws::acme::aws:sns/topic:Topic::news"
KEPT = {"urn": TOPIC, "type": "aws:sns/topic:Topic", "custom": True, "id": "n", "inputs": {"name": "n"}}
ENTRY = "- {rule: stateful-deleted, resource: data, owner: ml, reason: moved, expires: 2027-03-31}\n"
FILE = "mlplatform.accepted.yaml"


def plan(*states: dict[str, object]) -> str:
    steps = [{"op": "create", "urn": state["urn"], "newState": state} for state in states]
    return json.dumps({"steps": steps, "changeSummary": {"create": len(steps)}})


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A repository whose first commit has both resources; the working directory deletes the bucket."""
    from datetime import date

    from mlplatform.plan import acceptance, acceptance_file

    for module in (acceptance, acceptance_file):
        monkeypatch.setattr(module, "today", lambda: date(2026, 12, 1))

    def run(*args: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.co", *args],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    (tmp_path / "plan.json").write_text(plan(STATE, KEPT))
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    run("init", "-q", "-b", "main")
    run("add", ".")
    run("commit", "-qm", "one")
    (tmp_path / "plan.json").write_text(plan(KEPT))
    return run


def test_what_the_change_adds_does_not_count(command: Command, git: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(ENTRY)
    result = command("risk", "main:plan.json", "plan.json")
    assert result.code == 1
    assert "adds its own acceptance, which does not count until it is merged alone" in result.flat
    body = json.loads(command("risk", "main:plan.json", "plan.json", "--format", "json").out)
    assert [entry["rule"] for entry in body["clouds"][0]["own"]] == ["stateful-deleted"]
    comment = command("comment", "plan.json", "--base", "main", "--fail-on", "high")
    assert comment.code == 1
    assert "adds its own acceptance" in comment.out.splitlines()[1]
    assert "### This change adds its own acceptance" in comment.out
    assert command("report", "plan.json", "--base", "main", "-o", "r.html").code == 0
    assert "adds its own acceptance" in (tmp_path / "r.html").read_text()


def test_where_the_team_trusts_the_head_it_counts(command: Command, git: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(ENTRY)
    result = command("risk", "main:plan.json", "plan.json", "--trust-acceptances", "head")
    assert result.code == 0, result.flat
    assert "own acceptance" not in result.flat


def test_what_is_merged_counts_and_what_the_change_takes_back_does_not(
    command: Command, git: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(plan(STATE, KEPT))
    (tmp_path / FILE).write_text(ENTRY)
    git("add", ".")
    git("commit", "-qm", "two")
    (tmp_path / "plan.json").write_text(plan(KEPT))
    assert command("risk", "main:plan.json", "plan.json").code == 0
    git("commit", "-qam", "three")
    assert command("risk", "HEAD~1..HEAD", "plan.json").code == 0
    assert command("risk", "HEAD~1..HEAD", "plan.json", "--trust-acceptances", "HEAD~2").code == 1
    (tmp_path / FILE).unlink()
    assert command("risk", "HEAD~1:plan.json", "plan.json").code == 1


def test_a_link_out_of_the_repository_is_no_way_around(
    command: Command, git: Callable[..., None], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.yaml"
    elsewhere.write_text(ENTRY)
    (tmp_path / FILE).symlink_to(elsewhere)
    assert command("risk", "main:plan.json", "plan.json").code == 1
    (tmp_path / FILE).unlink()
    # named on the command line, it is no part of the change
    assert command("risk", "main:plan.json", "plan.json", "--accepted", str(elsewhere)).code == 0


def test_a_base_file_that_is_refused_accepts_nothing(
    command: Command, git: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text("- {rule: stateful-deleted}\n")
    git("add", FILE)
    git("commit", "-qm", "two")
    (tmp_path / FILE).write_text(ENTRY)
    result = command("risk", "main:plan.json", "plan.json")
    assert result.code == 1
    assert "none of its acceptances counts" in result.flat
    assert command("risk", "main:plan.json", "plan.json", "--trust-acceptances", "nowhere").code == 2
