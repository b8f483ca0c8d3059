"""`mlplatform machines`: those without accelerator, what a spec gets for a size, and any machine by its name."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.cli.conftest import Result

from mlplatform import discovery
from mlplatform.catalog.machine import CpuMachine
from mlplatform.plan.cost.offers import cpu_offers

Command = Callable[..., Result]
CLOUDS = ("aws", "azure", "gcp")


def test_all_have_a_price_and_a_place() -> None:
    offers = cpu_offers(CLOUDS)
    assert {offer.cloud for offer in offers} == set(CLOUDS)
    for offer in offers:
        prices = {each.way: each.price for each in offer.prices}
        assert offer.used_for, offer.name
        per_vcpu = prices["on-demand"].usd / offer.machine.vcpus
        assert 0.01 < per_vcpu < 0.2, offer.name
        assert all(price.source.startswith("https://") and price.as_of.year >= 2024 for price in prices.values())
        if "endpoint" in prices:
            assert 1 <= prices["endpoint"].usd / prices["on-demand"].usd < 1.5, offer.name
    names = [offer.name for offer in offers]
    assert len(names) == len(set(names)), "a name means one machine"


def test_a_size_says_what_a_spec_gets(command: Command) -> None:
    found = json.loads(command("machines", "--vcpus", "8", "--memory-gib", "32", "--format", "json").out)
    taken = {(each["cloud"], each["for"]): each["machine_type"] for each in found["taken"]}
    for cloud in CLOUDS:
        catalog = discovery.backend(cloud).catalog
        machine = catalog.cpu(8, 32, "training", catalog.price_region)
        assert isinstance(machine, CpuMachine)
        assert taken[cloud, "pool"] == machine.machine_type
        assert (cloud, "endpoint") in taken
    assert all(each["vcpus"] >= 8 and each["memory_gib"] >= 32 for each in found["offers"])
    text = command("machines", "--vcpus", "8", "--memory-gib", "32", "--cloud", "aws")
    assert "AWS: m6i.2xlarge as a pool, m6i.2xlarge as an endpoint" in text.flat
    assert max(map(len, text.out.splitlines())) <= 130


def test_what_a_spec_gets_is_shown_among_the_cheapest(command: Command) -> None:
    size = ("--vcpus", "8", "--memory-gib", "32")
    found = json.loads(command("machines", *size, "--format", "json").out)
    few, whole = command("machines", *size).out, command("machines", *size, "--all").out
    assert all(each["machine_type"] in few for each in found["taken"])
    assert len(few.splitlines()) < len(whole.splitlines())
    assert len(command("machines").out.splitlines()) <= 50


def test_a_name_adds_regions_quotas_and_sources(command: Command) -> None:
    text = command("machines", "m6i.xlarge", "--region", "eu-west-1")
    assert "L-1216C47A" in text.flat
    assert "eu-west-1" in text.flat
    assert "p5.48xlarge" in command("machines", "p5.48xlarge").out  # one with accelerators is a machine as well
    nowhere = command("machines", "p5.48xlarge", "--region", "eu-west-1")
    assert nowhere.code == 0
    assert nowhere.out == "no machine p5.48xlarge in eu-west-1\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("m6i.xlarg",), "did you mean m6i.xlarge?"),
        (("--cloud", "gpc"), "did you mean gcp?"),
        (("--region", "us-east-1a"), "expected a region of aws, azure, gcp"),
        (("--vcpus", "-1"), "-1"),
    ],
)
def test_what_is_unknown_is_refused(command: Command, args: tuple[str, ...], words: str) -> None:
    refused = command("machines", *args)
    assert refused.code == 2
    assert words in refused.flat


def test_nothing_so_large_is_an_answer(command: Command) -> None:
    none = command("machines", "--vcpus", "1000", "--cloud", "gcp")
    assert (none.code, none.out) == (0, "no machine without accelerator with at least 1000 vCPUs in gcp\n")


def test_a_list_of_a_spec_is_compared_by_cloud(command: Command) -> None:
    text = command("accelerators", '["H200:8", "MI300X:8"]')
    assert text.out.startswith("H200:8 or MI300X:8, the cheapest hour on each cloud\n")
    best = json.loads(command("accelerators", "H200:8", "MI300X:8", "--format", "json").out)["cheapest"]
    assert {(each["cloud"], each["capacity"]) for each in best} >= {("azure", "on-demand"), ("aws", "capacity-block")}
    assert "GCP: sells none" in command("accelerators", "MI300X:8").flat
