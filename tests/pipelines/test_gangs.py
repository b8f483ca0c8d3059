"""Steps of several nodes on the training cluster: a JobSet with the fabric of its pool, and folders as archives."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.cluster.content import layer_context, layer_images, layer_items
from mlplatform.cluster.items import ChartRelease
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.pipelines.forms import argo_read
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from .fraud import Data, step
from .fraud import pipeline as fraud_pipeline
from .fraud import platform as managed_platform
from .in_cluster import CLUSTER, pipeline, platform
from .test_in_cluster import devices_of, store_of

Document: TypeAlias = "dict[str, Any]"
JOB_SET = "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet"


def gang_pipeline(accelerator: object = ("L4:1", "A10:1"), **changes: object) -> Data:
    """The example with two nodes for its training."""
    data = pipeline()
    resources = {"accelerator": accelerator, "vcpus": 2, "memory_gib": 8, "nodes": 2}
    step(data, "train").update({"resources": resources, "distribution": "torch", **changes})
    return data


def _template(spec: PlatformSpec) -> Document:
    items = {item.role: item.body for item in layer_items(layer_context(spec, spec.targets[0].name))}
    body = items["pipeline-fraud-retrain"]
    assert not isinstance(body, ChartRelease)
    return cast("Document", wire_object(body))


def _jobs(template: Document) -> Document:
    train = next(each for each in template["spec"]["templates"] if each["name"] == "step-train")
    return json.loads(train["resource"]["manifest"])


def _pod(jobs: Document) -> Document:
    return jobs["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_template_says_what_the_pipeline_means(cloud: str) -> None:
    spec = platform(cloud, gang_pipeline())
    assert discovery.backend(cloud).problems(spec) == ()
    found = _template(spec)
    assert argo_read.problems(found) == ()
    meaning = meaning_on(discovery.backend(cloud), spec, spec.pipelines[0])
    assert argo_read.read(found, store_of, devices_of) == seen_of(meaning)
    assert check_kubernetes_object("kubernetes:argoproj.io/v1alpha1:WorkflowTemplate", found) == []
    jobs = _jobs(found)
    # the name is Argo's to make, for each run another
    named = {**jobs, "metadata": {**jobs["metadata"], "name": "train-a1b2c"}}
    assert jobs["metadata"]["generateName"] == "train-"
    assert check_kubernetes_object(JOB_SET, named) == []


@pytest.mark.parametrize(("cloud", "asks"), [("aws", "vpc.amazonaws.com/efa"), ("gcp", ""), ("azure", "rdma/ib")])
def test_its_pods_are_whole_nodes_with_the_fabric_in_a_namespace_that_admits_them(cloud: str, asks: str) -> None:
    spec = platform(cloud, gang_pipeline("H100:8"))
    jobs = _jobs(_template(spec))
    pod, labels = _pod(jobs), jobs["metadata"]["labels"]
    (container,) = pod["containers"]
    assert labels["kueue.x-k8s.io/queue-name"] == "default"
    assert labels["kueue.x-k8s.io/max-exec-time-seconds"] == str(600 * 60 * 4)
    assert jobs["spec"]["failurePolicy"]["maxRestarts"] == 3
    assert container["resources"]["limits"]["nvidia.com/gpu"] == "8"
    assert not asks or asks in container["resources"]["limits"]
    assert pod["serviceAccountName"] == "pipelines"
    variables = {each["name"]: each.get("value") for each in container["env"]}
    assert variables["PET_NNODES"] == "2"
    assert variables["MASTER_ADDR"] == "$(JOBSET_NAME)-node-0-0.$(JOBSET_NAME)"
    # a variable is filled in from those before it
    assert list(variables).index("JOBSET_NAME") < list(variables).index("MASTER_ADDR")
    items = {item.role: item.body for item in layer_items(layer_context(spec, cloud))}
    space, role = items["namespace-pipelines"], items["role-steps-pipelines"]
    assert not isinstance(space, ChartRelease)
    assert not isinstance(role, ChartRelease)
    assert '"privileged"' in json.dumps(wire_object(space))
    assert "jobsets" in json.dumps(wire_object(role))


def test_images_in_the_text_are_copied_and_pulled_as_all_others() -> None:
    spec = platform(
        "azure", {**gang_pipeline(), "image": "docker.io/acme/train:7"}, cluster={**CLUSTER, "images": "platform"}
    )
    assert "docker.io/acme/train:7" in map(str, layer_images(layer_context(spec, "azure")))
    assert ".azurecr.io/copies/docker.io/acme/train:7" in _pod(_jobs(_template(spec)))["containers"][0]["image"]


def test_folders_come_as_archives_and_the_first_node_hands_them_on(tmp_path: Path) -> None:
    """The lines of shell around the program really run, with an archive as Argo makes it."""
    (container,) = _pod(_jobs(_template(platform("gcp", gang_pipeline()))))["containers"]
    words = [word.replace("{{workflow.name}}", "run-1") for word in container["command"]]
    words = [word.replace("/mnt/", f"{tmp_path}/mnt/").replace("/mlplatform/", f"{tmp_path}/own/") for word in words]
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\nmkdir -p "$2/deep"; cat "$1/rows.csv" >"$2/deep/model"\n', encoding="utf-8")
    program.chmod(0o755)
    runs = tmp_path / "mnt" / "pipelines" / "runs" / "fraud-retrain" / "run-1"
    (runs / "ingest").mkdir(parents=True)
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "rows.csv").write_text("1,2\n", encoding="utf-8")
    subprocess.run(["tar", "-czf", str(runs / "ingest" / "rows.tgz"), "-C", str(tmp_path), "rows"], check=True)
    start = words.index("step") + 1
    given = [str(program), f"{tmp_path}/own/inputs/rows", f"{tmp_path}/own/outputs/model"]
    for number in ("1", "0"):
        env = {**os.environ, "JOB_COMPLETION_INDEX": number}
        subprocess.run([*words[:start], *given], check=True, env=env)
        made = runs / "train" / "model.tgz"
        assert made.exists() == (number == "0")
    listed = subprocess.run(["tar", "-tzf", str(made)], check=True, capture_output=True, text=True).stdout.split()
    # one folder at the top, which Argo takes for the output
    assert {name.partition("/")[0] for name in listed} == {"model"}
    assert "model/deep/model" in listed


RAY = """#!/bin/sh
echo "$*" >>"$SEEN"
case "$1 $*" in
  health-check*) test ! -e "$SEEN.gone" ;;
  *--block*) if [ "$END" = head ]; then touch "$SEEN.gone"; fi; exit 1 ;;
