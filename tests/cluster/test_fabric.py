"""What makes devices and fabric usable on each cloud: who brings it, where it runs, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from mlplatform import AwsTarget, GpuPoolSpec, TrainingSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease

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


@pytest.mark.parametrize(
    ("cloud", "fabric"), [("aws", ("efa", "32")), ("gcp", ("tcpxo", "8")), ("azure", ("infiniband", "8"))]
)
def test_nodes_with_a_fabric_say_so_before_there_is_one(cloud: str, fabric: tuple[str, str]) -> None:
    labels = {nodes.pool.name: nodes.labels for nodes in layer_context(small_spec(cloud), cloud).pools}
    found = labels["big"]["mlplatform.dev/fabric"], labels["big"]["mlplatform.dev/fabric-interfaces"]
    assert found == fabric
    assert "mlplatform.dev/fabric" not in labels["shared"]
