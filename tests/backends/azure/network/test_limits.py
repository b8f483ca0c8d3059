"""What Azure refuses in the network and its zones."""

from __future__ import annotations

import pytest

from mlplatform import (
    GpuPoolSpec,
    NetworkSpec,
    TrainingSpec,
)
from mlplatform.backends.azure.adopted_network import AzureAdoptedNetwork

from ..conftest import SUBSCRIPTION, problems, refused, target

NET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network"


def pool(**changes: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "T4:1", "max_nodes": 2, **changes})


def pools(*specs: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=specs)


def adopted(**changes: object) -> AzureAdoptedNetwork:
    vnet = f"{NET}/virtualNetworks/hub"
    whole = {
        "vnet_id": vnet,
        "node_subnet_ids": (f"{vnet}/subnets/nodes",),
        "endpoint_subnet_id": f"{vnet}/subnets/endpoints",
        "api_subnet_id": f"{vnet}/subnets/api",
    }
    return AzureAdoptedNetwork.model_validate({**whole, **changes})


def test_zones() -> None:
    refused("targets[azure].zones", "westus3", targets=(target(zones=("1", "7")),))
    refused("targets[azure].zones", "each zone once", targets=(target(zones=("1", "1")),))
    refused("network.zones", "3", network=NetworkSpec(zones=3), targets=(target(zones=("1", "2")),))
    refused("network.zones", "no", network=NetworkSpec(zones=2), targets=(target(location="westus"),))


def test_a_region_without_zones_is_accepted_when_nobody_asks_for_zones() -> None:
    assert problems(targets=(target(location="westus"),)) == {}


@pytest.mark.parametrize(("field", "cidr"), [("service_cidr", "172.30.0.0/16"), ("pod_cidr", "172.31.0.0/16")])
def test_ranges_that_aks_keeps(field: str, cidr: str) -> None:
    refused(f"network.{field}", "AKS", network=NetworkSpec.model_validate({field: cidr}), training=TrainingSpec())


def test_a_node_takes_256_pod_addresses() -> None:
    small = NetworkSpec.model_validate({"pod_cidr": "100.64.0.0/20"})
    refused("network.pod_cidr", "256", "room for 16", network=small, training=pools(pool(max_nodes=10)))
    assert problems(network=small, training=pools(pool(max_nodes=2))) == {}


def test_too_many_nodes_for_a_subnet() -> None:
    tight = NetworkSpec.model_validate({"cidr": "10.40.0.0/20", "pod_cidr": "100.64.0.0/16"})
    refused("network.cidr", "1019", network=tight, training=pools(pool(max_nodes=1000), pool(name="b", max_nodes=100)))


def test_private_endpoints_and_egress() -> None:
    refused("network.private_endpoints", "true", network=NetworkSpec(private_endpoints=False))
    refused("network.nat", "single", network=NetworkSpec(nat="none"), training=TrainingSpec())
    assert problems(network=NetworkSpec(nat="none")) == {}


def test_adopted_networks() -> None:
    vnet = f"{NET}/virtualNetworks/hub"
    two = (f"{vnet}/subnets/a", f"{vnet}/subnets/b")
    refused(
        "targets[azure].network.node_subnet_ids",
        "one for each",
        targets=(target(zones=("1", "2", "3"), network=adopted(node_subnet_ids=two)),),
    )
    refused(
        "targets[azure].network.api_subnet_id",
        "adopted network",
        targets=(target(network=adopted(api_subnet_id=f"{NET}/virtualNetworks/other/subnets/api")),),
    )
    refused(
        "targets[azure].network.apps_subnet_id",
        "Microsoft.App",
        targets=(target(network=adopted()),),
        endpoints=({"name": "sleepy", "replicas": (0, 2)},),
    )
