"""Programs in other languages use the component package, on Pulumi's own engine and mock clouds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.serve import serving
from mlplatform.providers.accounts import Account
from mlplatform.rehearse.surroundings import engine_environment
from mlplatform.spec.keys import KEY_PURPOSES

from .gates import needs_engine, only_rehearsed

pytestmark = needs_engine


class Play:
    """A project on an empty stack and an empty cloud."""

    def __init__(self, folder: Path, surroundings: dict[str, str], cloud: Cloud) -> None:
        self.folder, self.cloud, self._environment = folder, cloud, surroundings

    def run(self, *command: str) -> str:
        """Run a command in the project."""
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


@pytest.fixture
def plugin(root: Path, tmp_path: Path) -> Path:
    """The package as it is, in this Python's virtual environment instead of one of its own."""
    folder = tmp_path / "plugin"
    folder.mkdir()
    shutil.copy(root / "platform" / "plugin" / "__main__.py", folder)
    options = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    (folder / "PulumiPlugin.yaml").write_text(json.dumps({"runtime": options}), encoding="utf-8")
    return folder


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """An empty project folder."""
    cloud = Cloud(Account.sample("aws"))
    project = tmp_path / "project"
    project.mkdir()
    with serving({"aws": cloud}) as providers:
        yield Play(project, engine_environment(tmp_path / "engine", providers), cloud)


needs_yaml = pytest.mark.skipif(
    shutil.which("pulumi-language-yaml") is None, reason="no language host for YAML on PATH"
)


def brought_up(play: Play, example: Path, plugin: Path) -> dict[str, Any]:
    """The outputs of an example in YAML."""
    text = (example / "Pulumi.yaml").read_text(encoding="utf-8")
    assert "../../platform/plugin" in text
    (play.folder / "Pulumi.yaml").write_text(text.replace("../../platform/plugin", str(plugin)), encoding="utf-8")
    play.run("pulumi", "stack", "init", "dev")
    # with its preview, in which hardly anything is known
    play.run("pulumi", "up", "--yes", "--non-interactive")
    return json.loads(play.run("pulumi", "stack", "output", "--json"))


@only_rehearsed()
@needs_yaml
def test_a_yaml_program_makes_pipelines_their_door_and_a_tracking_server(root: Path, plugin: Path, play: Play) -> None:
    outputs = brought_up(play, root / "examples" / "yaml_pipeline", plugin)
    assert outputs["inbox"].startswith("https://sqs.us-east-1.")
    assert ":mlflow-app/" in outputs["uri"]
    held = play.cloud.contents()
    made = {each.token.rpartition(":")[2]: each for each in held}
    assert {"Pipeline", "MlflowApp", "Schedule", "TaskDefinition", "Queue"} <= set(made)
    keys = [each for each in held if each.token == "aws:kms/key:Key"]
    assert len(keys) == len({*KEY_PURPOSES}), "the other components use the one component's keys"
    assert len([each for each in held if each.token == "aws:sagemaker/pipeline:Pipeline"]) == 2
    # whoever is named as a client, by the output of another component, may log runs
    users = [
        each.inputs["role"]
        for each in held
        if each.token == "aws:iam/rolePolicy:RolePolicy" and "CallMlflowAppApi" in str(each.inputs["policy"])
    ]
    assert users == ["acme-dev-pipelines"]
    play.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
    play.run("pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive")


