"""The examples do what they say, under the strict mocks."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from mlplatform.plan.model import Plan
from mlplatform.plan.record import PROJECT, record, record_program
from mlplatform.providers.accounts import Account
from mlplatform.reading.load import load

from ..conftest import CLOUDS


def _example(root: Path, name: str, *, resolve: bool = False) -> Plan:
    def program() -> None:
        runpy.run_path(str(root / "examples" / name / "__main__.py"))

    return record_program(program, account=Account.sample("aws"), stack="dev", resolve=resolve)


def test_the_store_alone(root: Path) -> None:
    plan = _example(root, "artifact_store", resolve=True)
    types = {step.type for step in plan.resources()}
    assert "aws:s3/bucket:Bucket" in types
    assert "aws:kms/key:Key" in types
    assert not any(kind.startswith(("aws:eks", "aws:ec2", "aws:sagemaker")) for kind in types), types
    grants = [s for s in plan.resources() if s.type == "aws:iam/rolePolicy:RolePolicy"]
    assert any("s3:PutObject" in str(s.inputs["policy"]) for s in grants)
    assert set(plan.outputs["uris"]) == {"data", "features", "models", "pipelines", "monitoring"}  # type: ignore[call-overload]


def test_a_pipeline_and_its_door(root: Path) -> None:
    plan = _example(root, "triggered_pipeline")
    kinds = [step.type for step in plan.steps]
    assert kinds.count("mlplatform:index:Pipeline") == kinds.count("mlplatform:index:PipelineDoor") == 1
    assert "door" in plan.outputs


def test_features_online_alone(root: Path) -> None:
    plan = _example(root, "feature_store")
    kinds = [step.type for step in plan.steps]
    assert kinds.count("mlplatform:index:FeatureStore") == kinds.count("mlplatform:index:FeatureFill") == 1
    assert len(plan.of_type("dynamodb/table:Table")) == 1
    assert set(plan.outputs) == {"tables", "server"}


def test_an_endpoint_and_the_monitor_of_its_model(root: Path) -> None:
    plan = _example(root, "watched_endpoint")
    (monitor,) = (step for step in plan.steps if step.type == "mlplatform:index:ModelMonitor")
    alarms = {s.inputs["name"] for s in plan.of_type("MetricAlarm") if s.name.startswith(monitor.name)}
    assert {each.rpartition("-")[2] for each in alarms} >= {"changed", "broken", "failed", "silence"}, alarms
    assert "acme-door-send-monitor-ranker-identity" in {step.name for step in plan.resources()}, "it may ask the door"


def test_a_gpu_pool_joins_an_existing_cluster(root: Path) -> None:
    plan = _example(root, "gpu_pool_on_existing_cluster")
    assert {step.type for step in plan.resources()} == {
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:autoscaling/tag:Tag",
    }
    groups = plan.of_type("NodeGroup")
    assert {group.inputs["clusterName"] for group in groups} == {"shared"}
    assert {group.inputs["nodeRoleArn"] for group in groups} == {"arn:aws:iam::123456789012:role/shared-cluster-nodes"}
    assert len(groups) == 2


def test_two_platforms_share_a_stack(root: Path) -> None:
    plan = _example(root, "two_platforms")
    assert sorted(step.name for step in plan.of_type("mlplatform:index:Platform")) == ["ads", "search"]
    names = [step.name for step in plan.steps if step.parent]
    assert all(name.startswith(("ads", "search")) for name in names)
    assert len([name for name in names if name.startswith("ads")]) == len(names) / 2 > 50
    assert {step.inputs["region"] for step in plan.of_type("pulumi:providers:aws")} == {"us-east-1"}


def test_one_provider_per_region(root: Path) -> None:
    plan = _example(root, "provider_per_region")
    for name in ("acme-us", "acme-eu"):
        provider = next(step for step in plan.of_type("pulumi:providers:aws") if step.name == name)
        own = [step for step in plan.resources() if step.name.startswith(f"{name}-")]
        assert len(own) > 20
        assert {step.provider.rpartition("::")[0] for step in own} == {provider.urn}


def test_a_layer_and_its_teams_in_stacks_of_their_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root / "examples" / "layer")
    program = partial(runpy.run_path, str(root / "examples" / "layer" / "__main__.py"))
    inner = {
        layer: record_program(
            program, account=Account.sample("aws"), stack=f"dev-{layer}", config={f"{PROJECT}:layer": layer}
        )
        for layer in ("cluster", "teams")
    }
    releases = [step.name for step in inner["cluster"].of_type("kubernetes:helm.sh/v3:Release")]
    assert "acme-layer-release-kueue" in releases
    namespaces = {layer: inner[layer].of_type("kubernetes:core/v1:Namespace") for layer in inner}
    assert namespaces["cluster"]
    assert not [step for step in namespaces["cluster"] if "team" in step.name]
    assert [step.name for step in namespaces["teams"]] == [
        f"acme-teams-namespace-team-{team}" for team in ("fraud", "vision")
    ]
    assert not inner["teams"].of_type("kubernetes:helm.sh/v3:Release")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_yaml_spec(cloud: str, root: Path) -> None:
    loaded = load(root / "examples" / "yaml" / "platform.yaml")
    assert loaded.spec is not None
    assert loaded.problems == ()
    assert len(record(loaded.spec, cloud).resources()) > 100


@pytest.mark.thorough
def test_a_platform_of_ones_own_is_tested(root: Path, tmp_path: Path) -> None:
    """The example's tests run as a project of its own, and the one with a broken promise fails."""
    shutil.copytree(root / "examples" / "own_platform_tests", tmp_path, dirs_exist_ok=True)
    spec = tmp_path / "acme.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("replicas: [1, 4]", "replicas: [1, 5]"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-cov"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 3 passed" in done.stdout
    assert "FAILED tests/test_acme.py::test_the_endpoint_scales_as_agreed" in done.stdout
