"""What makes devices and fabric usable on each cloud: who brings it, where it runs, and what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast
from xml.etree import ElementTree

import pytest

from mlplatform import AwsTarget, ClusterSpec, GpuPoolSpec, MonitoringSpec, TaintSpec, TrainingSpec
from mlplatform.cluster.charts.registry import chart
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease
from mlplatform.cluster.objects.kueue import ClusterQueue
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.plan.model import Plan

from .conftest import small_spec


def _values(cloud: str, chart: str, **changes: object) -> Mapping[str, Any]:
    """Values of a chart of the layer; a layer without it has none."""
    items = layer_items(layer_context(small_spec(cloud, **changes), cloud))
    bodies = (item.body for item in items)
    found = [body for body in bodies if isinstance(body, ChartRelease) and body.chart == chart]
    return cast("Mapping[str, Any]", found[0].values) if found else {}


def _pools(*pools: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=pools)


TRAINIUM = GpuPoolSpec(name="neuron", accelerator="Trainium1:16", max_nodes=2, fabric=True)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "602401143452.dkr.ecr.us-east-1.amazonaws.com"),
        ("ap-southeast-3", "296578399912.dkr.ecr.ap-southeast-3.amazonaws.com"),
    ],
)
def test_the_plugin_of_efa_comes_from_its_regions_registry(region: str, host: str) -> None:
    spec = small_spec("aws", training=_pools(GpuPoolSpec(name="a", accelerator="H100:8", max_nodes=2, fabric=True)))
    target = AwsTarget(account_id="123456789012", region=region)
    (body,) = (
        item.body
        for item in layer_items(layer_context(spec.model_copy(update={"targets": (target,)}), "aws"))
        if item.role == "release-efa"
    )
    assert isinstance(body, ChartRelease)
    assert cast("Any", body.values)["image"]["repository"] == f"{host}/eks/aws-efa-k8s-device-plugin"


def test_the_plugin_of_efa_runs_on_pools_with_a_fabric_whatever_their_machine_and_taints() -> None:
    values = _values("aws", "aws-efa-k8s-device-plugin")
    assert values["supportedInstanceLabels"] == {"keys": ["mlplatform.dev/pool"], "values": ["big"]}
    assert list(values["tolerations"]) == [{"operator": "Exists"}]
    plain = _pools(GpuPoolSpec(name="plain", accelerator="H100:8", max_nodes=2))
    assert not _values("aws", "aws-efa-k8s-device-plugin", training=plain)


def test_trainium_has_neurons_plugin_and_efa_and_others_have_none() -> None:
    training = _pools(TRAINIUM, GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=2))
    plugin = _values("aws", "neuron-helm-chart", training=training)["devicePlugin"]
    (term,) = plugin["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "mlplatform.dev/pool", "operator": "In", "values": ["neuron"]}]
    assert _values("aws", "aws-efa-k8s-device-plugin", training=training)["supportedInstanceLabels"]["values"] == [
        "neuron"
    ]
    assert not _values("aws", "neuron-helm-chart")


def _bodies(cloud: str, kind: str, **changes: object) -> dict[str, Any]:
    """Objects of one kind, as they are sent, by name."""
    items = layer_items(layer_context(small_spec(cloud, **changes), cloud))
    found = (wire_object(item.body) for item in items if not isinstance(item.body, ChartRelease))
    objects = [cast("Any", each) for each in found if each["kind"] == kind]
    return {each["metadata"]["name"]: each for each in objects}


@pytest.mark.parametrize(
    ("kind", "networks", "daemons"),
    [
        ("tcpxo", 8, {"nccl-tcpxo-installer", "device-injector"}),
        ("roce", 0, {"nccl-rdma-installer"}),
    ],
)
def test_gke_gets_the_networks_and_libraries_of_the_kind_of_fabric(kind: str, networks: int, daemons: set[str]) -> None:
    accelerator = {"tcpxo": "H100:8", "roce": "H200:8"}[kind]
    training = _pools(
        GpuPoolSpec(
            name="big",
            accelerator=accelerator,
            max_nodes=2,
            fabric=True,
            capacity="spot",
            taints=(TaintSpec(key="a", value="b"),),
        )
    )
    found = _bodies("gcp", "Network", training=training)
    assert set(found) == {f"fabric-{number}" for number in range(1, networks + 1)}
    params = _bodies("gcp", "GKENetworkParamSet", training=training)
    for name, network in found.items():
        assert network["spec"]["parametersRef"]["name"] == name
        assert params[name]["spec"]["deviceMode"] == "NetDevice"
    sets = _bodies("gcp", "DaemonSet", training=training)
    assert set(sets) == daemons
    for each in sets.values():
        pod = each["spec"]["template"]["spec"]
        assert pod["tolerations"] == [{"operator": "Exists"}]
        terms = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        assert terms[0]["matchExpressions"][0]["values"] == ["big"]
        # GKE admits this priority in no other namespace
        assert (each["metadata"]["namespace"], pod["priorityClassName"]) == ("kube-system", "system-node-critical")
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            assert ":" in container["image"].rpartition("/")[2], "every image has a version"


def test_gke_gets_nothing_where_no_pool_has_a_fabric() -> None:
    plain = _pools(GpuPoolSpec(name="plain", accelerator="H100:8", max_nodes=2))
    assert not _bodies("gcp", "DaemonSet", training=plain)
    assert not _bodies("gcp", "Network", training=plain)


def test_networks_of_the_fabric_are_those_that_the_clouds_stack_made(layered: Callable[[str], Plan]) -> None:
    plan = layered("gcp")
    inner = [step for step in plan.steps if step.type == "kubernetes:networking.gke.io/v1:GKENetworkParamSet"]
    made = {str(step.inputs["name"]) for step in plan.of_type("gcp:compute/subnetwork:Subnetwork")}
    assert len(inner) == 8
    for step in inner:
        spec = cast("Mapping[str, str]", step.inputs["spec"])
        assert spec["vpcSubnet"] in made
        assert spec["vpc"] == spec["vpcSubnet"], "both have one name"


INFINIBAND = _pools(
    GpuPoolSpec(name="big", accelerator="H100:8", max_nodes=2, fabric=True, taints=(TaintSpec(key="a", value="b"),))
)


def test_aks_gets_infiniband_on_its_pools_alone_and_no_upgrade_by_itself() -> None:
    (policy,) = _bodies("azure", "NicClusterPolicy", training=INFINIBAND).values()
    assert policy["metadata"]["name"] == "nic-cluster-policy", "the operator looks for this name"
    spec = policy["spec"]
    assert spec["ofedDriver"]["upgradePolicy"] == {"autoUpgrade": False}, "an upgrade drains nodes with jobs"
    assert spec["tolerations"] == [{"operator": "Exists"}]
    (term,) = spec["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"][0]["values"] == ["big"]
    (resource,) = json.loads(spec["sriovDevicePlugin"]["config"])["resourceList"]
    assert f"{resource['resourcePrefix']}/{resource['resourceName']}" == "rdma/ib", "what jobs ask for"
    values = _values("azure", "network-operator", training=INFINIBAND)
    assert list(values["node-feature-discovery"]["worker"]["tolerations"]) == [{"operator": "Exists"}]
    # the kinds of both come with the operator's chart
    assert "mellanox.com/v1alpha1/NicClusterPolicy" in chart("network-operator").kinds
    plain = _pools(GpuPoolSpec(name="plain", accelerator="A100-80GB:1", max_nodes=2))
    assert not _values("azure", "network-operator", training=plain)
    assert not _bodies("azure", "DaemonSet", training=plain)


def test_the_module_of_gpudirect_is_loaded_by_the_nodes_own_tools() -> None:
    (daemon,) = _bodies("azure", "DaemonSet", training=INFINIBAND).values()
    pod = daemon["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["hostPID"] is True
    assert container["command"][:3] == ["nsenter", "-at", "1"]
    script = container["command"][-1]
    assert "modprobe nvidia-peermem" in script
    assert not any(word in script for word in ("apt", "curl", "pip")), "a private node has no internet"


def test_jobs_on_aks_read_the_topology_that_is_in_their_namespace() -> None:
    maps = _bodies("azure", "ConfigMap", training=INFINIBAND)
    (runtime, *_) = _bodies(
        "azure", "ClusterTrainingRuntime", training=INFINIBAND, cluster=ClusterSpec(engines=("trainer",))
    ).values()
    pod = runtime["spec"]["template"]["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
    volume = next(each["configMap"]["name"] for each in pod["volumes"] if "configMap" in each)
    (container,) = pod["containers"]
    variables = {each["name"]: each.get("value") for each in container["env"]}
    folder, _, file = str(variables["NCCL_TOPO_FILE"]).rpartition("/")
    assert folder in {mount["mountPath"] for mount in container["volumeMounts"]}
    system = ElementTree.fromstring(maps[volume]["data"][file])
    devices = [each.get("class") for each in system.iter("pci")]
    assert (devices.count("0x030200"), devices.count("0x020700")) == (8, 8), "each GPU and each card once"
    addresses = [each.get("busid") for each in system.iter("pci")]
    assert len(set(addresses)) == len(addresses)


def test_claims_of_a_fabric_have_a_name_that_a_queue_covers() -> None:
    """Kueue never admits a job whose claim has a class without a name, or with one that no quota has."""
    roce = _pools(GpuPoolSpec(name="big", accelerator="H200:8", max_nodes=2, fabric=True, capacity="spot"))
    values = _values("gcp", "kueue", training=roce)
    config = json.loads(values["managerConfig"]["controllerManagerConfigYaml"])
    (mapping,) = config["resources"]["deviceClassMappings"]
    assert mapping["deviceClassNames"] == ["mrdma.google.com"]
    items = layer_items(layer_context(small_spec("gcp", training=roce), "gcp"))
    queues = [json.dumps(wire_object(item.body)) for item in items if isinstance(item.body, ClusterQueue)]
    assert queues
    assert all(f'"{mapping["name"]}"' in queue for queue in queues)
    plain = json.loads(_values("gcp", "kueue")["managerConfig"]["controllerManagerConfigYaml"])
    assert "deviceClassMappings" not in plain["resources"]


@pytest.mark.parametrize(
    ("cloud", "fabric"), [("aws", ("efa", "32")), ("gcp", ("tcpxo", "8")), ("azure", ("infiniband", "8"))]
)
def test_nodes_with_a_fabric_say_so_before_there_is_one(cloud: str, fabric: tuple[str, str]) -> None:
    labels = {nodes.pool.name: nodes.labels for nodes in layer_context(small_spec(cloud), cloud).pools}
    found = labels["big"]["mlplatform.dev/fabric"], labels["big"]["mlplatform.dev/fabric-interfaces"]
    assert found == fabric
    assert "mlplatform.dev/fabric" not in labels["shared"]


def test_what_gpus_do_is_collected_on_aks_where_nothing_else_exports_it() -> None:
    values = _values("azure", "dcgm-exporter")
    assert list(values["tolerations"]) == [{"operator": "Exists"}]
    (term,) = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert set(term["matchExpressions"][0]["values"]) == {"big", "shared", "spot"}
    assert values["serviceMonitor"] == {"enabled": False}, "AKS lacks that kind, and the release would fail"
    (monitor,) = _bodies("azure", "PodMonitor").values()
    assert monitor["apiVersion"] == "azmonitoring.coreos.com/v1"
    assert monitor["spec"]["podMetricsEndpoints"] == [{"port": "metrics"}]
    silent = MonitoringSpec(prometheus=False)
    assert not _values("azure", "dcgm-exporter", monitoring=silent)
    assert not _bodies("azure", "PodMonitor", monitoring=silent)
    assert not _values("aws", "dcgm-exporter")
    assert not _values("gcp", "dcgm-exporter")
