"""Which machine is taken, what is refused and why, and what is proposed instead."""

from pathlib import Path
from typing import TypedDict, Unpack

import pytest

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import (
    CapacityKind,
    Choice,
    CpuUse,
    NotOffered,
    Serving,
    Use,
    catalog_path,
    load_catalog,
)

HOME = {"aws": "us-east-1", "gcp": "us-central1", "azure": "eastus2"}


class Wish(TypedDict, total=False):
    zone: str
    use: Use
    capacity: CapacityKind
    fabric: bool
    mig: str
    time_slicing: bool
    vcpus: float
    memory_gib: float
    insisted: tuple[str, ...]


def choose(cloud: str, accelerators: str, region: str | None = None, **wish: Unpack[Wish]) -> Choice | NotOffered:
    options = [Accelerator.parse(text) for text in accelerators.split(",")]
    return load_catalog(catalog_path(cloud)).choose(options, region or HOME[cloud], **wish)


def taken(cloud: str, accelerators: str, region: str | None = None, **wish: Unpack[Wish]) -> Choice:
    choice = choose(cloud, accelerators, region, **wish)
    assert isinstance(choice, Choice), str(choice)
    return choice


def refused(cloud: str, accelerators: str, region: str | None = None, **wish: Unpack[Wish]) -> NotOffered:
    refusal = choose(cloud, accelerators, region, **wish)
    assert isinstance(refusal, NotOffered)
    return refusal


def test_the_first_acceptable_accelerator_is_taken() -> None:
    choice = taken("aws", "L4:1,T4:1")
    assert (choice.accelerator, choice.index, choice.passed_over) == (Accelerator("L4"), 0, ())
    assert choice.reason == "g6.xlarge is the smallest that fits L4:1, choice 1 of 2"


def test_the_next_one_is_taken_where_a_cloud_lacks_the_first() -> None:
    choice = taken("azure", "L4:1,T4:1")
    assert (choice.accelerator, choice.index) == (Accelerator("T4"), 1)
    assert [(over.accelerator, over.reason) for over in choice.passed_over] == [(Accelerator("L4"), "Azure has no L4")]
    assert "choice 2 of 2, because Azure has no L4" in choice.reason


def test_the_next_one_is_taken_where_a_region_lacks_the_first() -> None:
    choice = taken("aws", "L4:1,A10G:1", "eu-west-1")
    assert choice.machine.machine_type == "g5.xlarge"
    assert "AWS offers no L4:1 in eu-west-1, but in eu-central-1" in choice.passed_over[0].reason


@pytest.mark.parametrize(
    ("cloud", "asked", "said", "nearest"),
    [
        ("aws", "L4:2", "AWS offers L4 with 1, 4 or 8 per machine, not 2", "L4:4, L4:1"),
        ("aws", "T4:2", "AWS offers T4 with 1, 4 or 8 per machine, not 2", "T4:4, T4:1"),
        (
            "aws",
            "A100-80GB:4",
            "AWS offers A100-80GB only with 8 per machine (p4de.24xlarge), not 4",
            "A100-80GB:8, RTX-PRO-6000:4, L40S:4",
        ),
        ("aws", "H100:4", "AWS offers H100 with 1 or 8 per machine, not 4", "H100:8, H100:1"),
        ("aws", "MI300X:8", "AWS has no MI300X", "H200:8, B200:8, H100:8"),
        ("aws", "V100:8", "AWS has no V100", "V100-32GB:8"),
        ("gcp", "A10G", "GCP has no A10G", "L4:1"),
        ("gcp", "L40S", "GCP has no L40S", "RTX-PRO-6000:1"),
        ("gcp", "A100-80GB:16", "GCP offers A100-80GB with 1, 2, 4 or 8 per machine", "A100-80GB:8"),
        ("azure", "L4", "Azure has no L4", "T4:1, A10:1"),
        ("azure", "L40S", "Azure has no L40S", "A10:1"),
        ("azure", "H100:4", "Azure offers H100 with 1, 2 or 8 per machine, not 4", "H100:8, H100:2"),
        ("azure", "B200:8", "Azure has no B200", "H200:8"),
        ("azure", "Trn2:16", "Azure has no Trainium2", "H100:8"),
    ],
)
def test_what_a_cloud_lacks_is_refused_with_the_nearest(cloud: str, asked: str, said: str, nearest: str) -> None:
    refusal = refused(cloud, asked)
    assert said in str(refusal)
    assert ", ".join(map(str, refusal.nearest)).startswith(nearest)


