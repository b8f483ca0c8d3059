"""`mlplatform init`: what it writes is valid, nothing is replaced, and what is refused leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.conftest import Result

from mlplatform.cli.app import cli
from mlplatform.cli.commands import init
from mlplatform.cli.sides.folders import in_project

Command = Callable[..., Result]

LOCK = "./wheels/mlplatform-0.1.0-py3-none-any.whl[aws] --hash=sha256:" + "a" * 64 + "\n"


def contents(folder: Path) -> dict[str, str]:
    """All files of a folder."""
    return {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "options",
    [
        ("--cloud", "aws", "--size", "starter"),
        ("--cloud", "gcp", "--size", "small", "--region", "europe-west4"),
        ("--cloud", "aws", "--cloud", "gcp", "--cloud", "azure", "--size", "production"),
    ],
)
def test_what_it_writes_is_valid_and_written_once(command: Command, tmp_path: Path, options: tuple[str, ...]) -> None:
    first = command("init", "--yes", *options)
    assert first.code == 0, first.err
    written = contents(tmp_path)
    assert {"Pulumi.yaml", "program/__main__.py", "stacks/base.py", "stacks/dev.py", "tests/test_platform.py"} <= set(
        written
    )
    for name, text in written.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
        if name.endswith(".json"):
            json.loads(text)
    # every stack that the plan names has its configuration
    for cloud in (option for option in options if option in ("aws", "gcp", "azure")):
        assert f"stacks/Pulumi.dev-{cloud}-cluster.yaml" in written
    again = command("init", "--yes", *options)
    assert again.code == 0
    assert "wrote" not in again.out
    assert "kept" not in again.out
    assert contents(tmp_path) == written
    assert command("validate", "dev").code == 0


def test_a_file_that_is_there_is_kept_and_its_difference_is_shown(command: Command, tmp_path: Path) -> None:
    command("init", "--yes", "--cloud", "azure")
    base = tmp_path / "stacks" / "base.py"
    mine = base.read_text().replace("max_nodes=2", "max_nodes=7")
    base.write_text(mine)
    (tmp_path / "pytest.ini").unlink()
    again = command("init", "--yes", "--cloud", "azure")
    assert again.code == 0
    assert base.read_text() == mine
    assert "max_nodes=7" in again.out
    assert "+general = " in again.out
    assert again.out.count("wrote") == 1
    assert "wrote pytest.ini" in again.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--cloud", "azur"), "did you mean azure?"),
        (("--cloud", "Amazon"), "did you mean aws?"),
        (("--cloud", "AWS"), "did you mean aws?"),
        (("--cloud", "aws,google"), "write --cloud aws --cloud gcp"),
        (("--cloud", "aws", "--region", "us-east-1", "--region", "eu-west-1"), "two regions of aws"),
        (("--cloud", "aws", "--email", "nope"), "monitoring.routes[0].address"),
        (("--cloud", "aws", "--region", "us-east1"), "did you mean us-east-1?"),
        (("--cloud", "aws", "--region", "us-central1"), "expected a region of aws"),
        (("--cloud", "aws", "--cloud", "aws"), "one cloud twice"),
        (("--cloud", "aws", "--set", "aws.acount_id=1"), "did you mean account_id?"),
        (("--cloud", "aws", "--set", "gcp.project=x"), "expected CLOUD.FIELD=VALUE"),
        (("--cloud", "aws", "--set", "aws.account_id=12"), "targets[0].account_id"),
        (("--cloud", "aws", "--administrator", "me"), "the ARN of an IAM role, user or SAML provider"),
        pytest.param(
            ("--cloud", "gcp", "--administrator", "me"),
            "the e-mail address of a Google group",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            ("--cloud", "azure", "--administrator", "me@acme.com"), "id of an Entra group", marks=pytest.mark.thorough
        ),
        (("--cloud", "aws", "--cloud", "gcp", "--administrator", "a@acme.com"), "expected CLOUD=PERSON"),
        (("--cloud", "aws", "--administrator", "gcp=a@acme.com"), "expected CLOUD=PERSON"),
        (("--cloud", "aws", "--name", "Not A Name"), "Not A Name"),
        (("--cloud", "aws", "--team", 'a"\n)'), "owner"),
        (("--cloud", "aws", "--ci", "github", "--repository", "none"), "repository"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    command: Command, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    refused = command("init", "--yes", *options)
    assert refused.code == 2
    assert words in refused.flat
    assert not list(tmp_path.iterdir())


def test_without_a_terminal_it_asks_for_yes(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "_at_terminal", lambda: False)
    refused = command("init", "--cloud", "aws")
    assert refused.code == 2
    assert "add --yes" in refused.flat
    assert not list(tmp_path.iterdir())


def test_it_asks_for_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "_at_terminal", lambda: True)
    monkeypatch.chdir(tmp_path)
    # name, clouds, region, account, administrator, size, CI, team, cost center, e-mail
    said = "acme\naws\neu-west-1\n123456789012\narn:aws:iam::123456789012:role/admins\n"
    said += "small\nnone\nrisk\n4711\nml@acme.example\n"
    done = CliRunner().invoke(cli, ["init"], input=said)
    assert done.exit_code == 0, done.output
    base = (tmp_path / "stacks" / "base.py").read_text()
    for words in (
        'people={"operator": ("arn:aws:iam::123456789012:role/admins",)}',
        'region="eu-west-1"',
        'account_id="123456789012"',
        'owner="risk"',
        'cost_center="4711"',
    ):
        assert words in base
    assert "TO DO" not in base
    assert (tmp_path / "stacks" / "prod.py").exists()


def test_ci_is_rendered_from_a_lock_and_waits_without_one(command: Command, tmp_path: Path) -> None:
    options = ("init", "--yes", "--cloud", "gcp", "--ci", "gitlab", "--repository", "acme/ml")
    without = command(*options)
    assert without.code == 0
    assert "CI is not written yet" in without.err
    assert not (tmp_path / ".ci").exists()
    (tmp_path / "requirements.lock").write_text(LOCK)
    done = command(*options)
    assert done.code == 0
    assert (tmp_path / ".gitlab-ci.yml").exists()
    assert "python -m pytest -q" in (tmp_path / ".ci" / "stack").read_text()
    check = command(
        "render", "ci", "--system", "gitlab", "stacks/dev.py", "--lock", "requirements.lock",
        "--test", "python -m pytest -q", "--check",
    )  # fmt: skip
    assert check.code == 0, check.flat


def test_the_plan_of_a_spec_without_a_project_names_the_command(
    command: Command, spec_file: Callable[..., Path], valid: str
) -> None:
    file = spec_file(valid)
    assert "1. make a project, which the commands below run in: `mlplatform init`" in command("plan", str(file)).flat
    file.with_name("Pulumi.yaml").write_text("name: x\n")
    assert in_project(str(file))


PEOPLE = {
    "aws": "arn:aws:iam::123456789012:role/admins",
    "gcp": "platform-admins@acme.example",
    "azure": "11111111-2222-4333-8444-555555555555",
}


def test_who_names_an_administrator_has_no_finding_and_who_does_not_is_asked(command: Command, tmp_path: Path) -> None:
    options = ("init", "--yes", "--cloud", "aws", "--cloud", "gcp", "--cloud", "azure")
    without = command(*options, "a")
    for cloud in PEOPLE:
        assert f"{cloud}.people: name who may administer the cluster" in without.flat
    people = [f"--administrator={cloud}={person}" for cloud, person in PEOPLE.items()]
    made = command(*options, *people, "b")
    assert made.code == 0
    assert ".people" not in made.out
    # the command in the README writes the same again
    readme = (tmp_path / "b" / "README.md").read_text()
    assert all(f"--administrator {cloud}={person}" in readme for cloud, person in PEOPLE.items())
    told = command("validate", "a/stacks/dev.py").flat
    assert "targets[gcp].project: 'your-project' is the value of a new project" in told
    assert "nobody receives its alerts" in told


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", PEOPLE)
def test_the_first_check_passes_or_asks_for_people(command: Command, cloud: str) -> None:
    command("init", "--yes", "--cloud", cloud, "a")
    asked = command("check", "a/stacks/dev.py")
    assert asked.code == 1
    assert "1 medium" in asked.out
    assert "Name people for the role 'operator'" in asked.flat
    command("init", "--yes", "--cloud", cloud, "--administrator", PEOPLE[cloud], "b")
    passed = command("check", "b/stacks/dev.py")
    assert passed.code == 0, passed.flat


def test_a_folder_that_cannot_be_written_is_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "gcp-ml").mkdir()
    (tmp_path / "gcp-ml" / "stacks").write_text("a file")
    refused = command("init", "--yes", "--cloud", "gcp", "gcp-ml")
    assert refused.code == 2
    assert "stacks: cannot be created" in refused.flat
    assert "run init again when it can be" in refused.flat
    (tmp_path / "gcp-ml" / "stacks").unlink()
    again = command("init", "--yes", "--cloud", "gcp", "--ci", "github", "--repository", "acme/ml", "gcp-ml")
    assert again.code == 0  # Google keeps the names that begin with gcp-, so the default is without
    assert 'name="ml"' in (tmp_path / "gcp-ml" / "stacks" / "base.py").read_text()


def test_what_people_copy_and_type_is_understood(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "Mein Plättform ✨"
    options = ("--cloud", "aws", "--size", "Small", "--ci", "GitHub", "--repository", "git@github.com:acme/ml.git")
    done = command("init", "--yes", *options, str(folder))
    assert done.code == 0, done.err
    base = (folder / "stacks" / "base.py").read_text()
    assert 'name="mein-plattform"' in base
    assert 'repository="acme/ml"' in base
    assert (folder / "stacks" / "prod.py").exists()


@pytest.mark.parametrize(
    "cloud", ["aws", *(pytest.param(each, marks=pytest.mark.thorough) for each in ("gcp", "azure"))]
)
def test_a_refused_name_is_one_problem(command: Command, tmp_path: Path, cloud: str) -> None:
    refused = command("init", "--yes", "--cloud", cloud, "--name", "Acme")
    assert refused.code == 2
    assert "1 problem;" in refused.err
    assert "write for example 'acme'" in refused.err
