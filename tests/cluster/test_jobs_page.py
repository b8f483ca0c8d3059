"""docs/jobs.md, followed on each cloud as far as a machine without an account can.

Every command is one that this test knows. Every job that the page names is rendered, held against the tables of its
kinds, and admitted by the queues of its layer.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.cluster.content import layer_context
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS, ROOT
from .admission import Admission

PAGE = (ROOT / "docs" / "jobs.md").read_text("utf-8")
IMAGES = dict(re.findall(r"```sh (?:needs=\w+ )?(\w+)(?: needs=\w+)?\nexport IMAGE=(\S+)", PAGE))
SPECS = {"prod": "stacks/prod.py", "examples/training/platform.yaml": "examples/training/platform.yaml"}

NEEDS: dict[str, str] = {
    "pulumi": "a cloud's account",
    "aws": "an account of AWS",
    "gcloud": "an account of Google Cloud",
    "az": "an account of Azure",
    "docker": "a Docker daemon, and the registry",
    "kubectl": "a cluster",
    "bash": "the registries, for the script that was written",
}
"""Programs that a machine without an account does not have, and what they need."""


def commands() -> Iterator[str]:
    """Every command of the page's blocks."""
    for block in re.findall(r"```sh[^\n]*\n(.*?)```", PAGE, re.DOTALL):
        lines = re.sub(r"\\\n *", "", block).splitlines()
        yield from (line for line in lines if line and not line.startswith("export "))


RENDERED = [line for line in commands() if line.startswith("mlplatform render job ")]
LISTED = [line for line in commands() if line.startswith("mlplatform render images ")]


@cache
def _spec(name: str) -> PlatformSpec:
    spec = load(ROOT / SPECS[name]).spec
    assert spec is not None
    return spec


def _load_spec(_: object, name: str, *__: object, **___: object) -> PlatformSpec:
    """Read once: each command would read it again."""
    return _spec(name)


@cache
def _admission(name: str, cloud: str) -> Admission:
    return Admission(layer_context(_spec(name), cloud))


def test_what_is_not_run_here_says_what_it_needs() -> None:
    found = {shlex.split(line)[0] for line in commands()}
    assert found - {"mlplatform"} == set(NEEDS)
    assert set(IMAGES) == set(CLOUDS)
    # what a person sends is what a job's rendering wrote
    assert "kubectl create -f llm.yaml" in set(commands())
    assert any("--out llm.yaml" in line for line in RENDERED)


def test_every_kind_of_job_is_on_the_page() -> None:
    kinds = {match[1] for line in RENDERED if (match := re.search(r"--kind (\w+)", line))}
    assert kinds | {"torch"} == {"torch", "tensorflow", "ray", "sweep", "jobset"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_images_are_copied_before_the_cluster_pulls_them(
    cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplatform.cli.sides.specs.load_spec", _load_spec)
    monkeypatch.chdir(tmp_path)
    (command,) = LISTED
    assert len([line for line in commands() if line.startswith("mlplatform")]) == len(RENDERED) + 1
    done = CliRunner().invoke(cli, shlex.split(command.replace('"$TARGET"', cloud))[1:])
    assert done.exit_code == 0, done.stderr
    script = (tmp_path / "copies.sh").read_text("utf-8")
    assert "kueue/kueue" in script
    assert subprocess.run(["bash", "-n", "copies.sh"], check=False).returncode == 0


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_job_of_the_page_is_rendered_and_admitted(
    cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplatform.cli.sides.specs.load_spec", _load_spec)
    assert len(RENDERED) >= 10
    for command in RENDERED:
        words = shlex.split(command.replace('"$TARGET"', cloud).replace('"$IMAGE"', IMAGES[cloud]))[1:]
        file = tmp_path / "job.yaml"
        if "--out" in words:
            words[words.index("--out") + 1] = str(file)
        else:
            words[3:3] = ["--out", str(file)]
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, f"{cloud}: {command}\n{done.stderr}"
        job, *others = (cast("dict[str, Any]", each) for each in yaml.safe_load_all(file.read_text("utf-8")))
        for body in (job, *others):
            api = body["apiVersion"]
            token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{body['kind']}"
            assert not check_kubernetes_object(token, body), command
        spec = next(word for word in words if word in SPECS)
        assert not _admission(spec, cloud).refusals(job), command
