"""Every entry of every catalogue that comes with the package."""

import re
from datetime import date

import pytest

from mlplatform.catalog.accelerator import Accelerator, models
from mlplatform.catalog.catalog import Catalog, Choice, CpuMachine, catalog_path, load_catalog

CLOUDS = ("aws", "gcp", "azure")
NAMES = {
    "aws": r"[a-z0-9-]+\.[0-9a-z]+",
    "gcp": r"[a-z][a-z0-9-]+",
    "azure": r"Standard_[A-Za-z0-9_]+|Consumption-GPU-[A-Za-z0-9-]+|consumption-[0-9.]+cpu",
}


@pytest.fixture(params=CLOUDS)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return load_catalog(catalog_path(request.param))


def test_it_says_when_and_from_where(catalog: Catalog) -> None:
    assert catalog.as_of >= date(2026, 1, 1)
    assert all(source.startswith("https://") for source in catalog.sources)
    assert catalog.price_region in catalog.regions


def test_machines_are_unique_and_possible(catalog: Catalog) -> None:
    seen = [(machine.machine_type, machine.accelerator) for machine in catalog.machines]
    assert len(seen) == len(set(seen))
    for machine in catalog.machines:
        assert re.fullmatch(NAMES[catalog.cloud], machine.machine_type), machine.machine_type
        assert machine.accelerator.name in models()
        assert machine.accelerator.count in {1, 2, 4, 6, 8, 12, 16}
        assert 4 <= machine.vcpus <= 384
        assert 8 <= machine.memory_gib <= 4096
        assert 0.9 <= machine.gpu_memory_gib / machine.accelerator.model.memory_gib <= 1.2
        assert machine.uses
        assert machine.capacities
        assert machine.hourly_usd is None or 0.3 <= machine.hourly_usd <= 200
        assert bool(machine.local_ssd_count or 0) <= bool(machine.local_ssd_gib)
        assert set(machine.serving) == set(machine.uses) - {"training"}


def test_a_bigger_share_of_a_family_is_never_smaller(catalog: Catalog) -> None:
    by_name: dict[str, list[tuple[int, float]]] = {}
    for machine in catalog.machines:
        by_name.setdefault(machine.accelerator.name, []).append((machine.accelerator.count, machine.memory_gib))
    for sizes in by_name.values():
        least = {count: min(memory for n, memory in sizes if n == count) for count, _ in sizes}
        assert [least[count] for count in sorted(least)] == sorted(least.values())


def test_fabric_stands_only_on_machines_that_join_clusters(catalog: Catalog) -> None:
    kinds = {machine.fabric.kind for machine in catalog.machines if machine.fabric}
    assert kinds == {"aws": {"efa"}, "gcp": {"tcpx", "tcpxo", "roce"}, "azure": {"infiniband"}}[catalog.cloud]
    for machine in catalog.machines:
        if machine.fabric:
            assert "training" in machine.uses
            assert machine.fabric.interfaces >= 1
            assert machine.fabric.gbps >= 25


def test_mig_profiles_are_the_models_own_or_fit_the_memory(catalog: Catalog) -> None:
    for machine in catalog.machines:
        for profile, parts in machine.mig:
            assert parts * int(profile.removesuffix("gb").split("g.")[1]) <= machine.gpu_memory_gib + 2
        if not machine.accelerator.model.mig:
            assert machine.mig == ()


def test_places_are_regions_and_zones_of_the_cloud(catalog: Catalog) -> None:
    zones = {zone for region in catalog.regions.values() for zone in region.zones}
    for machine in (*catalog.machines, *catalog.cpu_machines):
        for use in machine.uses:
            offered = machine.offered_for(use)
            assert (offered.regions or frozenset()) <= set(catalog.regions), machine.machine_type
            assert offered.zones <= zones, machine.machine_type
    for service in catalog.services.values():
        assert ((service.offered.regions or frozenset()) | service.offered.lacking) <= set(catalog.regions), (
            service.name
        )


def test_what_few_regions_have_has_a_list_with_its_source(catalog: Catalog) -> None:
    for machine in catalog.machines:
        for use in machine.uses:
            offered = machine.offered_for(use)
            assert offered.regions, f"{machine.machine_type}: without a list, every region would seem to have it"
            assert offered.source.startswith("https://"), machine.machine_type
    for service in catalog.services.values():
        assert service.offered.source.startswith("https://"), service.name