def test_proposals_are_offered_under_the_same_conditions() -> None:
    wishes: list[Wish] = [
        {},
        {"use": "online"},
        {"use": "zero"},
        {"fabric": True},
        {"capacity": "reservation"},
    ]
    for cloud in HOME:
        for asked in ("L4:3", "T4:8", "H100:4", "A100:2", "B300:4", "V100:16", "MI300X:1", "Inf2:6"):
            for wish in wishes:
                outcome = choose(cloud, asked, **wish)
                for accelerator in outcome.nearest if isinstance(outcome, NotOffered) else ():
                    taken(cloud, str(accelerator), **wish)


def test_a_region_that_lacks_it_is_refused_with_those_that_have_it() -> None:
    refusal = refused("aws", "H100:8", "eu-central-1")
    assert "AWS offers no H100:8 in eu-central-1, but in eu-north-1, eu-west-2" in str(refusal)
    assert refusal.nearest[0] == Accelerator("A100-80GB", 8)


def test_a_machine_of_which_nobody_knows_a_region_is_refused_with_that(tmp_path: Path) -> None:
    file = tmp_path / "orbit.toml"
    file.write_text(
        'cloud = "orbit"\ntitle = "Orbit"\nas_of = 2026-01-01\ncurrency = "USD"\nprice_region = "north"\n'
        'zone_name = "{region}-{zone}"\nsources = ["https://orbit.example"]\n[regions]\nnorth = { zones = ["a"] }\n'
        '[[gpu]]\naccelerator = "T4"\ngpu_memory_gib = 16\ncapacities = ["on-demand"]\nuses = ["training"]\n'
        'machines = [{ type = "t4", gpus = 1, vcpus = 8, memory_gib = 32 }]\n',
        encoding="utf-8",
    )
    refusal = load_catalog(file).choose([Accelerator("T4", 1)], "north")
    assert isinstance(refusal, NotOffered)
    assert refusal.reasons == ("the catalogue of Orbit names no region that has T4:1",)
    assert refusal.unlisted == ("t4",)


def test_offers_are_those_of_a_machine_not_of_its_family() -> None:
    for region in ("us-west-1", "eu-north-1", "ca-central-1"):
        assert taken("aws", "H100:8", region).machine.machine_type == "p5.48xlarge"
        refusal = refused("aws", "H100:1", region)
        assert f"AWS offers no H100:1 in {region}, but in" in str(refusal)
        assert refusal.nearest[0] == Accelerator("H100", 8)
        assert refusal.unlisted == ("p5.4xlarge",)
    assert taken("aws", "H100:1", "us-west-2").machine.machine_type == "p5.4xlarge"


def test_serving_has_lists_of_its_own() -> None:
    assert taken("aws", "L4", "eu-central-1").machine.machine_type == "g6.xlarge"
    refusal = refused("aws", "L4", "eu-central-1", use="online")
    assert "AWS offers no L4:1 in eu-central-1 for always-on endpoints, but in us-east-1" in str(refusal)
    assert refusal.unlisted == ("ml.g6.xlarge",)
    assert taken("aws", "L4", "eu-central-1", use="online", insisted=("ml.g6.xlarge",))
    assert isinstance(choose("aws", "L4", "eu-central-1", use="online", insisted=("g6.xlarge",)), NotOffered)
    assert "no T4:1 in eastus for endpoints that scale to zero" in str(refused("azure", "T4", "eastus", use="zero"))
    assert "no A100-80GB:1 in westeurope" in str(refused("azure", "A100-80GB", "westeurope", use="zero"))
    assert taken("azure", "T4", "westeurope", use="zero")
    assert "no RTX-PRO-6000:1 in europe-west4" in str(refused("gcp", "RTX-PRO-6000", "europe-west4", use="zero"))
    assert taken("gcp", "RTX-PRO-6000", "europe-west4")


def test_a_region_that_is_none_is_refused_with_what_was_meant() -> None:
    assert str(refused("aws", "L4", "us-est-1")).startswith("AWS has no region 'us-est-1'; did you mean")
    assert str(refused("gcp", "L4", "eastus2")) == "GCP has no region 'eastus2'; did you mean us-east1?" or str(
        refused("gcp", "L4", "eastus2")
    ).startswith("GCP has no region 'eastus2'")


def test_a_zone_that_lacks_it_is_refused_with_those_that_have_it() -> None:
    refusal = refused("gcp", "A100-80GB:8", zone="us-central1-b")
    assert "GCP offers no A100-80GB:8 in us-central1-b, but in us-central1-a, us-central1-c" in str(refusal)
    assert taken("gcp", "A100-80GB:8", zone="us-central1-c").machine.machine_type == "a2-ultragpu-8g"


def test_where_the_zones_are_not_known_any_is_accepted() -> None:
    assert taken("gcp", "L4", zone="us-central1-a").machine.machine_type == "g2-standard-4"
    assert taken("aws", "H100:8", zone="us-east-1f").machine.machine_type == "p5.48xlarge"


