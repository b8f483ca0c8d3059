"""`mlplatform diff`: what it takes, what it leaves alone, and what it shows."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import VALID, Result

from mlplatform.cli.sides.revisions import checked_out
from mlplatform.plan import record
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec

Command = Callable[..., Result]
FIXTURES = Path(__file__).parent.parent / "plan" / "fixtures"
BUDGET = "budget: {monthly_usd: 100, emails: [a@acme.example]}\n"


def git(folder: Path, *args: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *settings, *args], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with three commits of the stack `dev`; the last is not what lies in the folder."""
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    git(tmp_path, "init", "-q", "-b", "main")
    for amount in (100, 200):
        (stacks / "shared.py").write_text(f"AMOUNT = {amount}\n")
        (stacks / "dev.py").write_text(
            "from shared import AMOUNT\n"
            "from mlplatform import AwsTarget, BudgetSpec, PlatformSpec\n"
            'target = AwsTarget(account_id="123456789012", region="us-east-1")\n'
            'platform = PlatformSpec(name="acme", owner="t", cost_center="1", targets=(target,), '
            'budget=BudgetSpec(monthly_usd=AMOUNT, emails=("a@acme.example",)))\n'
        )
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", f"{amount}")
    (stacks / "other.yaml").write_text(VALID)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "other")
    (stacks / "shared.py").write_text("AMOUNT = 300\n")
    return tmp_path


def test_revisions_are_read_without_touching_anything(project: Path, command: Command) -> None:
    before = git(project, "status", "--porcelain=v2"), sorted(str(f) for f in project.rglob("*"))
    modules = set(sys.modules)
    result = command("diff", "HEAD~2..HEAD", "dev")
    assert result.code == 0, result.err
    short = git(project, "rev-parse", "--short=7", "HEAD")
    assert f"dev at HEAD ({short})" in result.out
    assert "budget.monthly_usd 100 → 200 changes 1 resource" in result.flat
    assert "acme-budget-monthly" in result.out
    assert (git(project, "status", "--porcelain=v2"), sorted(str(f) for f in project.rglob("*"))) == before
    assert "shared" not in set(sys.modules) - modules
    own = command("diff", "HEAD:stacks/dev.py", "stacks/dev.py", "--format", "json")
    (cloud,) = json.loads(own.out)["clouds"]
    assert cloud["spec"] == [
        {"path": "budget.monthly_usd", "before": 200, "after": 300, "resources": [cloud["changes"][0]["urn"]]}
    ]


def test_a_stack_that_one_revision_lacks_is_new(project: Path, command: Command) -> None:
    result = command("diff", "HEAD~1...HEAD", "other", "--exit-code")
    assert result.code == 1
    assert "nothing (" in result.out
    assert "has no other)" in result.out
    assert "created; 0 stay the same" in result.flat
    assert "nothing (HEAD~1:other does not exist)" in command("diff", "HEAD~1:other", "other").out


