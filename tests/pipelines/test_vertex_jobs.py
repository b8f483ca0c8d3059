"""Steps that are custom jobs of Vertex AI: the shell of a node really runs, and the form says what the meaning says."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.backends.gcp.pipelines.form import build_specification
from mlplatform.backends.gcp.registry.jobs import PERMISSIONS
from mlplatform.catalog.machine import CpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.pipeline_problems import run_usd
from mlplatform.components.step_machines import choose_step
from mlplatform.pipelines.forms import kfp, kfp_read
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.pipelines.forms.vertex_jobs import NODE, VertexJob, is_job
from mlplatform.pipelines.meaning import Task
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.steps.program import job_of

from . import example
from .fraud import Data, pipeline, platform, step
from .test_forms import SERVICE

SAYS = 'env | grep -E \'^(MASTER|PET_|NODE_RANK|WORLD|TF_CONFIG)\'; ls -d "$0"/*; exit "${CODE:-0}"'
PRIMARY = "cmle-training-workerpool0-ab-0:2222"
OTHERS = ["cmle-training-workerpool1-ab-0:2222", "cmle-training-workerpool1-ab-1:2222"]
THE_JOB = {"workerPoolSpecs": [{"containerSpec": {"args": [NODE, '"task":{"type":"workerpool9","index":7}']}}]}
"""The job that is in `CLUSTER_SPEC` too, with the shell that reads it."""


def _node(tmp_path: Path, how: str, pool: str, index: int, **changes: str) -> subprocess.CompletedProcess[str]:
    task = {"type": f"workerpool{pool}", "index": index, "trial": "1"}
    spec = {
        "job": THE_JOB,
        "cluster": {"workerpool1": OTHERS, "workerpool0": [PRIMARY]},
        "environment": "cloud",
        "task": task,
    }
    words = [how, "4", "60", str(tmp_path / "model"), str(tmp_path / "scores"), "--", "sh", "-c", SAYS, str(tmp_path)]
    env = {"PATH": os.environ["PATH"], "CLUSTER_SPEC": json.dumps(spec, indent=1), **changes}
    return subprocess.run(["/bin/sh", "-c", NODE, "node", *words], capture_output=True, text=True, env=env)


def test_torchs_nodes_find_each_other(tmp_path: Path) -> None:
    seen: list[dict[str, str]] = []
    for pool, index in (("0", 0), ("1", 0), ("1", 1)):
        done = _node(tmp_path, "torch", pool, index)
        assert done.returncode == 0, done.stderr
        assert {str(tmp_path / name) for name in ("model", "scores")} <= set(done.stdout.split())
        seen.append(dict(line.split("=", 1) for line in done.stdout.split() if "=" in line))
    host, _, port = PRIMARY.partition(":")
    assert {(each["MASTER_ADDR"], each["MASTER_PORT"]) for each in seen} == {(host, port)}
    assert {(each["PET_MASTER_ADDR"], each["PET_MASTER_PORT"]) for each in seen} == {(host, port)}
    assert [each["PET_NODE_RANK"] for each in seen] == [each["NODE_RANK"] for each in seen] == ["0", "1", "2"]
    assert {(each["PET_NNODES"], each["WORLD_SIZE"], each["PET_NPROC_PER_NODE"]) for each in seen} == {("3", "3", "4")}


def test_tensorflow_gets_its_cluster(tmp_path: Path) -> None:
    """All nodes are workers, as on the other services; Vertex AI itself would call the first one chief."""
    done = _node(tmp_path, "tensorflow", "1", 1, TF_CONFIG='{"cluster": {"chief": []}}')
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("TF_CONFIG="))
    found = json.loads(line.partition("=")[2])
    assert found == {"cluster": {"worker": [PRIMARY, *OTHERS]}, "task": {"type": "worker", "index": 2}}


def test_a_node_alone_needs_no_word_of_others(tmp_path: Path) -> None:
    done = _node(tmp_path, "alone", "0", 0, CLUSTER_SPEC="")
    assert done.returncode == 0
    assert "MASTER_ADDR" not in done.stdout


@pytest.mark.parametrize("spec", ["", "{}", '{"cluster":{"workerpool0":["a:2222"]}}'])
def test_a_node_that_nobody_names_does_not_start_alone(tmp_path: Path, spec: str) -> None:
    done = _node(tmp_path, "torch", "0", 0, CLUSTER_SPEC=spec)
    assert done.returncode == 65
    assert "does not say" in done.stderr


def test_a_node_ends_as_its_program_and_after_its_time(tmp_path: Path) -> None:
    assert _node(tmp_path, "torch", "1", 0, CODE="7").returncode == 7
    late = ["alone", "1", "0.2", "--", "sleep", "9"]
    assert subprocess.run(["/bin/sh", "-c", NODE, "node", *late]).returncode == 124


def _job(task: Task) -> VertexJob | None:
    """A machine whose name says what the task asked for."""
    asked = task.resources
    if not is_job(asked.nodes, asked.capacity, asked.disk_gib, 100):
        return None
    device = SERVICE.device(task) if asked.accelerator else None
    return VertexJob(image="programs:1", machine_type=f"{asked.vcpus}-{asked.memory_gib}", accelerator=device)


def _size(machine: str) -> tuple[int, int]:
    vcpus, _, memory = machine.partition("-")
    return int(vcpus), int(memory)


@pytest.mark.parametrize(
    "changes",
    [
        {"resources": {"vcpus": 8, "memory_gib": 32, "nodes": 3}, "distribution": "tensorflow"},
        {
            "resources": {"accelerator": "L4:4", "nodes": 2},
            "distribution": "torch",
            "env": {"MODE": "a b", "RUN": "{{run}}"},
        },
        {"resources": {"capacity": "spot", "accelerator": "L4:1"}, "retries": 3},
        {"resources": {"disk_gib": 900}},
    ],
)
def test_the_form_says_what_the_meaning_says(changes: Data) -> None:
    data = cast("Data", json.loads(json.dumps(example.PIPELINE)))
    step(data, "train").update(changes)
    said = example.meaning(PipelineSpec.model_validate(data))
    service = kfp.KfpService(device=SERVICE.device, folder=SERVICE.folder, job=_job)
    document: Any = json.loads(kfp.text(kfp.emit(said, service)))
    assert kfp_read.read(document, lambda name: name.removeprefix("NVIDIA_"), _size) == seen_of(said)
    assert kfp_read.problems(document) == ()


def gang(**changes: object) -> PlatformSpec:
    """A platform on GCP whose training has two nodes with four accelerators each."""
    data = pipeline("gcp")
    data.pop("max_usd_per_run")
    step(data, "train").update(
        {"resources": {"vcpus": 8, "memory_gib": 32, "accelerator": "T4:4", "nodes": 2}, "distribution": "torch"}
    )
    step(data, "train").update(changes)
    return platform("gcp", pipelines=(data,)).on("gcp")


def test_the_step_reads_what_the_form_writes_and_is_paid_for_each_node() -> None:
    spec, backend = gang(), discovery.backend("gcp")
    assert not backend.problems(spec)
    document: Any = build_specification(backend, spec, spec.pipelines[0])
    container = document["deploymentSpec"]["executors"]["exec-train"]["container"]
    assert container["image"] == spec.pipelines[0].programs_image
    sent = job_of(container["args"][2:])
    assert (sent.nodes, sent.accelerator, sent.minutes) == (2, ("NVIDIA_TESLA_T4", 4), 240)
    assert sent.machine.startswith("n1-")
    assert sent.image == spec.pipelines[0].image
    assert set(sent.outputs.values()) == {"{{$.outputs.artifacts['model'].path}}"}
    assert sent.command[:2] == ["/bin/sh", "-c"]
    (one,) = gang(resources={"vcpus": 8, "memory_gib": 32, "accelerator": "T4:4"}, distribution=None).pipelines
    usd, before = (run_usd(backend, spec.targets[0], spec, each) for each in (spec.pipelines[0], one))
    assert usd is not None
    assert before is not None
    assert usd > before + 4.0, "four hours of a further machine with four GPUs"
    waits = backend.waiting_machine(spec.targets[0], spec.pipelines[0].step("train"))
    assert isinstance(waits, CpuMachine), "and what waits for them"
    alone = [machine_usd(backend, spec, each) for each in (spec.pipelines[0], one)]
    assert usd - before == pytest.approx(alone[0] - alone[1] + 4 * (waits.hourly_usd or 0.0))


def machine_usd(backend: Backend, spec: PlatformSpec, own: PipelineSpec) -> float:
    """What four hours of the training step's own machines cost."""
    train = own.step("train")
    machine = choose_step(backend, spec.targets[0], spec, own, train)
    return train.resources.nodes * 4 * (machine.hourly_usd or 0.0)


