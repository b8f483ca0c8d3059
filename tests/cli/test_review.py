"""`mlplatform risk` and `mlplatform comment`: exit codes, forms, acceptances, where they write."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import VALID, Result

from mlplatform.post import http
from mlplatform.post.http import ApiRefused

Command = Callable[..., Result]
URN = "urn:pulumi:prod-aws::acme::aws:s3/bucket:Bucket::"
ACCEPTED = """\
- {{rule: stateful-deleted, resource: data, owner: ml, reason: moved to the lake, expires: {day}}}
"""
GITHUB = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/ml", "GITHUB_REF": "refs/pull/7/merge"}


@pytest.fixture
def gone(tmp_path: Path) -> str:
    """A preview in which a bucket goes."""
    old = {"urn": f"{URN}data", "type": "aws:s3/bucket:Bucket", "custom": True, "id": "d", "inputs": {"bucket": "d"}}
    steps = [{"op": "delete", "urn": f"{URN}data", "oldState": old}]
    (tmp_path / "preview.json").write_text(json.dumps({"steps": steps}), encoding="utf-8")
    return "preview.json"


@pytest.fixture
def accept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes the project's acceptance file, which expires on the day given; today is 2026-12-01."""
    from datetime import date

    from mlplatform.plan import acceptance, acceptance_file

    for module in (acceptance, acceptance_file):
        monkeypatch.setattr(module, "today", lambda: date(2026, 12, 1))

    def write(day: str) -> None:
        (tmp_path / acceptance_file.FILE).write_text(ACCEPTED.format(day=day), encoding="utf-8")

    return write


def test_a_gate_stops_by_level(command: Command, gone: str) -> None:
    result = command("risk", gone)
    assert result.code == 1
    assert "critical data: It holds data and would be deleted. S3 refuses to delete a bucket" in result.flat
    assert command("risk", gone, "--fail-on", "critical").code == 1
    nothing = command("comment", gone)
    assert nothing.code == 0, "a comment is no gate by itself"
    assert nothing.out.splitlines()[1] == (
        "## 🔴 acme: data store `data` is to be deleted, which the cloud refuses while it is full or guarded; "
        "unknown cost: 3 prices are missing"
    )
    assert command("comment", gone, "--fail-on", "high").code == 1


def test_json_has_every_change_with_its_level(command: Command, gone: str, tmp_path: Path) -> None:
    assert command("risk", gone, "--format", "json", "-o", "risk.json").code == 1
    (cloud,) = json.loads((tmp_path / "risk.json").read_text(encoding="utf-8"))["clouds"]
    assert (cloud["cloud"], cloud["stack"], cloud["changes"]) == ("aws", "prod-aws", {"delete": 1})
    finding, cost = cloud["findings"]
    assert (finding["rule"], finding["level"], finding["urn"]) == ("stateful-deleted", "critical", f"{URN}data")
    assert cost["rule"] == "cost-up"
    assert cloud["headline"].startswith("data store 'data' is to be deleted")
    (cause,) = cloud["causes"]
    assert (cause["fields"], cause["worst"], len(cause["findings"])) == ([], "critical", 2)
    (change,) = cloud["classified"]
    assert (change["kind"], change["level"]) == ("delete", "critical")


