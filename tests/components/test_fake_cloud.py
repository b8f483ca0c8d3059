"""A fourth cloud from an external package: built as a wheel, installed beside mlplatform, planned without any edit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SPEC = """\
name: toy
environment: prod
owner: team
cost_center: "1"
targets:
  - cloud: fake
registry: {models: [fraud]}
budget: {monthly_usd: 10, emails: [a@acme.example]}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with the toy backend's wheel unpacked, as an installer would."""
    folder = tmp_path_factory.mktemp("fake_cloud")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=root / "tests" / "fake_cloud",
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _run(site: Path, spec: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlplatform", *arguments, str(spec)],
        env={**os.environ, "PYTHONPATH": str(site)},
        check=False,
        capture_output=True,
        text=True,
    )


def test_it_plans_like_any_other(site: Path, tmp_path: Path) -> None:
    spec = tmp_path / "toy.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    done = _run(site, spec, "plan", "--target", "fake", "--format", "json")
    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)["steps"]
    things = [step for step in steps if step["newState"]["type"] == "fake:index:Thing"]
    assert len(things) > 15
    assert all(step["newState"]["inputs"]["tags"]["platform"] == "toy" for step in things)


def test_its_limits_refuse_and_show_in_the_matrix(site: Path, tmp_path: Path) -> None:
    spec = tmp_path / "toy.yaml"
    spec.write_text(SPEC + "endpoints: [{name: scorer, model: fraud/1}]\n", encoding="utf-8")
    done = _run(site, spec, "validate")
    assert done.returncode == 2
    assert "the toy cloud serves nothing" in done.stdout + done.stderr
    matrix = subprocess.run(
        [sys.executable, "-m", "mlplatform", "matrix", "--format", "markdown"],
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Fake Cloud" in matrix or "fake" in matrix


def test_without_optional_modules_it_refuses_in_words(site: Path, tmp_path: Path) -> None:
    spec = tmp_path / "toy.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    pipeline = _run(site, spec, "render", "ci", "--system", "github", "--out", str(tmp_path))
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"vpc": {"value": "v", "type": "string", "sensitive": False}}), encoding="utf-8")
    adopted = _run(site, outputs, "adopt", "--cloud", "fake")
    assert "expected a module mlplatform_fakecloud.ci_login" in pipeline.stdout + pipeline.stderr
    assert "its package cannot adopt outputs of other tools" in adopted.stdout + adopted.stderr
    for done in (pipeline, adopted):
        assert done.returncode not in (0, None)
        assert "Traceback" not in done.stdout + done.stderr


def test_without_the_package_the_cloud_is_unknown(tmp_path: Path) -> None:
    spec = tmp_path / "toy.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mlplatform", "validate", str(spec)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    text = done.stdout + done.stderr
    assert "fake" in text
    assert "aws" in text
    assert "Traceback" not in text