REFUSED = {
    "no such revision": (("nope..HEAD", "dev"), "git has no revision 'nope' here"),
    "no such stack": (("HEAD..HEAD", "dve"), "neither HEAD nor HEAD has dve"),
    "no such file": (("HEAD:stacks/x.py", "dev"), "has no file stacks/x.py"),
    "an option": (("HEAD:dev", "--upload-pack=x:dev"), "No such option"),
    "a revision that is an option": (("HEAD:dev", "--", "-x:dev"), "expected a branch, tag or commit"),
    "a range alone": (("HEAD~1..HEAD",), "expected a stack or spec file after it"),
    "a spec alone": (("dev",), "HEAD is missing: dev is a spec"),
    "no path": (("HEAD:", "dev"), "expected REVISION:STACK or REVISION:FILE"),
    "both standard input": (("-", "-"), "standard input holds one document"),
    "another cloud": (("HEAD:dev", "dev", "--target", "gcp"), "have no target gcp"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, project: Path, command: Command) -> None:
    args, message = REFUSED[case]
    result = command("diff", *args)
    assert result.code == 2, result.out
    assert message in result.flat
    assert "Traceback" not in result.flat
    assert result.out == ""


def test_what_is_wrong_with_an_old_spec_names_its_revision(project: Path, command: Command) -> None:
    (project / "stacks" / "dev.py").write_text("platform = 1 +\n")
    git(project, "commit", "-q", "-a", "-m", "broken")
    result = command("diff", "HEAD:dev", "other")
    assert result.code == 2
    assert "HEAD:stacks/dev.py" in result.flat
    assert "mlplatform-" not in result.err


def test_shallow_clones_and_branches_of_the_remote(
    project: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = project / "clone"
    git(project, "clone", "-q", "--depth", "1", f"file://{project}", str(clone))
    monkeypatch.chdir(clone)
    assert "fetch-depth: 0" in command("diff", "HEAD~1..HEAD", "dev").flat
    git(clone, "checkout", "-q", "--detach")
    git(clone, "branch", "-q", "-D", "main")
    assert "write origin/main, which exists" in command("diff", "main..HEAD", "dev").flat


def test_outside_of_a_repository(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = command("diff", "main..HEAD", "dev")
    assert result.code == 2
    assert "this is no git repository" in result.flat


def test_one_preview_says_what_it_would_change(command: Command) -> None:
    result = command("diff", str(FIXTURES / "preview.json"))
    assert result.code == 0, result.err
    assert "the deployed state → " in result.out
    assert "1 deleted, 2 replaced, 3 updated, 1 created; 3 stay the same" in result.flat
    lines = result.out.splitlines()
    assert lines.index("Deleted") < lines.index("Replaced") < lines.index("Updated") < lines.index("Created")
    assert "s3.Bucket  data  ● holds data" in result.out
    assert "`bucket` is fixed when it is made" in result.flat
    assert "\x1b" not in result.out
    assert "hunter" not in result.out


def test_a_preview_that_leaves_things_out_is_no_side(command: Command) -> None:
    result = command("diff", str(FIXTURES / "state.json"), str(FIXTURES / "preview.json"))
    assert result.code == 2
    assert "leaves out 3 resources" in result.flat
    assert "--show-sames" in result.flat
    good = command("diff", str(FIXTURES / "state.json"), str(FIXTURES / "preview-sames.json"), "--exit-code")
    assert good.code == 1


def test_standard_input(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (FIXTURES / "preview.json").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert "standard input" in command("diff", "-").out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw[:999])))
    broken = command("diff", "-")
    assert broken.code == 2
    assert "standard input: got a truncated document" in broken.flat


def test_a_plan_file_against_a_spec_plans_its_cloud_alone(command: Command, spec_file: Callable[..., Path]) -> None:
    two = VALID + "  - {cloud: gcp, project: acme-ml, project_number: '123456789012', region: us-central1}\n"
    file = spec_file(two + BUDGET)
    assert command("plan", str(file), "--target", "aws", "--format", "json", "-o", "plan.json").code == 0
    result = command("diff", "plan.json", str(file), "--exit-code")
    assert result.code == 0, result.flat
    assert "no changes; " in result.out
    assert "GCP" not in result.out


def test_a_project_below_the_repositorys_root(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "infra" / "ml"
    (below / "stacks").mkdir(parents=True)
    (below / "Pulumi.yaml").write_text("name: x\n")
    (below / "stacks" / "dev.yaml").write_text(VALID)
    (tmp_path / "big.bin").write_text("x")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    monkeypatch.chdir(below / "stacks")
    with checked_out("HEAD") as tree:
        assert sorted(entry.name for entry in tree.folder.iterdir()) == ["Pulumi.yaml", "stacks"]
    assert command("diff", "HEAD:dev", "dev", "--exit-code").code == 0
    with checked_out("HEAD", "../../../big.bin") as whole:
        assert (whole.folder / "big.bin").is_file()


def test_an_interruption_leaves_nothing_behind(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)

    def interrupted() -> None:
        with checked_out("HEAD") as tree:
            seen.append(tree.folder)
            assert (tree.folder / "stacks" / "dev.py").is_file()
            raise KeyboardInterrupt

    seen: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not seen[0].parent.exists()
    assert git(project, "worktree", "list", "--porcelain").count("worktree ") == 1


def test_without_records_both_sides_are_compared_as_if_released(
    command: Command,
    spec_file: Callable[..., Path],
    valid: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned: list[str] = []
    plain = record.record

    def noted(
        spec: PlatformSpec, target: str, *, layer: None = None, resolve: bool = False, progress: None = None
    ) -> Plan:
        planned.append(target)
        return plain(spec, target, layer=layer, resolve=resolve, progress=progress)

    monkeypatch.setattr(record, "record", noted)
    served = valid + "endpoints: [{name: scorer, model: fraud/7, replicas: [2, 6]}]\n"
    before = spec_file(served)
    after = tmp_path / "after.yaml"
    after.write_text(served.replace("fraud/7", "fraud/8"), encoding="utf-8")
    shown = command("diff", str(before), str(after))
    assert shown.code == 0, shown.err
    assert "after.yaml, as if released" in shown.out
    assert "sagemaker.Model" in shown.out
    assert planned == ["aws", "aws"], "each side is planned once"
    # every view compares the same plans
    documents = [
        json.loads(command(view, str(before), str(after), "--format", "json").out) for view in ("diff", "risk")
    ]
    assert len({_kinds(document) for document in documents}) == 1, documents
    # what neither side serves is not imagined
    bare = command("diff", str(spec_file(valid, "bare.yaml")), str(spec_file(valid, "bare2.yaml")))
    assert "as if released" not in bare.out


def _kinds(document: dict[str, Any]) -> frozenset[tuple[str, str]]:
    (cloud,) = document["clouds"]
    changes = cloud["classified"] if "classified" in cloud else cloud["changes"]
    return frozenset((change["urn"], change["kind"]) for change in changes)