@pytest.mark.parametrize(
    ("cloud", "asked", "capacity", "said"),
    [
        ("gcp", "H100:1", "on-demand", "GCP offers H100:1 only as spot or flex-start, not as on-demand"),
        ("gcp", "H200:8", "on-demand", "only as spot or flex-start or reservation or capacity-block"),
        (
            "azure",
            "H100:8",
            "reservation",
            "Azure offers H100:8 only as on-demand or spot, not as reservation",
        ),
        ("azure", "H100:2", "reservation", "only as on-demand or spot"),
        ("azure", "A100-80GB:4", "capacity-block", "only as on-demand or spot or reservation"),
        ("aws", "L4", "capacity-block", "AWS offers L4:1 only as on-demand or spot or reservation"),
    ],
)
def test_capacity_that_a_cloud_does_not_sell_is_refused(
    cloud: str, asked: str, capacity: CapacityKind, said: str
) -> None:
    assert said in str(refused(cloud, asked, capacity=capacity))


@pytest.mark.parametrize(
    ("cloud", "asked", "machine", "kind", "gbps"),
    [
        ("aws", "H100:8", "p5.48xlarge", "efa", 3200),
        ("aws", "L4", "g6.8xlarge", "efa", 25),
        ("gcp", "H100:8", "a3-megagpu-8g", "tcpxo", 1600),
        ("azure", "H100:8", "Standard_ND96isr_H100_v5", "infiniband", 3200),
    ],
)
def test_fabric_narrows_the_choice(cloud: str, asked: str, machine: str, kind: str, gbps: int) -> None:
    choice = taken(cloud, asked, fabric=True)
    assert choice.machine.machine_type == machine
    assert choice.machine.fabric is not None
    assert (choice.machine.fabric.kind, choice.machine.fabric.gbps) == (kind, gbps)


def test_fabric_that_a_machine_lacks_is_refused() -> None:
    refusal = refused("azure", "H100:1", fabric=True)
    assert "Azure has no fast fabric with H100:1 (Standard_NC40ads_H100_v5)" in str(refusal)
    assert refusal.nearest[0] == Accelerator("H100", 8)
    assert "GCP has no fast fabric with L4:8" in str(refused("gcp", "L4:8", fabric=True))


def test_mig_profiles_are_checked_against_the_gpu_and_the_cloud() -> None:
    assert dict(taken("aws", "H100:8", mig="3g.40gb").machine.mig)["3g.40gb"] == 2
    assert dict(taken("azure", "H100:1", mig="1g.12gb").machine.mig)["1g.12gb"] == 7
    assert "valid are 1g.12gb, 2g.24gb" in str(refused("azure", "H100:1", mig="1g.10gb"))
    assert "valid are 1g.5gb, 2g.10gb, 3g.20gb, 7g.40gb" in str(refused("gcp", "A100:1", mig="1g.10gb"))
    assert "AWS cannot partition T4 with MIG" in str(refused("aws", "T4", mig="1g.5gb"))
    assert "GCP cannot partition RTX-PRO-6000 with MIG" in str(refused("gcp", "RTX-PRO-6000", mig="1g.24gb"))


def test_time_slicing_is_nvidias() -> None:
    assert taken("aws", "L4", time_slicing=True)
    assert "MI300X cannot be shared by time-slicing" in str(refused("azure", "MI300X:8", time_slicing=True))
    assert "Trainium1 cannot be shared" in str(refused("aws", "Trn1", time_slicing=True))


def test_a_minimum_of_vcpus_and_memory_takes_a_larger_machine() -> None:
    assert taken("aws", "L4", vcpus=12).machine.machine_type == "g6.4xlarge"
    assert taken("aws", "L4", memory_gib=100).machine.machine_type == "gr6.4xlarge"
    refusal = refused("azure", "T4", vcpus=32)
    assert "Azure has no T4:1 with at least 32 vCPUs and 0 GiB" in str(refusal)
    assert "Standard_NC16as_T4_v3 with 16 vCPUs and 110 GiB" in str(refusal)


@pytest.mark.parametrize(
    ("cloud", "asked", "use", "serving"),
    [
        ("aws", "L4", "online", "ml.g6.xlarge"),
        ("aws", "T4", "zero", "ml.g4dn.xlarge"),
        ("gcp", "L4", "online", "nvidia-l4"),
        ("gcp", "L4", "zero", "nvidia-l4"),
        ("gcp", "RTX-PRO-6000", "zero", "nvidia-rtx-pro-6000"),
        ("azure", "T4", "online", "Standard_NC4as_T4_v3"),
        ("azure", "T4", "zero", "Consumption-GPU-NC8as-T4"),
        ("azure", "A100-80GB", "zero", "Consumption-GPU-NC24-A100"),
    ],
)
def test_endpoints_get_the_serving_services_own_type(cloud: str, asked: str, use: Serving, serving: str) -> None:
    region = "swedencentral" if (cloud, use) == ("azure", "zero") else None
    assert taken(cloud, asked, region, use=use).machine.serving_type(use) == serving


