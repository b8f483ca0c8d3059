"""Totals of what a platform asks of each quota."""

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, GpuMachine, NotOffered, Use, catalog_path, load_catalog
from mlplatform.catalog.quota import Demand, QuotaDemand, quota_demands


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
