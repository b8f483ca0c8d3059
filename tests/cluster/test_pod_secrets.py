"""Secrets of endpoints on the cluster: read by the pod's identity into its memory, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from mlplatform import EndpointSpec, TrainingSpec
from mlplatform.cluster.serving.secrets import secret_script
from mlplatform.cluster.serving_facts import SecretCommands
from mlplatform.cluster.tokens import type_token
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS
from .test_endpoints import CPU_POOLS, POOLS, body, endpoint, items, platform, pod, refusals


def secretive(**changes: object) -> EndpointSpec:
    """An endpoint with two secrets, of which one has two names."""
    return endpoint(secrets={"TOKEN": "hub", "KEY": "api-key", "OTHER": "hub"}, **changes)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_server_gets_variables_and_no_object_has_a_value(cloud: str) -> None:
    spec = platform(cloud, secretive())
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    sent = body(found, "endpoint-model-llm--main")
    assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent)
    pods = pod(found)
    server, first = pods["containers"][0], pods["initContainers"][0]
    taken = {each["name"]: each["valueFrom"]["fileKeyRef"] for each in server["env"] if "valueFrom" in each}
    assert taken == {name: {"volumeName": "secrets", "path": "env", "key": name} for name in ("KEY", "OTHER", "TOKEN")}
    assert first["name"] == "secrets"
    assert "secrets" not in {each["name"] for each in server["volumeMounts"]}
    (volume,) = [each for each in pods["volumes"] if each["name"] == "secrets"]
    assert volume["emptyDir"]["medium"] == "Memory"
    assert not [role for role in found if role.startswith("endpoint-") and body(found, role)["kind"] == "Secret"]
    # Kubernetes would take a dollar sign with a parenthesis for a variable of its own
    assert "$(" not in first["args"][0]


def test_other_pods_of_the_endpoint_read_none() -> None:
    found = items(platform("aws", secretive()), "aws")
    assert "secrets" not in json.dumps(pod(found, "endpoint-router-llm"))
    assert not [
        each for each in pod(items(platform("aws", endpoint()), "aws"))["initContainers"] if each["name"] == "secrets"
    ]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_version_that_takes_no_files_is_refused(cloud: str) -> None:
    training = TrainingSpec(pools=POOLS, cpu_pools=CPU_POOLS, kubernetes_version="1.34")
    problem = refusals(platform(cloud, secretive(), training=training), cloud)["endpoints[0].secrets"]
    assert "1.35" in problem.fix


@pytest.fixture(scope="module", params=CLOUDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    """A plan of both layers."""
    cloud = str(request.param)
    return record(as_released(platform(cloud, secretive())), cloud, resolve=True)


def test_its_identity_reads_these_secrets_and_no_others(plan: Plan) -> None:
    rights = [str(step.inputs) for step in plan.resources() if "endpoint-llm" in step.urn and "secret" in step.urn]
    rights = [each for each in rights if "api-key" in each or "hub" in each]
    assert rights
    together = " ".join(rights)
    assert "api-key" in together
    assert "hub" in together
    assert "'*'" not in together.replace("'Version'", "")


def run(tmp_path: Path, value: str) -> tuple[int, str, str]:
    """The script as its shell runs it, with a program that prints a value."""
    tool = tmp_path / "tool"
    (tmp_path / "value").write_text(value)
    tool.write_text(f"#!/bin/sh\ncat {tmp_path}/value\n")
    tool.chmod(0o755)
    script = secret_script(
        endpoint(secrets={"TOKEN": "hub"}), SecretCommands(image="x", read="tool {secret}"), str(tmp_path)
    )
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    file = tmp_path / "env"
    return done.returncode, file.read_text() if file.exists() else "", done.stdout + done.stderr


@pytest.mark.parametrize("value", ["abc", 'a#b $HOME \\n `x` "q"', "a=b"])
def test_a_value_comes_as_it_is(tmp_path: Path, value: str) -> None:
    code, written, told = run(tmp_path, value + "\n")
    assert (code, written, told) == (0, f"TOKEN='{value}'\n", "")


@pytest.mark.parametrize("value", ["", "it's", "two\nlines"])
def test_a_value_that_cannot_be_written_is_refused_and_not_shown(tmp_path: Path, value: str) -> None:
    code, written, told = run(tmp_path, value)
    assert code == 1
    assert not written
    assert "secret TOKEN" in told
    assert not value or value not in told