def test_a_machine_that_hosts_no_endpoint_has_no_serving_type() -> None:
    with pytest.raises(ValueError, match="hosts no endpoint of kind 'zero'"):
        taken("azure", "H100:8").machine.serving_type("zero")


def test_accelerators_that_host_no_endpoint_are_refused() -> None:
    assert str(refused("gcp", "T4", use="online")) == "no T4 of GCP hosts an always-on endpoint; nearest: L4:1"
    assert "no H100 of Azure hosts an endpoint that scales to zero" in str(refused("azure", "H100:8", use="zero"))
    assert "not 2" in str(refused("gcp", "L4:2", use="zero"))
    assert "AWS offers no L4:1 in eu-west-1" in str(refused("aws", "L4", "eu-west-1", use="zero"))


def test_what_the_catalogue_cannot_vouch_for_is_said() -> None:
    refusal = refused("aws", "B200:8", "ap-south-1")
    assert "AWS offers no B200:8 in ap-south-1, but in eu-north-1" in str(refusal)
    assert refusal.unlisted == ("p6-b200.48xlarge",)
    choice = taken("aws", "B200:8", "ap-south-1", insisted=refusal.unlisted)
    as_of = load_catalog(catalog_path("aws")).as_of
    assert choice.cautions == (
        f"the list of {as_of} does not have p6-b200.48xlarge in ap-south-1: "
        "the target's `offered` says that it is there",
    )
    assert choice.cautions[0] in choice.reason
    assert refused("aws", "L4:2", "ap-south-1").unlisted == ()
    assert "H100 NVL with 94 GB" in taken("azure", "H100").reason
    assert taken("aws", "L4").cautions == ()


def test_every_reason_is_told_when_nothing_is_acceptable() -> None:
    refusal = refused("azure", "L4:1,L40S:1,H100:3")
    assert len(refusal.reasons) == len(refusal.passed_over) == 3
    assert str(refusal).startswith("Azure has no L4; Azure has no L40S; Azure offers H100 with 1, 2 or 8")
    assert len(refusal.nearest) == 3


@pytest.mark.parametrize(
    ("cloud", "vcpus", "memory_gib", "use", "machine", "serving"),
    [
        ("aws", 4, 16, "system", "m7i.xlarge", None),
        ("aws", 2, 4, "online", "c6i.large", "ml.c6i.large"),
        ("aws", 2, 8, "zero", "m6i.large", "ml.m6i.large"),
        ("gcp", 4, 16, "system", "e2-standard-4", None),
        ("gcp", 2, 4, "online", "cloud-run-2cpu", "cloud-run-2cpu"),
        ("azure", 4, 16, "system", "Standard_D4ds_v5", None),
        ("azure", 2, 4, "online", "Standard_D2as_v4", "Standard_D2as_v4"),
        ("azure", 2, 4, "zero", "consumption-2cpu", "Consumption"),
    ],
)
def test_machines_without_accelerator(
    cloud: str, vcpus: int, memory_gib: int, use: CpuUse, machine: str, serving: str | None
) -> None:
    found = load_catalog(catalog_path(cloud)).cpu(vcpus, memory_gib, use, HOME[cloud])
    assert not isinstance(found, NotOffered)
    assert found.machine_type == machine
    if serving and use != "system":
        assert found.serving_type(use) == serving


def test_too_large_a_machine_without_accelerator_is_refused() -> None:
    azure = load_catalog(catalog_path("azure"))
    assert "the largest is consumption-4cpu with 4 and 8" in str(azure.cpu(8, 16, "zero", "eastus2"))
    assert "GCP has no region 'mars'" in str(load_catalog(catalog_path("gcp")).cpu(1, 1, "system", "mars"))


def test_a_machine_without_accelerator_hosts_only_what_it_can() -> None:
    found = load_catalog(catalog_path("azure")).cpu(4, 16, "system", "eastus2")
    assert not isinstance(found, NotOffered)
    assert found.serving == frozenset()
    with pytest.raises(ValueError, match="Standard_D4ds_v5 hosts no endpoint of kind 'online'"):
        found.serving_type("online")


def test_a_region_without_the_newest_machine_gets_the_one_before() -> None:
    found = load_catalog(catalog_path("aws")).cpu(4, 16, "system", "eu-south-1")
    assert not isinstance(found, NotOffered)
    assert found.machine_type == "m6i.xlarge"