@needs_yaml
def test_a_yaml_program_wires_components_by_their_outputs(root: Path, plugin: Path, play: Play) -> None:
    outputs = brought_up(play, root / "examples" / "yaml_component", plugin)
    assert outputs["uris"]["data"] == "s3://acme-data-dev-data-123456789012-us-east-1-an"
    assert outputs["training"] == "arn:aws:iam::123456789012:role/acme-dev-training"
    held = play.cloud.contents()
    (cluster,) = [each for each in held if each.token == "aws:eks/cluster:Cluster"]
    subnets = {each.id for each in held if each.token == "aws:ec2/subnet:Subnet"}
    wired = {subnet for subnet in subnets if subnet in str(cluster.inputs["vpcConfig"])}
    assert len(wired) == 2, "the cluster is in the network's private subnets"
    keys = {each.outputs["arn"] for each in held if each.token == "aws:kms/key:Key"}
    assert len(keys) == len({*KEY_PURPOSES}), "all keys are the one component's"
    assert any(str(key) in str(cluster.inputs["encryptionConfig"]) for key in keys)
    (rights,) = [
        each
        for each in held
        if each.token == "aws:iam/rolePolicy:RolePolicy" and "acme-data-dev-models" in str(each.inputs["policy"])
    ]
    assert rights.inputs["role"] == "acme-dev-training"
    play.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
    play.run("pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive")


SHARED = """
name: shared-cluster
runtime: yaml
outputs:
  clusterName: shared
  nodeRoleArn: arn:aws:iam::123456789012:role/shared-nodes
"""
MODULES = os.environ.get("MLPLATFORM_NODE_MODULES", "")


@pytest.mark.skipif(
    not MODULES or shutil.which("pulumi-language-nodejs") is None,
    reason="MLPLATFORM_NODE_MODULES names no node_modules folder with @pulumi/pulumi, typescript and @types/node",
)
def test_a_typescript_program_creates_keys_an_identity_a_store_and_a_pool(root: Path, plugin: Path, play: Play) -> None:
    shared = play.folder.parent / "shared"
    shared.mkdir()
    (shared / "Pulumi.yaml").write_text(SHARED, encoding="utf-8")
    play.run("pulumi", "-C", str(shared), "stack", "init", "dev")
    play.run("pulumi", "-C", str(shared), "up", "--yes", "--skip-preview", "--non-interactive")
    shutil.copytree(root / "examples" / "typescript", play.folder, dirs_exist_ok=True)
    project = play.folder / "Pulumi.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("../../platform/plugin", str(plugin)), encoding="utf-8")
    schema = json.loads((root / "tests" / "package" / "schema.json").read_text(encoding="utf-8"))
    document = play.folder.parent / "schema.json"
    document.write_text(json.dumps({**schema, "version": "0.1.0"}), encoding="utf-8")
    play.run("pulumi", "package", "gen-sdk", str(document), "--language", "nodejs", "--out", "made")
    _modules(play.folder)
    play.run("node", "node_modules/typescript/bin/tsc", "--noEmit", "-p", ".")
    play.run("node", "node_modules/typescript/bin/tsc", "-p", "sdks/mlplatform")
    play.run("pulumi", "stack", "init", "dev")
    play.run("pulumi", "config", "set", "cluster-stack", "organization/shared-cluster/dev")
    play.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
    outputs = json.loads(play.run("pulumi", "stack", "output", "--json"))
    assert outputs["machine"] == "g6.xlarge"
    assert outputs["uris"]["models"].startswith("s3://vision-dev-models-")
    rights = [held for held in play.cloud.contents() if held.token == "aws:iam/rolePolicy:RolePolicy"]
    assert {held.inputs["role"] for held in rights} >= {"vision-jobs-dev-pipelines"}
    groups = [held for held in play.cloud.contents() if held.token == "aws:eks/nodeGroup:NodeGroup"]
    assert {held.inputs["nodeRoleArn"] for held in groups} == {"arn:aws:iam::123456789012:role/shared-nodes"}


def _modules(project: Path) -> None:
    """What `npm install` would make of the installed modules and the generated SDK."""
    sdk = project / "sdks" / "mlplatform"
    shutil.move(project / "made" / "nodejs", sdk)
    modules = project / "node_modules"
    (modules / "@pulumi").mkdir(parents=True)
    for module in Path(MODULES).iterdir():
        if module.name != "@pulumi":
            (modules / module.name).symlink_to(module.resolve())
    for module in (Path(MODULES) / "@pulumi").iterdir():
        if module.name != "mlplatform":
            (modules / "@pulumi" / module.name).symlink_to(module.resolve())
    (modules / "@pulumi" / "mlplatform").symlink_to(sdk)