def test_every_way_of_getting_a_machine_meets_a_quota(catalog: Catalog) -> None:
    free = {"capacity-block", "reservation"}
    for machine in catalog.machines:
        if "training" in machine.uses:
            for way in machine.capacities - free:
                assert machine.quotas_for(way), (machine.machine_type, way)
        for kind in machine.serving:
            assert machine.quotas_for(kind), (machine.machine_type, kind)
            assert "{" not in machine.quotas_for(kind)[0].name


def test_every_machine_is_the_answer_to_some_wish(catalog: Catalog) -> None:
    for machine in catalog.machines:
        for use in machine.uses:
            region = min(machine.offered_for(use).regions or ())
            capacity = min(machine.capacities)
            choice = catalog.choose(
                [machine.accelerator],
                region,
                use=use,
                capacity=capacity,
                vcpus=machine.vcpus,
                memory_gib=machine.memory_gib,
            )
            assert isinstance(choice, Choice), str(choice)
            assert choice.machine.accelerator == machine.accelerator
            assert choice.machine.vcpus == machine.vcpus


def test_every_region_has_system_nodes_and_endpoints(catalog: Catalog) -> None:
    for region in catalog.regions:
        for use in ("system", "online", "zero"):
            machine = catalog.cpu(2, 4, use, region)
            assert isinstance(machine, CpuMachine), str(machine)
            assert (machine.vcpus, machine.memory_gib) >= (2, 4)
            assert machine.arch == "amd64"


def test_regions_and_zones_are_counted(catalog: Catalog) -> None:
    assert len(catalog.regions) >= 30
    for region in catalog.regions.values():
        assert len(set(region.zones)) == len(region.zones)
        assert 0 <= region.zone_count <= len(region.zones)
        if catalog.cloud != "azure":
            assert all(zone.startswith(region.name) for zone in region.zones)
            assert region.zone_count >= 2


@pytest.mark.parametrize(
    ("cloud", "region", "zones", "count"),
    [
        ("aws", "us-east-1", ("us-east-1a", "us-east-1b", "us-east-1c"), 6),
        ("aws", "us-west-1", ("us-west-1a", "us-west-1b", "us-west-1c"), 2),
        ("aws", "ap-northeast-1", ("ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"), 3),
        ("gcp", "us-central1", ("us-central1-a", "us-central1-b", "us-central1-c"), 4),
        ("gcp", "us-east1", ("us-east1-b", "us-east1-c", "us-east1-d"), 3),
        ("gcp", "europe-west1", ("europe-west1-b", "europe-west1-c", "europe-west1-d"), 3),
        ("azure", "eastus2", ("1", "2", "3"), 3),
        ("azure", "westus", (), 0),
    ],
)
def test_known_regions(cloud: str, region: str, zones: tuple[str, ...], count: int) -> None:
    catalog = load_catalog(catalog_path(cloud))
    assert catalog.is_region(region)
    assert catalog.regions[region].zones[:3] == zones
    assert catalog.regions[region].zone_count == count


def test_the_sizes_that_shape_the_clusters() -> None:
    def first(cloud: str, text: str, region: str) -> str:
        choice = load_catalog(catalog_path(cloud)).choose([Accelerator.parse(text)], region)
        assert isinstance(choice, Choice), str(choice)
        return choice.machine.machine_type

    assert first("aws", "L4", "us-east-1") == "g6.xlarge"
    assert first("aws", "A100-80GB:8", "us-east-1") == "p4de.24xlarge"
    assert first("aws", "H100:8", "us-east-1") == "p5.48xlarge"
    assert first("gcp", "L4", "us-central1") == "g2-standard-4"
    assert first("gcp", "T4:4", "us-central1") == "n1-standard-32"
    assert first("gcp", "H100:8", "us-central1") == "a3-highgpu-8g"
    assert first("azure", "T4", "eastus2") == "Standard_NC4as_T4_v3"
    assert first("azure", "A100-80GB:8", "eastus2") == "Standard_ND96amsr_A100_v4"
    assert first("azure", "H100:8", "eastus2") == "Standard_ND96isr_H100_v5"