def test_what_is_accepted_does_not_stop_until_it_expires(
    command: Command, gone: str, accept: Callable[[str], None]
) -> None:
    accept("2027-03-31")
    result = command("risk", gone)
    assert result.code == 0
    assert "accepted until 2027-03-31 by ml: moved to the lake" in result.flat
    accept("2026-11-30")
    result = command("risk", gone, "--fail-on", "critical")
    assert result.code == 1
    assert "expired on 2026-11-30" in result.flat
    assert "### Expired acceptances fail this review" in command("comment", gone).out
    accept("never")
    result = command("comment", gone)
    assert (result.code, result.out) == (2, "")
    assert "expected" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("risk", "no-such.json"), "no-such"),
        (("risk", "spec.yaml"), "HEAD is missing"),
        (("risk", "preview.json", "--target", "gcp"), "preview.json is of aws"),
        (("comment", "spec.yaml", "spec.yaml", "--base", "preview.json"), "with several SPECs"),
        (("comment", "spec.yaml", "--base", "main"), "no git repository"),
        (("comment", "preview.json", "--post", "github"), "the environment lacks GITHUB_TOKEN"),
        (("comment", "preview.json", "--post", "gitlab"), "the environment lacks"),
        (("risk", "preview.json", "--fail-on", "bad"), "expected one of"),
        (("risk", "other.json"), "got resources of no known cloud"),
    ],
    ids=" ".join,
)
def test_refused(
    arguments: tuple[str, ...],
    message: str,
    command: Command,
    gone: str,
    spec_file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec_file(VALID)
    other = {"urn": "urn:pulumi:x::p::random:index/randomId:RandomId::a", "custom": True}
    state = {**other, "type": "random:index/randomId:RandomId", "inputs": {"byteLength": 4}}
    Path("other.json").write_text(json.dumps({"steps": [{"op": "create", "urn": other["urn"], "newState": state}]}))
    for name in ("GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    result = command(*arguments)
    assert (result.code, result.out) == (2 if "--post" not in arguments else result.code, "")
    assert result.code in (1, 2)
    assert message in result.flat
    assert "Traceback" not in result.err


def test_a_dry_run_asks_no_server(command: Command, gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked a server")

    monkeypatch.setattr(http, "urlopen", refuse)
    result = command("comment", gone, "--post", "gitlab", "--dry-run", "--key", "infra")
    assert result.code == 0
    assert result.out.startswith("<!-- mlplatform:comment:infra -->\n")
    assert command("comment", gone, "-o", "comment.md").out == ""
    written = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert written == result.out.replace("comment:infra", "comment:acme")


def test_a_token_that_may_only_read_writes_to_the_jobs_summary(
    command: Command, gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ApiRefused(403, "POST: 403 Forbidden")

    for name, value in {**GITHUB, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(http.Api, "call", refuse)
    result = command("comment", gone, "--post", "github")
    assert result.code == 0
    assert "may not write comments" in result.err
    assert "data store `data` is to be deleted" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    without = command("comment", gone, "--post", "github")
    assert without.code != 0
    assert "must be allowed to write comments" in without.flat


def test_a_new_stack_and_its_state(
    command: Command, spec_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (("init", "-q", "-b", "main"), ("commit", "-q", "--allow-empty", "-m", "empty")):
        settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *settings, *arguments], cwd=tmp_path, check=True)
    spec_file(VALID)
    new = command("comment", "spec.yaml", "--base", "main")
    assert new.code == 0, new.err
    assert "created, 0 unchanged" in new.out
    assert "Critical" not in new.out
    # what the account answered is not what the offline plan made up, and is no difference
    assert command("plan", "spec.yaml", "--resolve", "--format", "json", "-o", "plan.json").code == 0
    state = json.dumps(_state(tmp_path / "plan.json"))
    assert state.count("real-") > 50
    (tmp_path / "state.json").write_text(state, encoding="utf-8")
    result = command("risk", "state.json", "spec.yaml", "--fail-on", "info", "--format", "json")
    (cloud,) = json.loads(result.out)["clouds"]
    assert (cloud["changes"], cloud["findings"]) == ({}, [])
    assert result.code == 0


def _state(file: Path) -> dict[str, object]:
    """The state of a stack that was made from a plan, with other ids than the plan's."""
    text = file.read_text(encoding="utf-8")
    for step in json.loads(text)["steps"]:
        made = step["newState"]
        given = json.dumps(made.get("inputs", {}))
        for made_up in {made.get("id", ""), str(made.get("outputs", {}).get("arn", ""))}:
            if len(made_up) > 8 and made_up not in given:
                text = text.replace(json.dumps(made_up)[1:-1], f"real-{abs(hash(made_up))}")
    return {"version": 3, "deployment": {"resources": [step["newState"] for step in json.loads(text)["steps"]]}}


def test_platforms_of_one_repository_have_comments_of_their_own(
    command: Command, gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    preview = (tmp_path / gone).read_text(encoding="utf-8")
    first_lines: dict[str, str] = {}
    for name, folder in (("proja", "a"), ("projb", "b"), ("proja", "a/b"), ("proja", "a-b"), ("proja", "A/b")):
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "Pulumi.yaml").write_text("name: x\n", encoding="utf-8")
        (place / "preview.json").write_text(preview.replace("::acme::", f"::{name}::"), encoding="utf-8")
        monkeypatch.chdir(place)
        first_lines[f"{name} {folder}"] = command("comment", "preview.json").out.splitlines()[0]
        monkeypatch.chdir(tmp_path)
        again = command("comment", f"{folder}/preview.json").out.splitlines()[0]
        assert again == first_lines[f"{name} {folder}"], "wherever the job runs"
    assert first_lines["proja a"] == "<!-- mlplatform:comment:proja.a -->"
    assert len(set(first_lines.values())) == len(first_lines), first_lines
