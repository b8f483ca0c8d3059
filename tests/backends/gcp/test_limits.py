"""What GCP refuses is refused before anything is planned, with what to do instead."""

from __future__ import annotations

import pytest

from mlplatform import (
    AccessSpec,
    ArtifactStoreSpec,
    BudgetSpec,
    CiSpec,
    EmailRoute,
    GpuPoolSpec,
    MonitoringSpec,
    NetworkSpec,
    RegistrySpec,
    Reservation,
    ReservationBinding,
    SystemPoolSpec,
    TrainingSpec,
)
from mlplatform.backends.gcp import BACKEND
from mlplatform.backends.gcp.naming import ACCOUNT, bucket_name, cut, hashed, physical
from mlplatform.backends.gcp.network.address_plan import fabric_ranges, plan

from ...planned import Refusals
from .conftest import full, spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def pool(**changes: object) -> TrainingSpec:
    made = GpuPoolSpec.model_validate({"name": "gpu", "accelerator": "H100:8", "max_nodes": 2, **changes})
    return TrainingSpec(pools=(made,))


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("gcp")) == ()


def test_a_misspelled_region_is_recognised() -> None:
    refused("targets[gcp].region", "us-central1", targets=(target(region="us-centrall1"),))
    refused("targets[gcp].replica_region", "europe-west4", targets=(target(replica_region="europe-wst4"),))


def test_zones_are_the_regions_and_enough() -> None:
    refused("targets[gcp].zones", "us-east1-b", targets=(target(zones=("us-central1-a", "us-east1-b")),))
    refused("targets[gcp].zones", "2", targets=(target(zones=("us-central1-a",)),))
    refused("targets[gcp].zones", "once", targets=(target(zones=("us-central1-a", "us-central1-a")),))


def test_a_platform_needs_a_way_to_googles_services() -> None:
    refused("network.nat", "private_endpoints", network=NetworkSpec(nat="none", private_endpoints=False))


def test_the_runtimes_own_bridge_is_no_range_for_services() -> None:
    refused("network.service_cidr", "172.17.0.0/16", network=NetworkSpec(service_cidr="172.17.0.0/16"))


def test_ranges_must_hold_the_nodes() -> None:
    small = NetworkSpec(pod_cidr="100.64.0.0/20", cidr="10.40.0.0/20")
    refused("network.pod_cidr", "256 per system node", network=small, training=pool(max_nodes=100))
    many = TrainingSpec(system_pool=SystemPoolSpec(max_nodes=2), pools=pool(max_nodes=1000).pools * 1)
    refused("network.pod_cidr", "1000 GPU nodes", network=NetworkSpec(pod_cidr="100.64.0.0/17"), training=many)
    most = TrainingSpec(pools=tuple(GpuPoolSpec(name=f"p{n}", accelerator="T4:1", max_nodes=1000) for n in range(3)))
    refused("network.cidr", "10.40.0.0/21", network=NetworkSpec(cidr="10.40.0.0/20"), training=most)


@pytest.mark.parametrize(
    ("accelerator", "near"), [("A10G:1", "L4"), ("L40S:1", "RTX-PRO-6000"), ("H100:3", "H100:8"), ("H200:8", "H100")]
)
def test_accelerators_that_gcp_lacks_or_does_not_sell_so(accelerator: str, near: str) -> None:
    refused("training.pools[0].accelerator", near, training=pool(accelerator=accelerator))


def test_pool_zones_are_positions_of_zones_that_have_the_machine() -> None:
    refused("training.pools[0].zones", "positions from 1 to 2", training=pool(zones=(3,)))
    refused(
        "training.pools[0].zones",
        "us-central1-b",
        "a2-ultragpu-8g",
        training=pool(accelerator="A100-80GB:8", zones=(2,)),
    )
    refused("training.pools[0].min_nodes", "equally many", training=pool(zones=(1, 2), min_nodes=1, max_nodes=1))


def test_a_reservation_must_be_bound_well_named_and_within_reach() -> None:
    reserved = pool(capacity=Reservation(name="mine", count=2))
    refused("training.pools[0].capacity.name", "ReservationBinding", training=reserved)

    def bound(**changes: str) -> object:
        binding = {"id": "mine", "zone": "us-central1-a", **changes}
        return (target(reservations={"mine": ReservationBinding.model_validate(binding)}),)

    refused(
        "targets[gcp].reservations.mine.zone", "us-central1-f", training=reserved, targets=bound(zone="us-central1-f")
    )
    refused("targets[gcp].reservations.mine.id", "cr_1", training=reserved, targets=bound(id="cr_1"))
    elsewhere = pool(capacity=Reservation(name="mine", count=2), zones=(2,))
    refused("training.pools[0].zones", "us-central1-a", training=elsewhere, targets=bound())


def test_machines_without_local_disks() -> None:
    assert "training.pools[0].local_nvme" not in problems(training=pool(accelerator="T4:1", local_nvme=True))


def test_roce_needs_a_gke_that_sets_it_up() -> None:
    pools = pool(accelerator="H200:8", capacity="spot", fabric=True).pools
    old = TrainingSpec(kubernetes_version="1.33", pools=pools)
    refused("training.kubernetes_version", "1.34", training=old)
    assert problems(training=TrainingSpec(pools=pools)) == {}