@pytest.mark.parametrize("distribution", ["mpi", "ray"])
def test_what_no_node_is_told_is_refused(distribution: str) -> None:
    (found,) = (each for each in discovery.backend("gcp").problems(gang(distribution=distribution)))
    assert found.path.endswith(".distribution")
    assert "torch or tensorflow" in found.fix


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"resources": {"capacity": "spot"}, "distribution": None, "retries": 2},
        {"resources": {"disk_gib": 101}, "distribution": None},
    ],
)
def test_a_job_that_nothing_sends_is_refused(changes: Data) -> None:
    spec = gang(**changes)
    (own,) = spec.pipelines
    steps = tuple(each.model_copy(update={"image": "docker.io/own"}) if each.own else each for each in own.steps)
    without = own.model_copy(update={"programs_image": None, "steps": steps})
    found = discovery.backend("gcp").problems(spec.model_copy(update={"pipelines": (without,)}))
    assert [each.path for each in found] == ["pipelines[0].programs_image"]
    assert "mlplatform-step" in found[0].expected


def test_the_account_of_pipelines_may_do_what_the_step_does() -> None:
    """Its role sends jobs, and it acts as itself: without one of these every step of several nodes fails."""
    needed = {f"aiplatform.customJobs.{verb}" for verb in ("cancel", "create", "get", "list")}
    assert {*needed, "aiplatform.pipelineJobs.get"} <= set(PERMISSIONS)
    assert not any("deploy" in each or "endpoints" in each for each in PERMISSIONS)
