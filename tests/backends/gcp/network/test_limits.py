"""Networks that GCP refuses."""

from __future__ import annotations

from mlplatform import GpuPoolSpec, NetworkSpec, SystemPoolSpec, TrainingSpec
from mlplatform.backends.gcp.network.address_plan import fabric_ranges, plan_addresses

from ..conftest import refused


def test_a_platform_needs_a_way_to_googles_services() -> None:
    refused("network.nat", "private_endpoints", network=NetworkSpec(nat="none", private_endpoints=False))


def test_the_runtimes_own_bridge_is_no_range_for_services() -> None:
    refused("network.service_cidr", "172.17.0.0/16", network=NetworkSpec(service_cidr="172.17.0.0/16"))


def pool(**changes: object) -> TrainingSpec:
    made = GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "H100:8", "max_nodes": 2, **changes})
    return TrainingSpec(pools=(made,))


def test_ranges_must_hold_the_nodes() -> None:
    small = NetworkSpec(pod_cidr="100.64.0.0/20", cidr="10.40.0.0/20")
    refused("network.pod_cidr", "256 per system and CPU node", network=small, training=pool(max_nodes=100))
    many = TrainingSpec(system_pool=SystemPoolSpec(max_nodes=2), pools=pool(max_nodes=1000).pools * 1)
    refused("network.pod_cidr", "1000 GPU nodes", network=NetworkSpec(pod_cidr="100.64.0.0/17"), training=many)
    most = TrainingSpec(pools=tuple(GpuPoolSpec(name=f"p{n}", accelerator="T4:1", max_nodes=1000) for n in range(3)))
    refused("network.cidr", "10.40.0.0/21", network=NetworkSpec(cidr="10.40.0.0/20"), training=most)


def test_ranges_are_cut_apart() -> None:
    network = NetworkSpec(cidr="192.168.0.0/16", pod_cidr="10.200.0.0/16", service_cidr="172.16.0.0/16")
    parts = plan_addresses(network)
    assert not parts.nodes.overlaps(parts.apps)
    used = (network.cidr, network.pod_cidr, network.service_cidr)
    extra = fabric_ranges(network, 8)
    assert len(set(extra)) == 8
    assert not any(one.overlaps(other) for one in extra for other in used)
