"""From the wheel alone to a reviewed plan, as the README begins: each command is typed as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.told import next_commands

from mlplatform.render.extensions.kinds import EXTENSION_KINDS

from .pythons import chosen, interpreter, required

pytestmark = pytest.mark.thorough

UV = os.path.abspath(os.environ.get("UV") or shutil.which("uv") or ROOT / ".venv-uv" / "bin" / "uv")
BLOCK = re.compile(r"reviewed plan, without an account:\n\n```sh\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    """What the README begins with."""
    found = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found
    return found[1].splitlines()


def bash(script: str, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run lines of a shell; the first that fails is the failure."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(build, check=True)
    return next(folder.glob("mlplatform-*.whl"))


def test_the_readme_needs_at_most_five_commands() -> None:
    assert len(commands()) <= 5
    assert commands()[-1] == "mlplatform plan dev"


@pytest.mark.parametrize("installer", ["uv", "pip"])
@pytest.mark.parametrize("version", chosen())
def test_the_first_minutes(version: str, installer: str, wheel: Path, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        told = f"no Python {version} is on this machine"
        assert not required(), told
        pytest.skip(told)
    lines = [line.replace(f"{wheel.name}[", f"{wheel}[") for line in commands()]
    if installer == "uv":
        if not Path(UV).exists():
            pytest.skip("no uv: https://docs.astral.sh/uv/")
        lines[1] = f"{UV} venv -q --seed --python {python} .venv && . .venv/bin/activate"
        lines[2] = f"{UV} {lines[2].replace('pip install', 'pip install -q')}"
    else:
        assert "python3 -m venv" in lines[1]
        lines[1] = lines[1].replace("python3", str(python))
    # every command of Python and pip is the new environment's, and nothing of this checkout is on a path
    clean = {"PYTHONPATH": "", "VIRTUAL_ENV": "", "PIP_REQUIRE_VIRTUALENV": ""}
    try:
        bash("\n".join(lines[:3]), tmp_path, clean)
    except AssertionError as error:
        if re.search(r"connection|resolve host|No matching distribution", str(error), re.IGNORECASE):
            pytest.skip(f"no package index is reached: {str(error)[-200:]}")
        raise
    project = tmp_path / "acme-ml"
    enter = ". .venv/bin/activate\n"
    made = bash(enter + lines[3], project, clean)
    planned = bash(enter + lines[4], project, clean)
    assert "acme-ml (dev) on AWS, eu-central-1" in planned
    assert "mlplatform init" not in planned
    assert "site-packages" in bash(f"{enter}python -c 'import mlplatform; print(mlplatform.__file__)'", project, clean)

    # what `init` and the README that it wrote say is done, as it stands there
    told = next_commands(made)
    assert "python -m pytest -q" in told
    own = re.findall(r"```sh\n(.*?)```", (project / "README.md").read_text(), re.DOTALL)
    typed = dict.fromkeys((*told, *(line for block in own for line in block.splitlines())))
    bash(enter + "\n".join(typed), project, clean)
    assert (project / "build" / "first-job.yaml").exists()

    # CI, whose lock asks the index once more
    bash(f"{enter}{lines[3]} --ci github --repository acme/ml", project, clean)
    assert (project / ".github" / "workflows" / "platform.yml").exists()
    assert "--hash=sha256:" in (project / "requirements.lock").read_text()
    assert list((project / "wheels").glob("*.whl"))

    if installer == "uv":
        # each kind of extension, as its own Next says it
        for kind in EXTENSION_KINDS:
            written = bash(f"{enter}mlplatform new {kind} own-{kind} --out own/{kind}", project, clean)
            steps = next_commands(written)
            assert steps[:3] == [f"cd own/{kind}", "pip install --editable .", "python -m pytest -q"]
            bash(enter + "\n".join(steps), project, clean)
        engine(project, enter, next_commands(planned), clean)


def engine(project: Path, enter: str, told: list[str], clean: Mapping[str, str]) -> None:
    """The commands of Pulumi: stacks are made as the plan says, and their whole life is rehearsed."""
    assert [command for command in told if command.startswith("pulumi preview")]
    if shutil.which("pulumi") is None:
        warnings.warn("nothing was rehearsed: pulumi is not on PATH", stacklevel=1)
        return
    state = project / ".mlplatform" / "state"
    state.mkdir(parents=True)
    own = {**clean, "PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": "x"}
    made = [command for command in told if command.startswith("pulumi stack init")]
    assert made == ["pulumi stack init dev-aws", "pulumi stack init dev-aws-cluster"]
    bash(enter + "\n".join(made), project, own)
    shown = bash(f"{enter}pulumi config get mlplatform:target --stack dev-aws", project, own)
    assert shown.strip() == "aws"
    bash(f"{enter}mlplatform rehearse dev --change none", project, clean)
