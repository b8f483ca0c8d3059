"""A fourth cloud from a package outside: built as a wheel, installed beside mlplatform, planned without any edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..packages import Package, installed_package

SPEC = """\
name: toy
environment: prod
owner: team
cost_center: "1"
targets:
  - {cloud: orbit, account: a, region: north}
registry: {models: [fraud]}
budget: {monthly_usd: 10, emails: [a@acme.example]}
"""


@pytest.fixture(scope="module")
def orbit(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return installed_package("backend", "orbit", tmp_path_factory.mktemp("orbit"))


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "toy.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return file


def test_it_plans_like_any_other(orbit: Package, spec: Path) -> None:
    done = orbit.run("plan", spec, "--target", "orbit", "--format", "json")
    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)["steps"]
    things = [step for step in steps if step["newState"]["type"] == "orbit:index:Thing"]
    assert len(things) > 20
    assert all(step["newState"]["inputs"]["tags"]["platform"] == "toy" for step in things)


def test_what_it_has_not_built_is_refused_and_no_fault_of_ours(orbit: Package, spec: Path) -> None:
    # without its limits too: a package may forget to declare what it has not built
    limits = orbit.site / "mlplatform_backend_orbit" / "limits.py"
    declared = limits.read_text(encoding="utf-8")
    spec.write_text(SPEC + "training: {cpu_pools: [{name: cpu, max_nodes: 2}]}\n", encoding="utf-8")
    try:
        limits.write_text("LIMITS = ()\n", encoding="utf-8")
        done = orbit.run("plan", spec)
        assert done.returncode == 2, done.stderr
        assert "has no module mlplatform_backend_orbit.training.cluster (BuildsCluster)" in " ".join(
            done.stderr.split()
        )
        assert "remove `training` here" in " ".join(done.stderr.split())
    finally:
        limits.write_text(declared, encoding="utf-8")


@pytest.mark.thorough
def test_its_limits_refuse(orbit: Package, spec: Path) -> None:
    spec.write_text(SPEC + "endpoints: [{name: scorer, model: fraud/1}]\n", encoding="utf-8")
    done = orbit.run("validate", spec)
    assert done.returncode == 2
    assert "serves no models yet" in done.stdout + done.stderr


@pytest.mark.thorough
def test_without_optional_modules_it_refuses_in_words(orbit: Package, spec: Path, tmp_path: Path) -> None:
    pipeline = orbit.run("render", "ci", spec, "--system", "github", "--out", tmp_path)
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"vpc": {"value": "v", "type": "string", "sensitive": False}}), encoding="utf-8")
    adopted = orbit.run("adopt", outputs, "--cloud", "orbit")
    assert "expected a module mlplatform_backend_orbit.ci_login" in pipeline.stdout + pipeline.stderr
    assert "its package cannot adopt outputs of other tools" in adopted.stdout + adopted.stderr
    listed = orbit.run("import", spec, "--format", "json")
    assert {each["standing"] for each in json.loads(listed.stdout)["resources"]} == {"unknown"}
    live = orbit.run("import", spec, "--live")
    assert "cannot ask an account; use --id or --ids" in live.stdout + live.stderr
    for done in (pipeline, adopted, live):
        assert done.returncode not in (0, None)
        assert "Traceback" not in done.stdout + done.stderr


def test_without_the_package_the_cloud_is_unknown(spec: Path, tmp_path: Path) -> None:
    done = Package(tmp_path, tmp_path).run("validate", spec)
    assert done.returncode == 2
    text = done.stdout + done.stderr
    assert "orbit" in text
    assert "aws" in text
    assert "Traceback" not in text
