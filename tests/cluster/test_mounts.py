"""Places of the store as folders of jobs: by the identity of each namespace, and writable only where it may write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest

from mlplatform import ArtifactStoreSpec, ClusterSpec, MountSpec, PlaceSpec, PlatformSpec, TeamSpec, WormSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.problems import job_problems
from mlplatform.cluster.jobs.request import JOB_KINDS, JobKind, JobMount, JobRequest
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.plan.model import Plan
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.spec.mounts import MOUNT_PLACES

from ..conftest import CLOUDS
from .conftest import TARGETS, small_spec

VOLUME, CLAIM = "kubernetes:core/v1:PersistentVolume", "kubernetes:core/v1:PersistentVolumeClaim"
EXISTING: dict[str, dict[str, object]] = {
    "aws": {"store": {"buckets": {"pipelines": {"name": "lake"}}}},
    "gcp": {"store": {"buckets": {"pipelines": "lake"}}},
    "azure": {
        "store": {
            "containers": {
                "pipelines": {
                    "account_id": "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg/providers/"
                    "Microsoft.Storage/storageAccounts/lake",
                    "name": "jobs",
                }
            }
        }
    },
}
JOB = JobRequest(
    name="llm",
    pool="spot",
    image="acme.example/train:1.4",
    command=("python", "train.py"),
    mounts=(JobMount(place="data"), JobMount(place="pipelines"), JobMount(place="models", read_only=True)),
)


def _spec(cloud: str, **changes: object) -> PlatformSpec:
    layer = ClusterSpec(
        engines=("trainer", "ray"),
        mounts=tuple(MountSpec(place=place) for place in MOUNT_PLACES),
        teams=(TeamSpec("fraud", quota={"spot": 2}),),
    )
    return small_spec(cloud, cluster=layer, **changes)


@cache
def _layer(cloud: str) -> LayerContext:
    return layer_context(_spec(cloud), cloud)


def _bodies(layer: LayerContext, kind: str) -> dict[str, dict[str, Any]]:
    items = (item for item in layer_items(layer) if isinstance(item.body, KubeObject) and kind == item.body.KIND)
    found = (cast("dict[str, Any]", wire_object(cast("KubeObject", item.body))) for item in items)
    return {f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}": body for body in found}


def _pods(cloud: str, kind: JobKind, request: JobRequest = JOB) -> Iterator[Mapping[str, Any]]:
    """The pods of a job with the folders, or what Trainer adds to the runtime's."""
    body = cast("dict[str, Any]", wire_object(job_objects(_layer(cloud), replace(request, kind=kind))[0]))
    spec = body["spec"]
    match kind:
        case "torch" | "tensorflow":
            (patch,) = spec["runtimePatches"]
            (job,) = patch["trainingRuntimeSpec"]["template"]["spec"]["replicatedJobs"]
            assert (patch["manager"], job["name"]) == ("mlplatform.dev/job", "node")
            yield job["template"]["spec"]["template"]
        case "jobset":
            yield spec["replicatedJobs"][0]["template"]["spec"]["template"]
        case "sweep":
            yield spec["template"]
        case "ray":
            cluster = spec["rayClusterSpec"]
            yield cluster["headGroupSpec"]["template"]
            yield cluster["workerGroupSpecs"][0]["template"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_namespace_has_a_claim_of_each_place_and_writes_where_its_identity_may(cloud: str) -> None:
    volumes, claims = _bodies(_layer(cloud), "PersistentVolume"), _bodies(_layer(cloud), "PersistentVolumeClaim")
    assert claims.keys() == {f"{space}/store-{place}" for space in ("training", "team-fraud") for place in MOUNT_PLACES}
    writable = {"training/store-features", "training/store-pipelines"}
    writable.add("team-fraud/store-pipelines")
    for name, claim in claims.items():
        volume = volumes[f"/{claim['spec']['volumeName']}"]
        kept = volume["spec"]["claimRef"]
        assert f"{kept['namespace']}/{kept['name']}" == name
        modes = ["ReadWriteMany"] if name in writable else ["ReadOnlyMany"]
        assert volume["spec"]["accessModes"] == claim["spec"]["accessModes"] == modes
        # the mount itself refuses too, and not only the identity: an error at once, and not at the end of a run
        own = {
            "prefix checkpoints/team-fraud/",
            "only-dir=checkpoints/team-fraud",
            "--subdirectory=checkpoints/team-fraud",
        }
        # of what teams write, a team's identity sees its own folder
        assert bool(own & set(volume["spec"]["mountOptions"])) == (name == "team-fraud/store-pipelines")
        read_only = {"read-only", "ro", "-o ro"} & set(volume["spec"]["mountOptions"])
        assert bool(read_only) == (name not in writable)
        # a class would be given to a claim that names none, and such a claim never fits
        assert claim["spec"]["storageClassName"] == volume["spec"]["storageClassName"] == ""
    handles = [str(volume["spec"]["csi"]["volumeHandle"]) for volume in volumes.values()]
    assert len(set(handles)) == len(handles) == len(claims)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_write_once_place_is_read_only_and_the_plan_says_so(cloud: str) -> None:
    store = ArtifactStoreSpec(models=PlaceSpec(worm=WormSpec(days=30)))
    layer = layer_context(_spec(cloud, artifact_store=store), cloud)
    claims = _bodies(layer, "PersistentVolumeClaim")
    assert claims["training/store-models"]["spec"]["accessModes"] == ["ReadOnlyMany"]
    assert claims["training/store-features"]["spec"]["accessModes"] == ["ReadWriteMany"]
    assert any(note.path == "cluster.mounts[2].place" for note in layer_notes(layer, ()))


@pytest.mark.parametrize("kind", JOB_KINDS)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_job_of_every_kind_has_the_folders_that_it_asks_for(cloud: str, kind: JobKind) -> None:
    assert not job_problems(_layer(cloud), replace(JOB, kind=kind))
    for pod in _pods(cloud, kind):
        volumes = {each["name"]: each for each in pod["spec"]["volumes"]}
        mounts = {each["name"]: each for each in pod["spec"]["containers"][0]["volumeMounts"]}
        for place, read_only in (("data", True), ("pipelines", None), ("models", True)):
            name = f"store-{place}"
            assert volumes[name]["persistentVolumeClaim"].get("readOnly") is read_only
            assert mounts[name]["mountPath"] == f"/mnt/{place}"
            assert mounts[name].get("readOnly") is read_only
        annotations = pod.get("metadata", {}).get("annotations", {})
        # without it GKE's webhook adds no container that serves the folder, and the pod never starts
        assert (annotations.get("gke-gcsfuse/volumes") == "true") == (cloud == "gcp")
    for body in job_objects(_layer(cloud), replace(JOB, kind=kind)):
        api = body.API if "/" in body.API else f"core/{body.API}"
        wire = cast("dict[str, Any]", wire_object(body))
        assert not check_kubernetes_object(f"kubernetes:{api}:{body.KIND}", wire)


def test_a_team_reads_what_the_platforms_own_jobs_write() -> None:
    request = replace(JOB, team="fraud", mounts=(JobMount(place="models"),))
    (pod,) = _pods("aws", "jobset", request)
    assert pod["spec"]["volumes"][-1]["persistentVolumeClaim"]["readOnly"] is True


def test_places_that_are_not_mounted_are_refused() -> None:
    def problems(*mounts: JobMount) -> list[str]:
        return [str(each) for each in job_problems(layer, replace(JOB, mounts=mounts))]

    spec = small_spec("aws", cluster=ClusterSpec(mounts=(MountSpec(place="data"),)))
    layer = layer_context(spec, "aws")
    assert not problems(JobMount(place="data"))
    assert "'data' twice" in problems(JobMount(place="data"), JobMount(place="data", read_only=True))[0]
    assert "add {place: models} to cluster.mounts" in problems(JobMount(place="models"))[0]
    assert "use data" in problems(JobMount(place="date"))[0]
    assert "one of the mounted places: data" in problems(JobMount(place="monitoring"))[0]
    big = layer_context(small_spec("aws", cluster=ClusterSpec(mounts=(MountSpec(place="data", cache_gib=101),))), "aws")
    (problem,) = job_problems(big, replace(JOB, mounts=(JobMount(place="data"),)))
    assert "at most half of the disk of a node of spot, 200 GiB" in problem.expected
    # without any, a job changes nothing of its runtime
    bare = cast("dict[str, Any]", wire_object(job_objects(layer, replace(JOB, mounts=()))[0]))
    assert "runtimePatches" not in bare["spec"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_checkpoints_are_in_the_existing_place_that_the_target_names(cloud: str) -> None:
    target = TARGETS[cloud].overlay(existing=EXISTING[cloud])
    layer = layer_context(_spec(cloud).overlay(targets=(target,)), cloud)
    (job, *_) = job_objects(layer, replace(JOB, kind="jobset"))
    body = cast("dict[str, Any]", wire_object(job))
    env = body["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]["containers"][0]["env"]
    (checkpoints,) = (each["value"] for each in env if each["name"] == "CHECKPOINT_DIR")
    assert checkpoints.partition("://")[2].startswith(("lake/checkpoints", "jobs@lake."))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_place_that_moves_is_another_volume_under_the_same_claim(cloud: str) -> None:
    target = TARGETS[cloud].overlay(existing=EXISTING[cloud])
    moved = _bodies(layer_context(_spec(cloud).overlay(targets=(target,)), cloud), "PersistentVolumeClaim")
    first = _bodies(_layer(cloud), "PersistentVolumeClaim")
    changed = {name for name in first if first[name] != moved[name]}
    assert changed == {"training/store-pipelines", "team-fraud/store-pipelines"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_plan_of_both_stacks_has_driver_place_and_identity(cloud: str, layered: Callable[[str], Plan]) -> None:
    plan = layered(cloud)
    sources = {
        str(cast("Any", step.inputs)["spec"]["claimRef"]["name"]): cast("Any", step.inputs)["spec"]["csi"]
        for step in plan.steps
        if step.type == VOLUME
    }
    assert sources.keys() == {"shared", "store-data", "store-pipelines"}
    # another place is a volume beside the first, which goes once the claim is another one
    for step in plan.steps:
        if step.type == VOLUME:
            assert not step.delete_before_replace
        elif step.type == CLAIM:
            assert step.delete_before_replace
            assert "spec.volumeName" in step.replace_on_changes
    data = sources["store-data"]
    match cloud:
        case "aws":
            (addon,) = (step for step in plan.steps if step.inputs.get("addonName") == "aws-mountpoint-s3-csi-driver")
            assert addon.inputs["configurationValues"] == '{"node":{"tolerateAllTaints":true}}'
            # without a role of its own, and with the pod's
            assert not addon.inputs.get("podIdentityAssociations")
            assert data["volumeAttributes"]["authenticationSource"] == "pod"
            assert "-data-" in data["volumeAttributes"]["bucketName"]
        case "gcp":
            bucket, _, namespace = data["volumeHandle"].partition(":")
            assert "-data" in bucket
            assert namespace == "training"
        case _:
            assert data["volumeAttributes"]["containerName"] == "data"
            assert data["volumeAttributes"]["mountWithWorkloadIdentityToken"] == "true"
            assert len(data["volumeAttributes"]["clientID"]) == 36
