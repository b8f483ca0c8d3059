"""An existing shared file system: its driver on the nodes, a claim in each namespace, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest
from pydantic import ValidationError

from mlplatform import AzureFileSystem, ClusterSpec, MountSpec, NetworkSpec, PlatformSpec, TeamSpec, discovery
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JobMount, JobRequest
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.spec.problem import Problem

from ..capabilities.field_cases import FILE_SYSTEMS
from ..conftest import CLOUDS
from .conftest import TARGETS, small_spec

JOB = JobRequest(
    name="llm",
    pool="big",
    image="acme.example/train:1.4",
    command=("python", "train.py"),
    kind="jobset",
    mounts=(JobMount(place="shared"),),
)


def _spec(cloud: str, **changes: object) -> PlatformSpec:
    named = {field: values[0] for field, values in FILE_SYSTEMS[cloud].items()}
    layer = ClusterSpec(mounts=(MountSpec(place="data"),), teams=(TeamSpec("fraud", quota={"spot": 2}),))
    spec = small_spec(cloud, **{"cluster": layer, **changes})
    return spec.overlay(targets=(TARGETS[cloud].overlay(shared_file_system=named),))


def _problems(spec: PlatformSpec) -> list[Problem]:
    cloud = spec.targets[0].cloud
    return list(discovery.backend(cloud).problems(spec.on(cloud)))


@cache
def _layer(cloud: str) -> LayerContext:
    return layer_context(_spec(cloud), cloud)


def _bodies(cloud: str) -> list[dict[str, Any]]:
    bodies = (item.body for item in layer_items(_layer(cloud)))
    return [cast("dict[str, Any]", wire_object(body)) for body in bodies if isinstance(body, KubeObject)]


def _of(cloud: str, kind: str) -> dict[str, Mapping[str, Any]]:
    return {
        f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}": body["spec"]
        for body in _bodies(cloud)
        if body["kind"] == kind
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_namespace_of_jobs_has_a_claim_of_it(cloud: str) -> None:
    claims, volumes = _of(cloud, "PersistentVolumeClaim"), _of(cloud, "PersistentVolume")
    handles = set[str]()
    for namespace in ("training", "team-fraud"):
        claim = claims[f"{namespace}/shared"]
        volume = volumes[f"/{claim['volumeName']}"]
        assert claim["accessModes"] == volume["accessModes"] == ["ReadWriteMany"]
        assert volume["claimRef"] == {"name": "shared", "namespace": namespace}
        handles.add(volume["csi"]["volumeHandle"])
        match cloud:
            case "aws":
                name = "fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com"
                assert volume["csi"]["volumeAttributes"] == {"dnsname": name, "mountname": "abcdbev"}
            case "gcp":
                assert volume["csi"]["volumeAttributes"] == {"ip": "10.9.0.4", "filesystem": "lfs"}
            case _:
                assert volume["csi"]["volumeAttributes"] == {"mgs-ip-address": "10.9.0.4"}
    assert len(handles) == 2
    for body in _bodies(cloud):
        api = body["apiVersion"]
        token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{body['kind']}"
        known = cast("dict[str, Any]", resolve(cast("Any", body), lambda wanted: wanted.output))
        assert not check_kubernetes_object(token, known), body


@pytest.mark.parametrize("cloud", CLOUDS)
def test_another_file_system_is_another_volume_beside_the_first(cloud: str) -> None:
    """One that is claimed can neither be changed nor deleted first, so that `up` would wait until it fails."""

    def volume(which: int) -> tuple[str, str, str]:
        named = {field: values[which] for field, values in FILE_SYSTEMS[cloud].items()}
        spec = _spec(cloud).overlay(targets=(TARGETS[cloud].overlay(shared_file_system=named),))
        (item,) = (each for each in layer_items(layer_context(spec, cloud)) if each.role == "volume-training-shared")
        body = cast("dict[str, Any]", wire_object(cast("KubeObject", item.body)))
        return item.role, body["metadata"]["name"], body["spec"]["csi"]["volumeHandle"]

    (role, *first), (other_role, *second) = volume(0), volume(1)
    assert role == other_role
    assert not set(first) & set(second)


def test_aks_gets_the_driver_for_both_releases_of_ubuntu_whatever_the_taints() -> None:
    (driver,) = _of("azure", "CSIDriver")
    assert driver == "/azurelustre.csi.azure.com"
    daemons = {name: spec for name, spec in _of("azure", "DaemonSet").items() if name.startswith("lustre/")}
    assert daemons.keys() == {"lustre/azurelustre-jammy", "lustre/azurelustre-noble"}
    for name, spec in daemons.items():
        pod = spec["template"]["spec"]
        assert pod["tolerations"] == [{"operator": "Exists"}]
        assert pod["containers"][1]["image"].endswith(f":v0.4.0-{name.rpartition('-')[2]}")
        (kubelet,) = (each for each in pod["containers"][1]["volumeMounts"] if each["name"] == "kubelet")
        # a mount that stays in the daemon's own container reaches no job
        assert kubelet["mountPropagation"] == "Bidirectional"
    assert not [each for each in _bodies("aws") + _bodies("gcp") if each["kind"] == "CSIDriver"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_job_mounts_it_where_its_nodes_can(cloud: str) -> None:
    layer = _layer(cloud)
    assert not job_problems(layer, JOB)
    body = cast("dict[str, Any]", wire_object(job_objects(layer, JOB)[0]))
    pod = body["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
    assert pod["volumes"][-1] == {"name": "shared", "persistentVolumeClaim": {"claimName": "shared"}}
    assert pod["containers"][0]["volumeMounts"][-1] == {"name": "shared", "mountPath": "/mnt/shared"}
    problems = [each for each in job_problems(layer, replace(JOB, pool="prep")) if each.where == "--mount"]
    # CPU pools have secure boot on these, and FSx needs no module that is not in the image
    assert bool(problems) == (cloud != "aws")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_plan_says_what_its_owner_must_provide(cloud: str) -> None:
    layer = _layer(cloud)
    (note,) = (note for note in layer_notes(layer, ()) if note.path.endswith(".shared_file_system"))
    assert "988" in note.text
    bare = layer_context(small_spec(cloud), cloud)
    assert not [note for note in layer_notes(bare, ()) if "file_system" in note.path]
    assert "a target that names" in job_problems(bare, JOB)[0].expected


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_a_layer_it_is_refused(cloud: str) -> None:
    (problem,) = _problems(_spec(cloud, cluster=None))
    assert problem.path.endswith(".shared_file_system")


@pytest.mark.parametrize("address", ["8.8.8.8", "10.9.0", "10.9.0.4/32", "fs.example", ""])
def test_an_address_is_a_private_one(address: str) -> None:
    with pytest.raises(ValidationError, match="a private network"):
        AzureFileSystem(address=address)


def test_what_a_cloud_cannot_mount_is_refused() -> None:
    problems = _problems(_spec("azure", network=NetworkSpec(nat="none")))
    (problem,) = (each for each in problems if each.path.endswith(".shared_file_system"))
    assert "packages.microsoft.com" in problem.expected
    target = TARGETS["gcp"].overlay(
        shared_file_system={
            "instance": "projects/acme-ml/locations/us-west1-a/instances/scratch",
            "address": "10.9.0.4",
            "filesystem": "lfs",
        }
    )
    (problem,) = _problems(_spec("gcp").overlay(targets=(target,)))
    assert "us-central1" in problem.expected
