"""The layer inside the cluster: what it holds on each cloud, in which order, and how it is fed by the cloud's stack."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from mlplatform import ClusterSpec, GpuPoolSpec, NotebooksSpec, TrainingSpec
from mlplatform.cluster.charts.registry import UnknownValue, chart, chart_names, check_values
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import StorageClass
from mlplatform.components.backend import MissingExtra
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.labels import ACCELERATOR_LABEL
from mlplatform.plan.layers import layers_in, only_layers
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.plan.sources.assemble import plan_from_steps

from ..conftest import CLOUDS
from .conftest import LOGIN, POOLS, everything, small_spec

Layered = Callable[[str], Plan]


def _steps(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if step.urn.startswith("urn:pulumi:dev-") and "-cluster::" in step.urn]


def _objects(plan: Plan, kind: str) -> dict[str, Mapping[str, Any]]:
    steps = [step for step in _steps(plan) if step.type.endswith(f":{kind}")]
    return {cast("Any", step.inputs)["metadata"]["name"]: cast("Mapping[str, Any]", step.inputs) for step in steps}


def _releases(plan: Plan) -> dict[str, Mapping[str, Any]]:
    return {str(s.inputs["name"]): cast("Mapping[str, Any]", s.inputs) for s in _steps(plan) if "Release" in s.type}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_one_plan_has_both_layers_and_each_keeps_its_own_stack(cloud: str, layered: Layered) -> None:
    plan = layered(cloud)
    stacks = {step.urn.split("::")[0].removeprefix("urn:pulumi:") for step in plan.steps}
    assert stacks == {f"dev-{cloud}", f"dev-{cloud}-cluster"}
    assert plan.stack == f"dev-{cloud}"
    first_inner = next(index for index, step in enumerate(plan.steps) if "-cluster::" in step.urn)
    assert all("-cluster::" in step.urn for step in plan.steps[first_inner:])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_kubeconfig_comes_from_outputs_and_holds_no_secret(cloud: str, layered: Layered) -> None:
    (provider,) = [step for step in _steps(layered(cloud)) if step.type == "pulumi:providers:kubernetes"]
    config = json.loads(str(provider.inputs["kubeconfig"]))
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    assert cluster["server"].startswith("https://")
    assert set(user) == {"exec"}
    commands = {"aws": "aws", "gcp": "gke-gcloud-auth-plugin", "azure": "kubelogin"}
    assert user["exec"]["command"] == commands[cloud]
    assert "env" not in user["exec"], "environment values are stored in the state"
    assert ("certificate-authority-data" in cluster) == (cloud != "gcp"), "GKE's DNS endpoint has a public certificate"
    # otherwise a new address or authority replaces everything in the cluster
    assert provider.inputs["clusterIdentifier"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_stages_follow_each_other(cloud: str, layered: Layered) -> None:
    plan = layered(cloud)
    by_urn = {step.urn: step for step in plan.steps}
    spec = as_released(everything(cloud), (cloud,))
    items = {f"acme-ml-layer-{item.role}": item for item in layer_items(layer_context(spec, cloud))}
    for step in _steps(plan):
        item = items.get(step.name)
        if item is None:
            continue
        after = {by_urn[urn].name for urn in step.dependencies} & items.keys()
        own = {name for name in after if items[name].stage == item.stage}
        earlier = [each for each in items.values() if STAGES.index(each.stage) < STAGES.index(item.stage)]
        assert bool(after) == bool(own or earlier), step.name
        assert all(STAGES.index(items[name].stage) <= STAGES.index(item.stage) for name in after)
        # in a row within their stage, so that whatever is last has all of it before itself
        assert len(own) <= 1
        reached = _before(step, by_urn)
        assert {f"acme-ml-layer-{each.role}" for each in earlier} <= reached, step.name


def _before(step: Step, by_urn: Mapping[str, Step]) -> set[str]:
    """Names of everything that must be there before."""
    found: set[str] = set()
    waiting = list(step.dependencies)
    while waiting:
        urn = waiting.pop()
        if by_urn[urn].name not in found:
            found.add(by_urn[urn].name)
            waiting += by_urn[urn].dependencies
    return found


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_refused_deletion_walks_few_paths(cloud: str, layered: Layered) -> None:
    """Pulumi walks every path below what it could not delete, and the sizes of stages side by side multiply."""
    steps = {step.urn: step for step in _steps(layered(cloud))}
    paths: dict[str, int] = {}
    for step in steps.values():
        paths[step.urn] = 1 + sum(paths[urn] for urn in step.dependencies if urn in paths)
    # some 80 nanoseconds each; production's largest layer has one million
    assert max(paths.values()) < 20_000_000


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_claim_goes_before_its_volume(cloud: str, layered: Layered) -> None:
    """Where a team goes, and the rest stays, Pulumi orders deletions by direct dependencies alone."""
    steps = {step.name: step for step in _steps(layered(cloud))}
    pairs = [(name, name.replace("-volume-claim-", "-volume-")) for name in steps if "-layer-volume-claim-" in name]
    assert pairs
    for claim, volume in pairs:
        assert steps[volume].urn in steps[claim].dependencies


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_pool_has_a_flavor_that_selects_it_and_tolerates_its_taints(cloud: str, layered: Layered) -> None:
    flavors = _objects(layered(cloud), "ResourceFlavor")
    waited = {"flex": "16"} if cloud == "gcp" else {}
    assert len(flavors) == len(POOLS) + len(waited)
    for flavor in flavors.values():
        spec = flavor["spec"]
        tolerated = {(each["key"], each["value"], each["effect"]) for each in spec["tolerations"]}
        assert tolerated == {(taint["key"], taint["value"], taint["effect"]) for taint in spec["nodeTaints"]}
    (queue,) = _objects(layered(cloud), "ClusterQueue").values()
    (group,) = queue["spec"]["resourceGroups"]
    quotas = {each["name"].rpartition("-")[0]: each["resources"][0]["nominalQuota"] for each in group["flavors"]}
    assert quotas == {"shared": "16", "spot": "16", "big": "32", **waited}, (
        "devices of all nodes, times those that share one"
    )
    assert [each["name"].rpartition("-")[0] for each in group["flavors"]] == ["big", "shared", *waited, "spot"]


def test_new_nodes_of_one_job_are_not_spread_over_the_zones(layered: Layered) -> None:
    values = _releases(layered("aws"))["cluster-autoscaler"]["values"]
    assert values["extraArgs"]["balance-similar-node-groups"] is False
    pools = [step for step in layered("gcp").resources() if step.name.endswith(("-pool-big-pool", "-pool-spot-pool"))]
    assert [cast("Any", step.inputs)["autoscaling"]["locationPolicy"] for step in pools] == ["ANY", "ANY"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_volumes_are_encrypted_with_the_platforms_key(cloud: str, layered: Layered) -> None:
    (storage,) = _objects(layered(cloud), "StorageClass").values()
    names = {"aws": "kmsKeyId", "gcp": "disk-encryption-kms-key", "azure": "diskEncryptionSetID"}
    key = storage["parameters"][names[cloud]]
    assert {"aws": "arn:aws:kms:", "gcp": "projects/", "azure": "/subscriptions/"}[cloud] in key
    assert storage["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}


@pytest.mark.parametrize(("accelerator", "classes"), [("H100:8", 1), ("H200:8", 2), ("RTX-PRO-6000:1", 2)])
def test_machines_of_gke_that_take_no_persistent_disk_have_a_class_of_their_own(accelerator: str, classes: int) -> None:
    pool = GpuPoolSpec(name="gpu", accelerator=accelerator, max_nodes=1, capacity="spot")
    layer = layer_context(small_spec("gcp", training=TrainingSpec(pools=(pool,))), "gcp")
    made = [item.body for item in layer_items(layer) if isinstance(item.body, StorageClass)]
    assert [each.metadata.name for each in made] == ["mlplatform", "mlplatform-hyperdisk"][:classes]
    assert all(FromCloud("layer.volumesKey") in each.parameters.values() for each in made)
    assert [bool(each.metadata.annotations) for each in made] == [True, False][:classes], (
        "of two defaults the newest wins"
    )


def test_only_aws_gets_an_autoscaler_of_the_clusters_minor_and_only_azure_a_device_plugin(layered: Layered) -> None:
    own = {"airflow", "argo-workflows", "cert-manager", "external-secrets", "jupyterhub"}
    common = {*own, "jobset", "kubeflow-trainer", "kuberay-operator", "kueue"}
    assert _releases(layered("gcp")).keys() == common
    assert _releases(layered("aws")).keys() == common | {"cluster-autoscaler", "aws-efa-k8s-device-plugin"}
    assert _releases(layered("azure")).keys() == common | {"nvidia-device-plugin", "network-operator", "dcgm-exporter"}
    autoscaler = _releases(layered("aws"))["cluster-autoscaler"]["values"]
    assert autoscaler["image"]["tag"].startswith("v1.35.")
    clusters = layered("aws").of_type("aws:eks/cluster:Cluster")
    assert autoscaler["autoDiscovery"]["clusterName"] == clusters[0].inputs["name"]
    (bound,) = [
        step
        for step in layered("aws").of_type("PodIdentityAssociation")
        if step.inputs["serviceAccount"] == autoscaler["rbac"]["serviceAccount"]["name"]
    ]
    assert bound.inputs["namespace"] == "kube-system"


def test_the_device_plugin_runs_on_every_pool_and_knows_every_way_of_sharing(layered: Layered) -> None:
    values = _releases(layered("azure"))["nvidia-device-plugin"]["values"]
    assert values["tolerations"] == [{"operator": "Exists"}]
    terms = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (wanted,) = terms[0]["matchExpressions"]
    accelerated: set[str] = set()
    for pool in layered("azure").of_type("AgentPool"):
        labels = cast("Mapping[str, str]", pool.inputs["nodeLabels"])
        accelerated |= {labels[wanted["key"]]} if ACCELERATOR_LABEL in labels else set()
        if name := labels.get("nvidia.com/device-plugin.config"):
            # a label that names no entry makes the plugin fail again and again
            assert name in values["config"]["map"]
    assert values["config"]["default"] in values["config"]["map"]
    assert set(wanted["values"]) == accelerated, "every pool with GPUs, and no other"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_kueue_holds_the_jobs_of_every_engine_in_the_jobs_namespace_only(cloud: str, layered: Layered) -> None:
    text = _releases(layered(cloud))["kueue"]["values"]["managerConfig"]["controllerManagerConfigYaml"]
    config = json.loads(text)
    assert {"trainer.kubeflow.org/trainjob", "jobset.x-k8s.io/jobset", "ray.io/rayjob", "batch/job"} <= set(
        config["integrations"]["frameworks"]
    )
    (selected,) = config["managedJobsNamespaceSelector"]["matchExpressions"]
    # an add-on's namespace is none of them
    assert selected["values"] == ["pipelines", "training"]
    assert config["waitForPodsReady"]["timeout"] == "30m"
    # a limit of attempts would end a job for ever while spot machines are gone
    assert "backoffLimitCount" not in config["waitForPodsReady"]["requeuingStrategy"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_engine_that_is_not_asked_for_is_not_there(cloud: str) -> None:
    roles = {item.role for item in layer_items(layer_context(small_spec(cloud), cloud))}
    assert "release-trainer" in roles
    assert "release-ray" not in roles
    assert "namespace-kuberay-system" not in roles


def test_one_layer_can_be_planned_alone() -> None:
    spec = small_spec("gcp")
    plan = record(spec, "gcp", layer="cluster")
    assert plan.stack == "dev-gcp-cluster"
    assert not plan.of_type("gcp:container/cluster:Cluster")


def test_a_value_that_a_chart_does_not_have_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownValue, match=r"tolerance.*mean 'controllerManager.tolerations'"):
        check_values("kueue", {"controllerManager": {"tolerance": []}})
    check_values("kueue", {"controllerManager": {"tolerations": [{"operator": "Exists"}]}})
    check_values("cluster-autoscaler", {"extraArgs": {"expander": "least-waste"}})


@pytest.mark.parametrize("name", chart_names())
def test_a_chart_is_pinned_and_its_images_have_versions(name: str) -> None:
    pinned = chart(name)
    assert pinned.source.startswith("https://")
    assert "staging" not in pinned.repository
    assert pinned.images
    assert all(":" in image.rpartition("/")[2] and "staging" not in image for image in pinned.images)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_jobset_is_installed_once(cloud: str) -> None:
    items = layer_items(layer_context(small_spec(cloud), cloud))
    (trainer,) = [item.body for item in items if isinstance(item.body, ChartRelease) and "trainer" in item.body.chart]
    assert trainer.values["jobset"] == {"install": False}


def test_a_layer_without_a_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="training"):
        small_spec("aws", training=None)


def test_a_bare_cluster_has_no_layer_and_no_outputs_for_one() -> None:
    spec = small_spec("aws", cluster=None, training=TrainingSpec(pools=POOLS[:1]))
    plan = record(spec, "aws", resolve=True)
    assert not [step for step in plan.steps if "-cluster::" in step.urn]
    assert "layer" not in plan.outputs


def test_every_field_of_the_layer_changes_its_plan() -> None:
    def content(spec: ClusterSpec) -> object:
        return layer_items(layer_context(small_spec("gcp", cluster=spec), "gcp"))

    first = content(ClusterSpec())
    assert content(ClusterSpec(engines=("ray",))) != first
    assert content(ClusterSpec(pods_ready_minutes=45)) != first
    assert content(ClusterSpec(addons=("cert-manager",))) != first
    notebooks = content(ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep",))))
    assert notebooks != first
    assert content(ClusterSpec(notebooks=NotebooksSpec(login=LOGIN, pools=("prep",), vcpus=1))) != notebooks
    both = ClusterSpec(engines=("trainer", "ray"))
    assert content(both) == content(ClusterSpec(engines=("ray", "trainer"))), "their order says nothing"


def test_a_stack_alone_is_compared_with_its_own_layer(layered: Layered) -> None:
    plan = layered("gcp")
    inner, outer = only_layers(plan, {"cluster"}), only_layers(plan, {"cloud"})
    assert (inner.stack, outer.stack) == ("dev-gcp-cluster", "dev-gcp")
    assert len(inner.steps) + len(outer.steps) == len(plan.steps)
    assert (layers_in(inner), layers_in(outer), layers_in(plan)) == ({"cluster"}, {"cloud"}, {"cloud", "cluster"})
    # a preview or state of the inner stack names no cloud but in its name
    read = plan_from_steps(inner.steps, "state")
    assert (read.cloud, read.target, read.stack) == ("gcp", "gcp", "dev-gcp-cluster")
    assert layers_in(Plan("gcp", "p", "dev-gcp-cluster", ())) == {"cluster"}


def test_a_missing_sdk_is_named_with_the_extra_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_kubernetes", None)
    with pytest.raises(MissingExtra, match=r"pip install 'mlplatform\[kubernetes\]'"):
        record(small_spec("gcp"), "gcp", layer="cluster")
