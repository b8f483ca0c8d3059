"""What an option refuses says what was found, what is expected, what to write; so does a stack that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.cli.app import run

JOB = ("render", "job", "j", "dev", "--image", "x:1", "--pool", "p")
SAID = {
    "money in thousands": (("init", "--budget", "2k"), "--budget: got '2k', expected a whole number; write 2000"),
    "a time": ((*JOB, "--max-hours", "2h"), "--max-hours: got '2h', expected a whole number; write 2"),
    "a time in two units": (
        (*JOB, "--max-hours", "1h30m"),
        "--max-hours: got '1h30m', expected a whole number of hours; write 2",
    ),
    "a word": (("machines", "--vcpus", "four"), "--vcpus: got 'four', expected a number in digits"),
    "too little": (("init", "--budget", "0"), "--budget: got 0, expected at least 1"),
    "another tool's word": (
        ("init", "--ci", "gitlab-ci"),
        "--ci: got 'gitlab-ci', expected one of github, gitlab, jenkins, circleci, travis, none; did you mean gitlab?",
    ),
    "no such choice": (("check", "x", "--fail-on", "urgent"), "expected one of critical, high, medium, low, info"),
}
STACKS = {
    "prod": "expected  a spec in {}: base, dev\n",
    "dve": "fix       did you mean dev?\n",
    "dev-aws": "fix       write the spec and its target: dev --target aws\n",
    "dev-aws-cluster": "fix       write the spec and its target: dev --target aws --layer cluster\n",
    "dev.py": "fix       did you mean stacks/dev.py?\n",
}


def _said(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        run(words)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("case", SAID)
def test_a_refused_option_says_what_to_write(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, wanted = SAID[case]
    assert wanted in _said(words, capsys)


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_that_is_not_there_names_those_that_are(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    for file in ("Pulumi.yaml", "stacks/Pulumi.dev-aws.yaml", "stacks/base.py", "stacks/dev.py"):
        (tmp_path / file).write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    said = _said(("validate", name), capsys)
    assert " ".join(STACKS[name].format(stacks).split()) in " ".join(said.split())
