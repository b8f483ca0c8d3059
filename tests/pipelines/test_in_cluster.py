"""Pipelines on the training cluster: what the layer has for them, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias, cast

import pytest
import yaml
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.cluster.content import layer_context, layer_images, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.components.imagined_releases import as_released
from mlplatform.pipelines.forms import airflow_read, argo_read
from mlplatform.pipelines.forms.seen import seen_of
from mlplatform.pipelines.meaning import FromStore
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.render.pipelines.files import pod_forms
from mlplatform.spec.artifact_store import Place

from ..conftest import CLOUDS
from .fraud import Data, step
from .in_cluster import CLUSTER, CPU_POOLS, on_cluster, pipeline, platform

Document: TypeAlias = "dict[str, Any]"


@cache
def _items(cloud: str) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(on_cluster(cloud), cloud))}


def _object(cloud: str, role: str) -> Document:
    body = _items(cloud)[role].body
    assert not isinstance(body, ChartRelease)
    return cast("Document", wire_object(body))


def store_of(artifact: Mapping[str, Any]) -> str:
    """The address of a folder that an artefact names."""
    match artifact:
        case {"s3": place}:
            return f"s3://{place['bucket']}/{place['key']}/"
        case {"gcs": place}:
            return f"gs://{place['bucket']}/{place['key']}"
        case {"azure": place}:
            return f"{place['endpoint']}/{place['container']}/{place['blob']}"
    raise AssertionError(artifact)


def devices_of(container: Mapping[str, Any]) -> str | None:
    """The accelerators of a container, as the example writes them."""
    count = container["resources"].get("limits", {}).get("nvidia.com/gpu")
    return f"L4:{count}" if count else None


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_template_says_what_the_pipeline_means(cloud: str) -> None:
    spec = on_cluster(cloud)
    found = _object(cloud, "pipeline-fraud-retrain")
    assert argo_read.problems(found) == ()
    meaning = meaning_on(discovery.backend(cloud), spec, spec.pipelines[0])
    assert argo_read.read(found, store_of, devices_of) == seen_of(meaning)
    assert check_kubernetes_object("kubernetes:argoproj.io/v1alpha1:WorkflowTemplate", found) == []


@pytest.mark.parametrize("engine", ["cluster", "airflow"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_example_is_accepted(cloud: str, engine: str) -> None:
    assert discovery.backend(cloud).problems(on_cluster(cloud, engine)) == ()


@pytest.mark.parametrize("engine", ["cluster", "airflow"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_step_reads_the_released_model_where_it_is(cloud: str, engine: str) -> None:
    endpoints = [{"name": "fraud-scorer", "model": "fraud/3"}]
    spec = as_released(platform(cloud, pipeline(engine), endpoints=endpoints), (cloud,))
    (file,) = pod_forms(spec, spec.pipelines[0])
    meaning = meaning_on(discovery.backend(cloud), spec, spec.pipelines[0])
    if engine == "airflow":
        path = airflow_read.load(file.text)["tasks"]["evaluate"]["reads"]["released"]
        place = discovery.backend(cloud).models_uri(spec)
        assert FromStore(f"{place}{path.removeprefix('/mnt/models')}/") == meaning.task("evaluate").inputs["released"]
    else:
        assert argo_read.read(yaml.safe_load(file.text), store_of, devices_of) == seen_of(meaning)
    assert "--version=3" in file.text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_step_is_a_pod_of_its_pool_in_the_queue_with_the_identity_of_pipelines(cloud: str) -> None:
    templates = {each["name"]: each for each in _object(cloud, "pipeline-fraud-retrain")["spec"]["templates"]}
    train, ingest = templates["step-train"], templates["step-ingest"]
    assert train["nodeSelector"]["mlplatform.dev/pool"] == "small"
    assert ingest["nodeSelector"]["mlplatform.dev/pool"] == "general"
    account = _object(cloud, "account-pipelines-pipelines")["metadata"]
    for each in (train, ingest):
        assert each["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "default"
        assert each["serviceAccountName"] == account["name"] == account["namespace"] == "pipelines"
    # it goes on from what it saved, in a folder that the identity writes
    claims = [
        each["persistentVolumeClaim"]["claimName"] for each in train["volumes"] if "persistentVolumeClaim" in each
    ]
    assert claims == ["store-pipelines"]
    assert _object(cloud, "volume-claim-pipelines-pipelines")["spec"]["accessModes"] == ["ReadWriteMany"]
    assert any(
        "/mnt/pipelines/fraud-retrain/checkpoints/train/{{workflow.name}}" in word
        for word in train["container"]["args"]
    )
    # an image's own user cannot make folders at the root
    mounted = {each["mountPath"] for each in train["container"]["volumeMounts"]}
    assert "/mlplatform/outputs" in mounted


@pytest.mark.parametrize("cloud", CLOUDS)
def test_airflows_file_says_what_the_pipeline_means(cloud: str) -> None:
    spec, backend = on_cluster(cloud, "airflow"), discovery.backend(cloud)
    (file,) = pod_forms(spec, spec.pipelines[0])
    found = airflow_read.load(file.text)
    assert airflow_read.problems(found) == ()
    places: dict[str, Place] = {"/mnt/data": "data", "/mnt/pipelines": "pipelines"}

    def store(path: str) -> str:
        head = next(each for each in places if path.startswith(each))
        return f"{backend.place_uri(spec, places[head])}{path.removeprefix(head)}/"

    seen = airflow_read.read(found, store, lambda pod: devices_of(pod["spec"]["containers"][0]))
    assert seen == seen_of(meaning_on(backend, spec, spec.pipelines[0]))
    pod = found["tasks"]["ingest"]["pod"]["spec"]
    assert pod["serviceAccountName"] == "pipelines"
    # what a pod sees as a folder, the layer has in its namespace
    claims = {each["persistentVolumeClaim"]["claimName"] for each in pod["volumes"] if "persistentVolumeClaim" in each}
    assert claims == {"store-data", "store-pipelines"}
    roles = {item.role for item in layer_items(layer_context(spec, cloud))}
    assert {"volume-claim-pipelines-data", "volume-claim-pipelines-pipelines", "role-pipelines-airflow"} <= roles


def test_the_queue_of_the_platform_admits_the_namespace_of_steps() -> None:
    queue = _object("aws", "queue-acme-ml")["spec"]["namespaceSelector"]["matchExpressions"][0]
    assert queue["values"] == ["training", "pipelines"]
    kueue = _items("aws")["release-kueue"].body
    assert isinstance(kueue, ChartRelease)
    assert '"pipelines"' in str(kueue.values["managerConfig"])


def test_a_template_comes_after_its_kind() -> None:
    items = _items("gcp")
    stages = [STAGES.index(items[role].stage) for role in ("release-argo-workflows", "pipeline-fraud-retrain")]
    assert stages == sorted(set(stages))


def test_a_step_on_a_pool_with_a_fabric_has_its_devices_and_none_of_the_fabrics_rights() -> None:
    changed = pipeline()
    step(changed, "train")["resources"] = {"accelerator": "H100:8", "vcpus": 8, "memory_gib": 32}
    layer = layer_context(platform("gcp", changed), "gcp")
    found = next(item.body for item in layer_items(layer) if item.role == "pipeline-fraud-retrain")
    assert not isinstance(found, ChartRelease)
    text = str(wire_object(found))
    assert "'nvidia.com/gpu': '8'" in text
    assert "IPC_LOCK" not in text
    assert "resourceClaims" not in text


def test_images_of_steps_are_pulled_as_those_of_the_layer_are() -> None:
    layer = layer_context(
        platform("azure", pipeline(image="docker.io/acme/train:7"), cluster={**CLUSTER, "images": "platform"}), "azure"
    )
    assert "docker.io/acme/train:7" in map(str, layer_images(layer))
    found = next(item.body for item in layer_items(layer) if item.role == "pipeline-fraud-retrain")
    assert not isinstance(found, ChartRelease)
    assert ".azurecr.io/copies/docker.io/acme/train:7" in str(wire_object(found))


def _refused(**changes: object) -> str:
    data = cast("Data", changes.pop("data", None) or pipeline())
    with pytest.raises(ValidationError) as error:
        platform("aws", data, **changes)
    return str(error.value)


def _changed(name: str, engine: str = "cluster", **values: object) -> Data:
    data = pipeline(engine)
    step(data, name).update(values)
    return data


def test_what_pods_cannot_do_is_refused_with_place_and_fix() -> None:
    assert "steps.0.cache_days" in _refused(data=_changed("ingest", cache_days=3)).replace("[", ".").replace("]", "")
    assert "add {place: pipelines} to cluster.mounts" in _refused(cluster={**CLUSTER, "mounts": []})
    assert "write for example training" in _refused(access={"training_namespace": "pipelines"})
    unmounted = _refused(data=pipeline("airflow"), cluster={**CLUSTER, "mounts": [{"place": "pipelines"}]})
    assert "add {place: data} to cluster.mounts" in unmounted
    # the released model is one of its folders
    assert "add {place: models} to cluster.mounts" in unmounted
    worm = {"pipelines": {"worm": {"days": 30}}}
    assert "takes files" in _refused(artifact_store=worm)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"vcpus": 16, "memory_gib": 8}, "vCPUs and"),
        ({"vcpus": 2, "memory_gib": 64}, "GiB for jobs"),
        ({"vcpus": 2, "memory_gib": 8, "disk_gib": 90}, "images and logs need half"),
        ({"vcpus": 2, "memory_gib": 8, "accelerator": ["L4:4", "A10:4"]}, "with 1 accelerators"),
    ],
)
def test_a_step_that_no_node_has_room_for_is_refused(asked: Data, said: str) -> None:
    spec = platform("azure", _changed("shape", resources=asked))
    assert any(said in str(problem) for problem in discovery.backend("azure").problems(spec))


def test_a_step_that_the_queue_never_admits_is_refused() -> None:
    """Both nodes of the pool are a team's: it lends none, then one."""
    teams = [{"name": "fraud", "quota": {"small": 2}, "lend": {"small": 0}}]
    spec = platform("azure", pipeline(), cluster={**CLUSTER, "teams": teams})
    assert any("at most 0" in str(problem) for problem in discovery.backend("azure").problems(spec))
    teams[0]["lend"] = {"small": 1}
    spec = platform("azure", pipeline(), cluster={**CLUSTER, "teams": teams})
    assert discovery.backend("azure").problems(spec) == ()


@pytest.mark.parametrize(("minutes", "refused"), [(60, False), (90, True)])
def test_a_step_longer_than_the_machines_of_its_pool_is_refused(minutes: int, refused: bool) -> None:
    pool = {"name": "flex", "accelerator": "H100:8", "max_nodes": 2, "capacity": "flex-start", "max_run_hours": 2}
    resources = {"accelerator": "H100:8", "pool": "flex"}
    data = _changed("train", resources=resources, timeout_minutes=minutes)
    spec = platform("gcp", data, training={"pools": [pool], "cpu_pools": CPU_POOLS})
    found = [
        problem for problem in discovery.backend("gcp").problems(spec) if "machines of pool flex end" in str(problem)
    ]
    assert bool(found) == refused
