"""`mlplatform render ci` and `mlplatform digest`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Result

Command = Callable[..., Result]
SpecFile = Callable[..., Path]
LOCK = f"mlplatform[aws]==0.1.0 --hash=sha256:{'0' * 64}\n"


def test_render_check_and_render_again(command: Command, spec_file: SpecFile, valid: str, tmp_path: Path) -> None:
    spec_file(LOCK, "ci.txt")
    spec_file(valid, "dev.yaml")
    spec_file(valid + "environment: prod\n", "prod.yaml")
    arguments = ["render", "ci", "--system", "github", "dev.yaml", "prod.yaml", "--lock", "ci.txt"]
    arguments += ["--test", "make 'a b'"]
    assert command(*arguments, "--check").code == 1
    written = command(*arguments)
    assert written.code == 0, written.err
    assert "check it with: actionlint" in written.out
    assert command(*arguments, "--check").code == 0
    # the head of the files says how to make them again
    head = (tmp_path / ".ci/stack").read_text(encoding="utf-8").splitlines()[3]
    again = command(*shlex.split(head.removeprefix("#   mlplatform")), "--check")
    assert again.code == 0, again.err
    file = tmp_path / ".github/workflows/platform.yml"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    stale = command(*arguments, "--check")
    assert stale.code == 1
    assert "platform.yml: out of date" in stale.err
    assert "stack:" not in stale.err


def test_the_projects_own_pipeline_is_up_to_date(command: Command, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    head = (root / ".github/workflows/platform.yml").read_text(encoding="utf-8").splitlines()[2]
    done = command(*shlex.split(head.removeprefix("#   mlplatform")), "--check")
    assert done.code == 0, done.err


def test_a_system_of_ones_own(command: Command, spec_file: SpecFile, valid: str, tmp_path: Path) -> None:
    spec_file(valid)
    spec_file(LOCK, "ci.txt")
    folder = tmp_path / "mine" / "drone"
    folder.mkdir(parents=True)
    manifest = (
        "title: Drone\nfiles:\n  - {template: d.j2, path: .drone.yml}\n  - {template: stack.sh.j2, path: .ci/stack}\n"
    )
    (folder / "system.yaml").write_text(manifest, encoding="utf-8")
    (folder / "hooks.sh.j2").write_text("renewable=false\npost=(--dry-run)\n", encoding="utf-8")
    (folder / "d.j2").write_text("stacks: {{ pipeline.stacks | map(attribute='name') | list }}\n", encoding="utf-8")
    arguments = ["render", "ci", "--system", "drone", "spec.yaml", "--lock", "ci.txt", "--templates", "mine"]
    done = command(*arguments)
    assert done.code == 0, done.err
    assert (tmp_path / ".drone.yml").read_text(encoding="utf-8") == "stacks: ['dev-aws']\n"
    (folder / "d.j2").write_text("{{ pipeline.nothing }}", encoding="utf-8")
    broken = command(*arguments)
    assert broken.code == 2
    assert "d.j2: " in broken.err
    assert (tmp_path / ".drone.yml").read_text(encoding="utf-8") == "stacks: ['dev-aws']\n"
    (folder / "system.yaml").write_text(manifest.replace(".drone.yml", "../x"), encoding="utf-8")
    assert "files.0.path" in command(*arguments).flat


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--system", "github", "spec.yaml", "--lock", ""], "--lock: got nothing, expected a requirements file"),
        (["--system", "github", "spec.yaml", "--tool", "checkout"], "expected none with --tool checkout"),
        (["--system", "github", "spec.yaml", "--watch", "shared"], "--watch: got 'shared', expected none"),
        (["--system", "bamboo", "spec.yaml"], "expected one of circleci, github, gitlab, jenkins, travis"),
        (["--system", "github", "spec.yaml", "--images", "$(id)"], "--images: got '$(id)'"),
        (["--system", "github", "spec.yaml", "--lock", "../lock"], "--lock: got '../lock'"),
        (["--system", "github", "spec.yaml", "--test", "a\nb"], "expected one line of shell"),
        (["--system", "github", "spec.yaml", "--out", "below"], "a file outside"),
        (["--system", "github", "missing.yaml"], "no such file"),
        (["--system", "github"], "Missing argument"),
    ],
)
def test_refused(
    arguments: list[str], message: str, command: Command, spec_file: SpecFile, valid: str, tmp_path: Path
) -> None:
    spec_file(valid)
    spec_file(LOCK, "ci.txt")
    done = command("render", "ci", "--lock", "ci.txt", *arguments)
    assert done.code == 2
    assert message in done.flat
    assert not (tmp_path / ".ci").exists()


def test_digest(command: Command, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps({"steps": []}), encoding="utf-8")
    result = command("digest", "p.json")
    assert result.code == 0
    assert command("digest", "p.json", "--expect", result.out).code == 0
    moved = command("digest", "p.json", "--expect", f"sha256:{'0' * 64}")
    assert moved.code == 1
    assert "the changes are not those reviewed" in moved.err
    assert command("digest", "p.json", "--expect", "latest").code == 2
    for text, message in (
        ("", "empty"),
        ("{", "not JSON"),
        ("[]", "expected the document"),
        ("[" * 99999, "levels of nesting"),
    ):
        (tmp_path / "p.json").write_text(text, encoding="utf-8")
        refused = command("digest", "p.json")
        assert refused.code == 2
        assert message in refused.flat
    assert "cannot be read" in command("digest", "nowhere.json").err
