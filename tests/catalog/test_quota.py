"""Totals of what a platform asks of each quota."""

import pytest

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, GpuMachine, NotOffered, Use, catalog_path, load_catalog
from mlplatform.catalog.quota import Demand, QuotaDemand, quota_demands, resource_demands
from mlplatform.providers.schema import resource_schema


def machine(cloud: str, accelerator: str, region: str, use: Use = "training") -> GpuMachine:
    choice = load_catalog(catalog_path(cloud)).choose([Accelerator.parse(accelerator)], region, use=use)
    assert isinstance(choice, Choice), str(choice)
    return choice.machine


def test_aws_counts_vcpus_per_family_and_capacity() -> None:
    h100 = machine("aws", "H100:8", "us-east-1")
    a100 = machine("aws", "A100-80GB:8", "us-east-1")
    assert quota_demands(
        [
            Demand(h100, 16, "on-demand", "us-east-1"),
            Demand(a100, 2, "reservation", "us-east-1"),
            Demand(a100, 4, "spot", "us-east-1"),
            Demand(h100, 8, "capacity-block", "us-east-1"),
        ]
    ) == [
        QuotaDemand("Running On-Demand P instances", "L-417A185B", "vcpus", 16 * 192 + 2 * 96, "us-east-1"),
        QuotaDemand("All P4, P3 and P2 Spot Instance Requests", "L-7212CCBC", "vcpus", 4 * 96, "us-east-1"),
    ]


def test_sagemaker_counts_each_type_for_itself() -> None:
    l4 = machine("aws", "L4", "us-east-1", use="online")
    assert quota_demands([Demand(l4, 6, "online", "us-east-1"), Demand(l4, 2, "online", "us-east-1")]) == [
        QuotaDemand("ml.g6.xlarge for endpoint usage", None, "instances", 8, "us-east-1")
    ]


def test_gcp_counts_gpus_per_region_and_over_all() -> None:
    l4, h100 = machine("gcp", "L4:8", "us-central1"), machine("gcp", "H100:8", "us-central1")
    totals = quota_demands(
        [
            Demand(l4, 2, "on-demand", "us-central1"),
            Demand(l4, 1, "spot", "us-east4"),
            Demand(h100, 4, "on-demand", "us-central1"),
        ]
    )
    assert {(total.name, total.amount, total.region) for total in totals} == {
        ("NVIDIA_L4_GPUS", 16, "us-central1"),
        ("PREEMPTIBLE_NVIDIA_L4_GPUS", 8, "us-east4"),
        ("GPUS_PER_GPU_FAMILY (gpu_family=NVIDIA_H100)", 32, "us-central1"),
        ("GPUS_ALL_REGIONS", 56, None),
    }


def test_azure_counts_family_and_region_and_reserves_for_endpoints() -> None:
    t4 = machine("azure", "T4", "eastus2")
    totals = quota_demands([Demand(t4, 5, "on-demand", "eastus2"), Demand(t4, 3, "online", "eastus2")])
    assert [(total.name, total.amount) for total in totals] == [
        ("Standard NCASv3_T4 Family", 20),
        ("Total Regional vCPUs", 20),
        ("Azure Machine Learning Standard NCASv3_T4 Family", 15),
    ]


def test_system_nodes_count_too() -> None:
    found = load_catalog(catalog_path("aws")).cpu(4, 16, "system", "us-east-1")
    assert not isinstance(found, NotOffered)
    assert [total.amount for total in quota_demands([Demand(found, 6, "system", "us-east-1")])] == [24]


def test_nothing_asks_for_nothing() -> None:
    assert quota_demands([]) == []


CLOUDS = ("aws", "gcp", "azure")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_machine_of_a_pool_counts_against_machines_and_disks(cloud: str) -> None:
    """A machine that a list leaves out stops the first `up` after the quotas were granted."""
    catalog = load_catalog(catalog_path(cloud))
    for each in catalog.machines:
        for way in each.capacities if "training" in each.uses else ():
            units = {quota.unit for quota in each.quotas_for(way)}
            assert units & {"disk-gib", "disk-tib", "disks"}, (each.machine_type, way)
            assert way == "capacity-block" or units & {"vcpus", "gpus"}, (each.machine_type, way)
            if cloud == "gcp":
                assert "local-gib" in units, (each.machine_type, way)
                # machines to which GPUs are attached count as CPUs too, the others do not
                assert ("vcpus" in units) == each.machine_type.startswith("n1-"), (each.machine_type, way)
        for use in each.serving:
            assert each.quotas_for(use), (each.machine_type, use)
    for cpu in catalog.cpu_machines:
        for use in cpu.uses - {"training"}:
            assert cpu.quotas_for(use), (cpu.machine_type, use)
        # nodes of a pool count by the kind of their capacity, as those with accelerators do
        for way in ("on-demand", "spot") if "training" in cpu.uses else ():
            units = {quota.unit for quota in cpu.quotas_for(way)}
            assert "vcpus" in units, (cpu.machine_type, way)
            assert units & {"disk-gib", "disk-tib", "disks"}, (cpu.machine_type, way)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_counted_resources_are_types_of_the_sdk(cloud: str) -> None:
    quotas = load_catalog(catalog_path(cloud)).resource_quotas
    assert len(quotas) >= 5
    for token, counted in quotas:
        assert resource_schema(token) is not None, token
        assert {quota.unit for quota in counted} == {"resources"}


def test_disks_and_local_disks_are_sums_over_the_nodes() -> None:
    h100 = machine("gcp", "H100:8", "us-central1")
    totals = quota_demands([Demand(h100, 3, "on-demand", "us-central1", disk_gib=200, local_gib=h100.local_ssd_gib)])
    assert {total.name: total.amount for total in totals if total.unit.endswith("gib")} == {
        "SSD_TOTAL_GB": 600,
        "LOCAL_SSD_TOTAL_GB_PER_VM_FAMILY (vm_family=A3)": 18_000,
    }
    found = machine("aws", "H100:8", "us-east-1")
    nodes = [
        Demand(found, 3, "on-demand", "us-east-1", disk_gib=300),
        Demand(found, 1, "spot", "us-east-1", disk_gib=300),
    ]
    assert [total.amount for total in quota_demands(nodes) if total.unit == "disk-tib"] == [2]


def test_resources_are_counted_by_type() -> None:
    quotas = load_catalog(catalog_path("gcp")).resource_quotas
    types = ["gcp:compute/network:Network", "gcp:compute/address:Address", "gcp:compute/address:Address"]
    assert [(total.name, total.amount, total.region) for total in resource_demands(types, quotas, "us-central1")] == [
        ("NETWORKS", 1, None),
        ("STATIC_ADDRESSES", 2, "us-central1"),
        ("IN_USE_ADDRESSES", 2, "us-central1"),
    ]
