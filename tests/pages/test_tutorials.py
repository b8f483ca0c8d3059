"""What the tutorials and the page of the way in say of their platform is what that platform is."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ..blocks import Block, blocks_of
from ..conftest import CLOUDS, ROOT


def _typed(cloud: str) -> str:
    return "\n".join(block.text for block in blocks_of(f"docs/tutorial-{cloud}.md"))


def _run(folder: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "mlplatform", *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=CLOUDS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A cloud, and the project that its tutorial writes."""
    cloud = str(request.param)
    (command,) = re.findall(r"^mlplatform (init (?:.*\\\n)*.*)$", _typed(cloud), re.MULTILINE)
    folder = tmp_path_factory.mktemp(cloud)
    _run(folder, *shlex.split(command.replace("\\\n", " ")))
    return cloud, folder


def test_the_image_of_the_first_job_is_in_the_registry_of_the_platform(project: tuple[str, Path]) -> None:
    cloud, folder = project
    (image,) = re.findall(r'image="([^"]+)"', (folder / "stacks" / "dev.py").read_text("utf-8"))
    assert f"--image {image}" in _typed(cloud).replace("\\\n", "")


def test_the_stacks_are_those_that_the_project_has(project: tuple[str, Path]) -> None:
    cloud, folder = project
    stacks = {file.name.split(".")[1] for file in (folder / "stacks").glob("Pulumi.*.yaml")}
    assert stacks == {f"dev-{cloud}", f"dev-{cloud}-cluster"}
    assert set(re.findall(r"--stack (\S+)", _typed(cloud))) == stacks


@pytest.mark.thorough
def test_the_way_in_is_that_of_the_plan(project: tuple[str, Path]) -> None:
    cloud, folder = project
    page = [line for block in _first_steps() for line in block.text.splitlines()]
    said = re.sub(r"\s+", " ", _run(folder, "plan", "dev").partition("\nNext\n")[2])
    told = [command for command in page if command.split()[0] == {"aws": "aws", "gcp": "gcloud", "azure": "az"}[cloud]]
    assert told
    assert not [command for command in told if f"`{command}`" not in said]


@pytest.mark.thorough
def test_the_figures_are_those_of_the_estimate(project: tuple[str, Path]) -> None:
    cloud, folder = project
    (estimate,) = json.loads(_run(folder, "cost", "dev", "--format", "json"))["estimates"]
    (said,) = re.findall(r"some (\d+) USD a month", (ROOT / "docs" / f"tutorial-{cloud}.md").read_text("utf-8"))
    assert abs(estimate["total"]["low"] - int(said)) < 10
    (answer,) = re.findall(r"a starter is some (.*?) on Azure", (ROOT / "README.md").read_text("utf-8"))
    assert said in answer


def _first_steps() -> list[Block]:
    text = (ROOT / "docs" / "access.md").read_text("utf-8")
    section = text.partition("## First steps on each cloud\n")[2].partition("\n## ")[0]
    return [block for block in blocks_of("docs/access.md") if block.text in section]