def test_gpudirect_wants_all_networks_in_one_project() -> None:
    network = {"network": "n", "subnet": "s", "pods_range": "p", "services_range": "v", "project": "acme-host"}
    refused("training.pools[0].fabric", "acme-host", training=pool(fabric=True), targets=(target(network=network),))


def test_a_rack_of_gb200_is_one_pool_without_more_fabric() -> None:
    rack = {"capacity": Reservation(name="rack", count=40), "accelerator": "GB200:4"}
    bound = (target(reservations={"rack": ReservationBinding(id="rack", zone="us-central1-a")}),)
    refused("training.pools[0].max_nodes", "18", training=pool(max_nodes=19, **rack), targets=bound)
    refused("training.pools[0].fabric", "B200:8", training=pool(fabric=True, **rack), targets=bound)


def test_labels_of_kubernetes_and_gke_are_theirs() -> None:
    refused("training.pools[0].labels", "reserved", training=pool(labels={"cloud.google.com/gke-spot": "x"}))
    refused("training.pools[0].labels", "reserved", training=pool(labels={"node.kubernetes.io/x": "x"}))


def test_a_system_pool_that_no_machine_has() -> None:
    system = SystemPoolSpec(vcpus=64, memory_gib=512)
    refused("training.system_pool", "largest", training=TrainingSpec(system_pool=system))


def test_replication_needs_a_second_region() -> None:
    store = ArtifactStoreSpec(replicated=True)
    refused("targets[gcp].replica_region", "us-east1", artifact_store=store)
    refused(
        "targets[gcp].replica_region", "second", artifact_store=store, targets=(target(replica_region="us-central1"),)
    )


def test_a_budget_needs_a_billing_account_and_tells_five() -> None:
    budget = BudgetSpec(monthly_usd=1, emails=("a@b.example",))
    refused("targets[gcp].billing_account", "gcloud billing", budget=budget)
    routes = tuple(EmailRoute(f"p{n}@b.example") for n in range(6))
    refused("budget.emails", "5", budget=BudgetSpec(monthly_usd=1), monitoring=MonitoringSpec(routes=routes))


def test_logs_are_kept_ten_years_at_most() -> None:
    refused("monitoring.log_retention_days", "3650", monitoring=MonitoringSpec(log_retention_days=3653))


def test_a_route_is_named_once() -> None:
    twice = (EmailRoute("a@b.example", severities=("critical",)), EmailRoute("a@b.example", severities=("warning",)))
    refused("monitoring.routes[1]", "merge", monitoring=MonitoringSpec(routes=twice))


def test_an_alert_tells_sixteen() -> None:
    many = tuple(EmailRoute(f"{number}@acme.example") for number in range(17))
    refused("monitoring.routes", "17 routes", "mailing group", monitoring=MonitoringSpec(routes=many))
    assert not problems(monitoring=MonitoringSpec(routes=many[:16]))


def test_people_are_groups_with_one_role_each() -> None:
    refused("targets[gcp].people.operator", "ops", targets=(target(people={"operator": ("ops",)}),))
    both = {"operator": ("team@acme.example",), "ml-engineer": ("group:team@acme.example",)}
    refused("targets[gcp].people.ml-engineer", "one role per group", targets=(target(people=both),))


def test_ci_is_named_by_a_subject_that_fits() -> None:
    ci = CiSpec(system="gitlab", repository="a/" * 50 + "ml")
    refused("access.ci.repository", "127", access=AccessSpec(ci=ci))


def test_names_that_gcp_forbids_or_takes() -> None:
    refused("environment", "google", environment="google")
    refused("name", "gcp-", name="gcp", access=AccessSpec(ci=CiSpec(repository="acme/ml")))
    assert not problems(name="gcp")
    refused("name", "google", name="my-google-ml")
    cache = RegistrySpec(repositories=("cache-docker-io",), pull_through=("docker.io",))
    refused("registry.repositories", "cache-docker-io-images", registry=cache)


def test_partial_support_is_declared_with_reason_and_alternative() -> None:
    declared = {limit.field: limit for limit in BACKEND.limits}
    assert {"registry.keep_images", "artifact_store.data.legal_hold", "monitoring.log_retention_days"} <= set(declared)
    assert all(limit.reason and limit.alternative for limit in declared.values())


def test_names_are_cut_and_stay_apart() -> None:
    platform = spec(name="a-platform-of-20-chr", environment="environment1")
    first, second = (physical(platform, f"endpoint-{name}", ACCOUNT) for name in ("one", "two"))
    assert first != second
    assert max(len(first), len(second)) <= ACCOUNT
    assert cut("short", ACCOUNT) == "short"
    assert hashed(platform, "pool", "a", 40) != hashed(platform, "pool", "b", 40)
    assert len(hashed(platform, "pool", "a", 40)) <= 40
    names = {
        bucket_name(platform, target(project_number=number), "monitoring-replica") for number in ("123456", "654321")
    }
    assert len(names) == 2
    assert max(map(len, names)) <= 63


def test_ranges_are_cut_apart() -> None:
    network = NetworkSpec(cidr="192.168.0.0/16", pod_cidr="10.200.0.0/16", service_cidr="172.16.0.0/16")
    parts = plan(network)
    assert not parts.nodes.overlaps(parts.apps)
    used = (network.cidr, network.pod_cidr, network.service_cidr)
    extra = fabric_ranges(network, 8)
    assert len(set(extra)) == 8
    assert not any(one.overlaps(other) for one in extra for other in used)
