"""What Azure refuses is refused before anything is planned, with what to do instead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mlplatform import (
    ArtifactStoreSpec,
    CapacityBlock,
    EmailRoute,
    GpuPoolSpec,
    MonitoringSpec,
    NetworkSpec,
    PagerDutyRoute,
    PlaceSpec,
    RegistrySpec,
    Reservation,
    ReservationBinding,
    TaintSpec,
    TrainingSpec,
    WebhookRoute,
    WormSpec,
)
from mlplatform.backends.azure import BACKEND
from mlplatform.backends.azure.target import AdoptedNetwork
from mlplatform.spec.training import SystemPoolSpec

from ...planned import Refusals
from .conftest import GROUP, SUBSCRIPTION, full, spec, target

NET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network"


_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def pools(*made: GpuPoolSpec) -> TrainingSpec:
    return TrainingSpec(pools=made)


def pool(**changes: object) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "T4:1", "max_nodes": 2, **changes})


def reserve(zone: str, count: int = 2, **changes: object) -> TrainingSpec:
    return pools(pool(capacity=Reservation(name="held", count=count), **changes))


def bound(zone: str, id_: str = GROUP) -> tuple[object, ...]:
    return (target(reservations={"held": ReservationBinding(id=id_, zone=zone)}),)


def adopted(**changes: object) -> AdoptedNetwork:
    vnet = f"{NET}/virtualNetworks/hub"
    whole = {
        "vnet_id": vnet,
        "node_subnet_ids": (f"{vnet}/subnets/nodes",),
        "endpoint_subnet_id": f"{vnet}/subnets/endpoints",
        "api_subnet_id": f"{vnet}/subnets/api",
    }
    return AdoptedNetwork.model_validate({**whole, **changes})


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("azure")) == ()


def test_regions() -> None:
    refused("targets[azure].location", "eastus2", targets=(target(location="eastus22"),))
    refused("targets[azure].replica_region", "westus3", targets=(target(replica_region="westus33"),))


def test_zones() -> None:
    refused("targets[azure].zones", "eastus", targets=(target(zones=("1", "7")),))
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


def test_the_store() -> None:
    refused(
        "artifact_store.data.worm.locked",
        "az storage account update",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7, locked=True))),
    )
    refused(
        "artifact_store.data.legal_hold",
        "either",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7), legal_hold=True)),
    )
    refused(
        "artifact_store.data.versioned",
        "true",
        artifact_store=ArtifactStoreSpec(data=PlaceSpec(worm=WormSpec(days=7), versioned=False)),
    )
    refused("targets[azure].replica_region", "second region", artifact_store=ArtifactStoreSpec(replicated=True))


def test_the_registry() -> None:
    refused("registry.immutable_tags", "digest", registry=RegistrySpec(immutable_tags=True))
    refused("registry.scan_on_push", "defender_for_containers", registry=RegistrySpec(scan_on_push=True))
    scanning = (target(defender_for_containers=True),)
    assert problems(registry=RegistrySpec(scan_on_push=True), targets=scanning) == {}


def test_machines() -> None:
    refused("training.pools[0].accelerator", "T4", training=pools(pool(accelerator="L4:1")))
    refused("training.pools[0].accelerator", "H100:8", training=pools(pool(accelerator="H100:4")))
    refused("training.system_pool", "vCPUs", training=TrainingSpec(system_pool=SystemPoolSpec(memory_gib=512)))
    few = TrainingSpec(system_pool=SystemPoolSpec(max_nodes=1))
    refused("training.system_pool.max_nodes", "at least 3", training=few, environment="prod")


def test_disks() -> None:
    refused("training.pools[0].disk_type", "Premium", training=pools(pool(disk_type="fast")))
    refused("training.pools[0].disk_gib", "2048", training=pools(pool(disk_gib=4000)))


def test_capacity() -> None:
    nd = reserve("1", accelerator="H100:8")
    refused("training.pools[0].accelerator", "reserv", training=nd, targets=bound("1"))
    block = CapacityBlock(
        name="held", count=2, starts=datetime(2026, 12, 1, tzinfo=UTC), ends=datetime(2026, 12, 3, tzinfo=UTC)
    )
    refused("training.pools[0].capacity", "on-demand", training=pools(pool(capacity=block)), targets=bound("1"))


def test_reservations() -> None:
    refused("training.pools[0].capacity.name", "binds none", training=reserve("1"))
    refused(
        "targets[azure].reservations.held.id",
        "capacityReservationGroups",
        training=reserve("1"),
        targets=bound("1", "cr-0123456789"),
    )
    refused("targets[azure].reservations.held.zone", "1, 2", training=reserve("3"), targets=bound("3"))
    refused("training.pools[0].zones", "use 2", training=reserve("2", zones=(1,)), targets=bound("2"))


def test_zone_positions_and_keys() -> None:
    refused("training.pools[0].zones", "from 1 to 2", training=pools(pool(zones=(3,))))
    refused("training.pools[0].labels", "reserved", training=pools(pool(labels={"kubernetes.azure.com/x": "y"})))
    taint = TaintSpec(key="node.kubernetes.io/x")
    refused("training.pools[0].taints", "reserved", training=pools(pool(taints=(taint,))))


def test_people_are_groups_by_id() -> None:
    refused("targets[azure].people.auditor", "az ad group", targets=(target(people={"auditor": ("auditors",)}),))
    unusual = "{aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1}"
    refused("targets[azure].people.auditor", "az ad group", targets=(target(people={"auditor": (unusual,)}),))


def test_a_group_has_one_role_once() -> None:
    group = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1"
    two = {"operator": (group,), "auditor": (group,)}
    refused("targets[azure].people.auditor", "nest it", targets=(target(people=two),))
    twice = {"auditor": (group, group)}
    refused("targets[azure].people.auditor", "nest it", targets=(target(people=twice),))


def test_receivers_of_one_severity_have_different_names() -> None:
    twice = MonitoringSpec(routes=(PagerDutyRoute(name="pager"), WebhookRoute(name="pager", url_secret="url")))
    refused("monitoring.routes[1]", "pager", monitoring=twice)
    same = MonitoringSpec(routes=(EmailRoute("a@b.example"), EmailRoute("a@b.example")))
    refused("monitoring.routes[1]", "a@b.example", monitoring=same)
    apart = MonitoringSpec(
        routes=(
            PagerDutyRoute(name="pager", severities=("critical",)),
            WebhookRoute(name="pager", url_secret="url", severities=("warning",)),
        )
    )
    assert problems(monitoring=apart) == {}
