"""Training jobs of SageMaker: the line of shell before a program really runs, and nodes reach those of their job."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.backends.aws.pipelines.definition import PLACEHOLDERS, build_definition
from mlplatform.components.pipeline_problems import run_usd
from mlplatform.pipelines.forms import azureml, azureml_read, sagemaker_nodes
from mlplatform.pipelines.forms.sagemaker_steps import json_value
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

from ..planned import record_released
from . import example
from .fraud import Data, pipeline, platform, step
from .test_azureml import SERVICE, asked
from .test_forms import FORMS

SAYS = (
    "env | grep -E '^(MASTER|PET_|NODE_RANK|WORLD|TF_CONFIG)'; ls \"$1\"; "
    'echo "$0" >"$1/model/w.txt"; exit "${CODE:-0}"'
)


Done = subprocess.CompletedProcess[str]


def _run(tmp_path: Path, how: str, me: str, code: int = 0) -> tuple[Done, list[str]]:
    """A node of a job: what its program prints, its exit code, and what is left to be uploaded."""
    hosts = ("algo-2", "algo-10", "algo-1")
    folder, model = tmp_path / me, tmp_path / me / "model"
    model.mkdir(parents=True)
    config = folder / "resourceconfig.json"
    group = {"instance_group_name": "g", "instance_type": "ml.g5.xlarge", "hosts": sorted(hosts)}
    given = {"current_host": me, "instance_groups": [group], "hosts": hosts, "network_interface_name": "eth0"}
    config.write_text(json.dumps(given, indent=1), encoding="utf-8")
    script = sagemaker_nodes.LAUNCH.replace(sagemaker_nodes.CONFIG, str(config))
    script = script.replace(sagemaker_nodes.MODEL, str(model))
    words = [how, "4", "model", "scores", "--", "sh", "-c", SAYS, me, str(model)]
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *words],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "CODE": str(code)},
    )
    return done, sorted(str(file.relative_to(model)) for file in model.rglob("*.txt"))


def test_torchs_nodes_find_each_other_and_the_first_ones_files_are_kept(tmp_path: Path) -> None:
    seen: dict[str, dict[str, str]] = {}
    for me in ("algo-1", "algo-10", "algo-2"):
        done, left = _run(tmp_path, "torch", me)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.split()
        assert {"model", "scores"} <= set(lines), "its folders are there before the program"
        seen[me] = dict(line.split("=", 1) for line in lines if "=" in line)
        assert left == (["model/w.txt"] if me == "algo-1" else [])
    assert {each["MASTER_ADDR"] for each in seen.values()} == {"algo-1"}
    assert {each["PET_MASTER_ADDR"] for each in seen.values()} == {"algo-1"}
    assert [each["PET_NODE_RANK"] for each in seen.values()] == ["0", "1", "2"]
    assert [each["NODE_RANK"] for each in seen.values()] == ["0", "1", "2"]
    assert {(each["PET_NNODES"], each["WORLD_SIZE"], each["PET_NPROC_PER_NODE"]) for each in seen.values()} == {
        ("3", "3", "4")
    }


def test_tensorflow_gets_its_cluster(tmp_path: Path) -> None:
    done, _ = _run(tmp_path, "tensorflow", "algo-10")
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("TF_CONFIG="))
    found = json.loads(line.partition("=")[2])
    assert found["cluster"]["worker"] == ["algo-1:29500", "algo-10:29500", "algo-2:29500"]
    assert found["task"] == {"type": "worker", "index": 1}


@pytest.mark.parametrize("me", ["algo-1", "algo-2"])
def test_a_node_that_fails_fails_the_job(tmp_path: Path, me: str) -> None:
    done, _ = _run(tmp_path, "torch", me, code=7)
    assert done.returncode == 7


def test_a_job_of_one_node_has_its_folders_and_no_variables(tmp_path: Path) -> None:
    done, left = _run(tmp_path, "alone", "algo-1")
    assert done.stdout.split() == ["model", "scores"]
    assert left == ["model/w.txt"]


def test_a_node_that_nobody_names_does_not_start_alone(tmp_path: Path) -> None:
    done, _ = _run(tmp_path, "torch", "algo-7")
    assert done.returncode == 65
    assert "does not name algo-7" in done.stderr


def test_the_line_is_an_argument_that_sagemaker_takes() -> None:
    assert "\n" not in sagemaker_nodes.LAUNCH


def _gang(cloud: str = "aws", **changes: object) -> PlatformSpec:
    data = pipeline(cloud)
    data.pop("max_usd_per_run")
    step(data, "train").update(
        {"resources": {"vcpus": 8, "memory_gib": 32, "accelerator": "T4:4", "nodes": 2}, "distribution": "torch"}
    )
    step(data, "train").update(changes)
    return platform(cloud, pipelines=(data,)).on(cloud)


@pytest.mark.parametrize("distribution", ["torch", "tensorflow"])
def test_the_form_says_nodes_and_distribution(distribution: str) -> None:
    data = cast("Data", json.loads(json.dumps(example.PIPELINE)))
    step(data, "train").update({"resources": {"vcpus": 8, "memory_gib": 32, "nodes": 3}, "distribution": distribution})
    said = example.meaning(PipelineSpec.model_validate(data))
    form = FORMS["sagemaker"]
    document = form.load(form.text(said))
    assert form.read(document) == seen_of(said)
    (train,) = (each for each in document["Steps"] if each["Name"] == "train")
    given = train["Arguments"]["AlgorithmSpecification"]["ContainerArguments"]
    words = "".join(each[1:] for each in given if isinstance(each, str))
    assert f"sh{distribution}1model--python" in words
    bare = [{key: value for key, value in each.items() if key != "when"} for each in cast("list[Data]", data["steps"])]
    spec = PipelineSpec.model_validate({**data, "steps": bare})
    meaning = example.meaning(spec, "https://acme.blob.core.windows.net/acme")
    requests = json.loads(azureml.text(azureml.emit(meaning, SERVICE, "run-1")))
    assert azureml_read.read(requests, meaning.name, asked) == seen_of(meaning)


@pytest.mark.parametrize("distribution", ["mpi", "ray"])
def test_what_sagemaker_cannot_start_is_refused(distribution: str) -> None:
    (found,) = [
        each for each in discovery.backend("aws").problems(_gang(distribution=distribution)) if "steps" in each.path
    ]
    assert found.path.endswith(".distribution")
    assert "torch or tensorflow" in found.fix


def test_its_nodes_reach_each_other_by_a_group_of_their_own_and_are_paid() -> None:
    spec = _gang()
    backend = discovery.backend("aws")
    assert not backend.problems(spec)
    (one,) = _gang(resources={"vcpus": 8, "memory_gib": 32, "accelerator": "T4:4"}, distribution=None).pipelines
    usd = run_usd(backend, spec.targets[0], spec, spec.pipelines[0])
    before = run_usd(backend, spec.targets[0], spec, one)
    assert usd is not None
    assert before is not None
    assert usd > before + 4.0, "four hours of a further machine with four GPUs"
    made: Any = json_value(build_definition(backend, spec, spec.pipelines[0], PLACEHOLDERS))
    groups = {each["Name"]: _group(each["Arguments"]) for each in made["Steps"]}
    assert groups.pop("train") == ["group-of-the-workloads", "group-of-a-jobs-nodes"]
    assert set(map(tuple, groups.values())) == {("group-of-the-workloads",)}
    (train,) = (each["Arguments"] for each in made["Steps"] if each["Name"] == "train")
    assert train["ResourceConfig"]["InstanceCount"] == 2
    assert train["EnableInterContainerTrafficEncryption"] is True
    words = "".join(each[1:] for each in train["AlgorithmSpecification"]["ContainerArguments"] if isinstance(each, str))
    assert "shtorch4model--" in words, "four processes, one for each GPU"


def _group(job: dict[str, Any]) -> list[str]:
    return (job if "VpcConfig" in job else job["NetworkConfig"])["VpcConfig"]["SecurityGroupIds"]


@pytest.mark.thorough
def test_the_group_takes_traffic_of_its_own_members_alone() -> None:
    plan = record_released(_gang(), "aws")
    rules = [each for each in plan.steps if "fraud-retrain-nodes" in each.urn]
    assert len(rules) == 3
    assert all("cidrIpv4" not in each.inputs for each in rules)