esac
"""
"""Ends on a node where the head of the cluster goes, or by itself."""


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_step_is_a_cluster_of_ray_on_a_pool_of_cpus(cloud: str, tmp_path: Path) -> None:
    spec = platform(cloud, _ray_pipeline())
    assert discovery.backend(cloud).problems(spec) == ()
    found = _template(spec)
    meaning = meaning_on(discovery.backend(cloud), spec, spec.pipelines[0])
    assert argo_read.read(found, store_of, devices_of) == seen_of(meaning)
    pod = _pod(_jobs(found))
    (container,) = pod["containers"]
    assert "nvidia.com/gpu" not in json.dumps(container["resources"])
    (script,) = [word for word in container["command"] if "ray start" in word]
    lines = script[script.index("head=") : script.index("\nfi\n") + 4]
    (tmp_path / "ray").write_text(RAY, encoding="utf-8")
    (tmp_path / "ray").chmod(0o755)

    def run(number: str, end: str) -> tuple[int, str, str]:
        seen = tmp_path / f"seen-{number}-{end}"
        path = f"{tmp_path}:{os.environ['PATH']}"
        own = {"JOB_COMPLETION_INDEX": number, "MASTER_ADDR": "first", "SEEN": str(seen), "END": end, "PATH": path}
        command = ["sh", "-euc", f'{lines}"$@"', "step", "sh", "-c", "echo program at $RAY_ADDRESS"]
        done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, seen.read_text(encoding="utf-8")

    code, said, asked = run("0", "")
    assert (code, said) == (0, "program at first:6379\n")
    assert "start --head --port=6379 --num-cpus=2" in asked
    code, said, asked = run("1", "head")
    assert (code, said) == (0, "")
    assert "start --address=first:6379 --num-cpus=2" in asked
    # a node that is lost alone: all of them start again
    assert run("1", "itself")[0] != 0


def _ray_pipeline() -> Data:
    data = pipeline()
    step(data, "train").update({"resources": {"vcpus": 2, "memory_gib": 8, "nodes": 2}, "distribution": "ray"})
    return data


def test_ray_is_refused_where_the_cloud_runs_the_steps() -> None:
    for cloud in CLOUDS:
        data = fraud_pipeline(cloud)
        step(data, "train").update({"resources": {"vcpus": 8, "memory_gib": 32, "nodes": 2}, "distribution": "ray"})
        spec = managed_platform(cloud, pipelines=(data,))
        problems = discovery.backend(cloud).problems(spec.on(cloud))
        assert any("set engine to cluster" in str(problem) for problem in problems), cloud


def _refused(data: Data, **changes: object) -> str:
    with pytest.raises(ValidationError) as error:
        platform("aws", data, **changes)
    return str(error.value)


def test_what_several_nodes_cannot_do_is_refused() -> None:
    assert "set engine to cluster" in _refused({**gang_pipeline(), "engine": "airflow"})
    assert "torch, tensorflow or ray" in _refused(gang_pipeline(distribution="mpi"))
    assert "add {place: pipelines} to cluster.mounts" in _refused(
        gang_pipeline(checkpoint=False, command=["train", "{{inputs.rows}}", "{{outputs.model}}"]),
        cluster={**CLUSTER, "mounts": []},
    )
    spread = pipeline()
    step(spread, "evaluate").update(resources={"nodes": 2}, distribution="torch")
    assert "let a step after it write the metrics" in _refused(spread)
    part = platform("aws", gang_pipeline("H100:4"))
    assert any("whole machines" in str(problem) for problem in discovery.backend("aws").problems(part))
