"""`mlplatform name-images`: digests that CI built come into the spec, where it names the images by digest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.cli.app import run
from mlplatform.post import proposal
from mlplatform.post.proposal import Proposal

ADDRESS = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training"
OLD, NEW = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"
SPEC = f"""\
name: acme
environment: dev
owner: team
cost_center: "1"
targets:
  - {{cloud: aws, account_id: "123456789012", region: us-east-1}}
tags:  # {ADDRESS}@{OLD}, as it was reviewed
  a: b
"""
Name = Callable[..., tuple[int, str]]


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Name:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    for path, text in {
        "stacks/dev.yaml": SPEC,
        "stacks/shared/pipelines.py": f'IMAGE = "{ADDRESS}@{OLD}"  # ours\nOTHER = "mirror.example/{ADDRESS}@{OLD}"\n',
        "stacks/.cache/old.yaml": f"{ADDRESS}@{OLD}\n",
        "images": f"training={ADDRESS}@{NEW}\nserving={ADDRESS[:-8]}serving@{NEW}\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            run(["name-images", "dev", "--images", "images", *arguments])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), " ".join(f"{captured.out} {captured.err}".split())

    return invoke


def test_digests_are_replaced_and_nothing_else(name: Name, tmp_path: Path) -> None:
    code, said = name("--dry-run")
    assert (code, (tmp_path / "stacks/dev.yaml").read_text("utf-8")) == (0, SPEC)
    code, said = name()
    assert code == 0, said
    assert (tmp_path / "stacks/dev.yaml").read_text("utf-8") == SPEC.replace(OLD, NEW)
    shared = (tmp_path / "stacks/shared/pipelines.py").read_text("utf-8")
    assert shared == f'IMAGE = "{ADDRESS}@{NEW}"  # ours\nOTHER = "mirror.example/{ADDRESS}@{OLD}"\n'
    assert OLD in (tmp_path / "stacks/.cache/old.yaml").read_text("utf-8")
    assert f"serving: no file of the spec names {ADDRESS[:-8]}serving by a digest" in said
    code, said = name()
    assert (code, "dev.yaml" in said) == (0, False), "the same digests change nothing"


def test_a_pull_request_is_opened_for_each_file(name: Name, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Proposal] = []

    def keep(_host: str, change: Proposal, _environment: object) -> str:
        made.append(change)
        return "https://example/pull/1"

    monkeypatch.setattr(proposal, "propose", keep)
    code, said = name("--propose", "github", "--base", "trunk")
    assert (code, "https://example/pull/1" in said) == (0, True), said
    assert (made[0].base, NEW in made[0].text, OLD in made[0].text) == ("trunk", True, False)
    assert len({each.branch for each in made}) == 2, "a file each"
    assert (tmp_path / "stacks/dev.yaml").read_text("utf-8") == SPEC, "nothing is written here"


@pytest.mark.parametrize("text", ["training=latest", f"training={ADDRESS}:7", f"{ADDRESS}@{NEW}", "x=y@sha256:12"])
def test_a_list_of_another_form_is_refused(name: Name, tmp_path: Path, text: str) -> None:
    (tmp_path / "images").write_text(f"{text}\n", encoding="utf-8")
    code, said = name()
    assert (code, "line 1 is no line of CI" in said) == (2, True), said
