"""`make scaffold-capability` writes files that are valid, and tests that fail until the capability is built."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import ROOT


@pytest.fixture(scope="module")
def scaffold() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scaffold", ROOT / "templates" / "capability" / "scaffold.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.thorough
def test_its_tests_fail_until_the_capability_is_built(scaffold: ModuleType, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "platform" / "mlplatform", tmp_path / "platform" / "mlplatform")
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
    (tmp_path / "tests").mkdir()
    for name in ("__init__.py", "conftest.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    written = scaffold.scaffold(tmp_path, "label_store")
    assert len(written) == 18
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    subprocess.run([*ruff, "check", *config, *written], check=True, cwd=tmp_path)
    subprocess.run([*ruff, "format", "--check", *config, *written], check=True, cwd=tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "platform")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "tests"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    # the contract itself holds from the start: what fails is what is not built yet
    assert run.stdout.splitlines()[-1].startswith("10 failed, 3 passed"), run.stdout + run.stderr


def test_nothing_is_overwritten(scaffold: ModuleType, tmp_path: Path) -> None:
    scaffold.scaffold(tmp_path, "tracking")
    with pytest.raises(FileExistsError, match="is there already; nothing was written"):
        scaffold.scaffold(tmp_path, "tracking")


@pytest.mark.parametrize("name", ["", "Tracking", "label-store", "../away", "a__b"])
def test_a_name_that_python_refuses_is_refused(scaffold: ModuleType, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="expected lower-case words"):
        scaffold.scaffold(tmp_path, name)
    assert not list(tmp_path.iterdir())
