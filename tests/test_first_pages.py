"""The pages for newcomers, followed line by line in an empty folder: what they type works, in the pages' order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlplatform.reading.load import load

from .blocks import blocks_of

PAGES = ("first_pipeline.md", "promote.md")
AWS = f"""#!{sys.executable}
import pathlib, shutil, sys
words = sys.argv[1:]
def place(uri):
    return pathlib.Path("buckets") / uri.removeprefix("s3://")
if words[:2] == ["s3", "cp"]:
    shutil.copytree(words[2], place(words[3]), dirs_exist_ok=True)
elif words[:2] == ["s3", "ls"]:
    print("\\n".join(str(file) for file in sorted(place(words[2]).rglob("*")) if file.is_file()))
else:
    sys.exit("aws: " + " ".join(words))
"""
"""Stands for the command line of AWS: folders for buckets."""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[tuple[str, int], str]]:
    """The folder in the end, and what each block of commands printed, by page and number."""
    work = tmp_path_factory.mktemp("newcomer")
    tools = tmp_path_factory.mktemp("tools")
    (tools / "aws").write_text(AWS, encoding="utf-8")
    (tools / "aws").chmod(0o755)
    (work / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    path = os.pathsep.join((str(tools), str(Path(sys.executable).parent), "/usr/bin", "/bin"))
    environment = {"PATH": path, "HOME": str(work), "LANG": "C.UTF-8"}
    printed: dict[tuple[str, int], str] = {}
    for page in PAGES:
        commands = 0
        for block in blocks_of(f"docs/{page}"):
            text = block.text
            if file := block.value("file"):
                (work / file).parent.mkdir(parents=True, exist_ok=True)
                (work / file).write_text(text, encoding="utf-8")
            elif block.language == "sh":
                commands += 1
                done = subprocess.run(
                    ["sh", "-eu"], input=text, cwd=work, env=environment, capture_output=True, text=True, check=False
                )
                said = done.stdout + done.stderr
                assert done.returncode == 0, f"{page}, block {commands}:\n{text}\n{said}"
                printed[page, commands] = said
            else:
                assert block.value("needs"), f"{block.at}: nobody runs it"
    return work, printed


@pytest.mark.thorough
def test_the_first_pipeline_ends_with_a_candidate(followed: tuple[Path, Mapping[tuple[str, int], str]]) -> None:
    work, printed = followed
    assert "is valid on aws" in printed["first_pipeline.md", 1]
    assert "a run costs at most" in printed["first_pipeline.md", 1]
    assert (work / "build" / "ranking-retrain.sagemaker.json").is_file()
    candidate = json.loads((work / "run" / "candidate" / "candidate.json").read_text(encoding="utf-8"))
    assert (candidate["model"], candidate["version"], candidate["run"]) == ("ranking", "1", "run-1")
    assert "passed" in printed["first_pipeline.md", 2]


def test_the_spec_of_the_page_is_accepted(tmp_path: Path, root: Path) -> None:
    blocks = {block.value("file"): block.text for block in blocks_of("docs/first_pipeline.md")}
    (tmp_path / "dev.yaml").write_text(blocks["stacks/dev.yaml"], encoding="utf-8")
    loaded = load(tmp_path / "dev.yaml")
    assert loaded.spec is not None, [str(problem) for problem in loaded.problems]
    (pipeline,) = loaded.spec.pipelines
    assert f"{pipeline.steps[0].command[2].replace('.', '/')}.py" in blocks


def test_what_the_page_runs_by_hand_is_what_its_pipeline_says(root: Path) -> None:
    text = (root / "docs" / "first_pipeline.md").read_text(encoding="utf-8")
    assert "gate: {thresholds: [{metric: accuracy, at_least: 0.8}], least_rows: 500}" in text
    (by_hand,) = re.findall(r"--gate '(.*)'", text)
    assert json.loads(by_hand) == {"thresholds": [{"metric": "accuracy", "at_least": 0.8}], "least_rows": 500}


@pytest.mark.thorough
def test_a_model_is_promoted_replaced_and_taken_back(followed: tuple[Path, Mapping[tuple[str, int], str]]) -> None:
    work, printed = followed
    assert "awaiting" not in printed["promote.md", 3]
    assert "run-1" in printed["promote.md", 3]
    record = json.loads((work / "stacks" / "models" / "dev.json").read_text(encoding="utf-8"))
    serves = record["targets"]["aws"]["ranker"]["main"]
    assert (serves["model"], serves["version"], serves["approver"]) == ("ranking", "1", "ana")
    assert "2" in printed["promote.md", 4]
    assert len(list((work / "buckets").rglob("rates.json"))) == 2
