"""`mlplatform accelerators`: what the catalogue and the price files say of each machine, with sources and dates."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.cli.conftest import Result

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.plan.cost.offers import cheapest, machine_offers

Command = Callable[..., Result]
CLOUDS = ("aws", "azure", "gcp")


def test_one_accelerator_on_every_cloud(command: Command) -> None:
    text = command("accelerators", "H100:8")
    assert text.code == 0
    for words in ("p5.48xlarge", "a3-highgpu-8g", "Standard_ND96isr_H100_v5", "efa 3200", "L-417A185B"):
        assert words in text.out
    assert "USD an hour in every region" in text.flat  # a capacity block
    assert max(map(len, text.out.splitlines())) <= 130


@pytest.mark.parametrize("name", sorted({str(offer.machine.accelerator) for offer in machine_offers(CLOUDS)}))
def test_text_is_short_and_has_the_cheapest(command: Command, name: str) -> None:
    """Of each cloud, the cheapest machine in each kind of capacity is there, and what is left out can be had."""
    offers = machine_offers(CLOUDS, (Accelerator.parse(name),))
    text, whole = command("accelerators", name), command("accelerators", name, "--all")
    rows = [line.split()[2] for line in text.out.splitlines() if line.startswith(name)][1:]
    assert {offer.name for offer, _ in cheapest(offers)} <= set(rows)
    assert all(offer.name in whole.out for offer in offers)
    assert len(text.out.splitlines()) <= 100
    left = len(offers) - len(rows)
    assert (f"{left} other machines are left out: --all shows them" in text.flat) is bool(left)
    assert "--all" not in whole.out


def test_json_has_all(command: Command) -> None:
    offers = json.loads(command("accelerators", "--format", "json").out)["offers"]
    assert len(offers) == len(machine_offers(CLOUDS))
    assert len(command("accelerators").out.splitlines()) < len(command("accelerators", "--all").out.splitlines())


def test_json_has_what_a_tool_compares(command: Command) -> None:
    offers = json.loads(command("accelerators", "L4", "--format", "json").out)["offers"]
    assert {offer["cloud"] for offer in offers} == {"aws", "gcp"}  # Azure sells none
    g6 = next(offer for offer in offers if offer["machine_type"] == "g6.xlarge")
    assert (g6["accelerator"], g6["vcpus"], g6["memory_gib"], g6["device_memory_gib"]) == (
        "L4:1",
        4,
        16,
        22,
    )  # as AWS states it
    assert "us-east-1" in g6["regions"]
    assert {price["capacity"] for price in g6["hourly"]} == {"on-demand", "spot", "endpoint"}
    assert {quota["code"] for quota in g6["quotas"]["on-demand"]} >= {"L-DB2E81BA"}


def test_a_region_has_its_own_prices_and_machines(command: Command) -> None:
    offers = json.loads(command("accelerators", "L4", "--region", "europe-west4", "--format", "json").out)["offers"]
    assert {offer["cloud"] for offer in offers} == {"gcp"}
    own = {price["region"] for offer in offers for price in offer["hourly"] if not price["estimate"]}
    assert own == {"europe-west4"}
    nowhere = command("accelerators", "H200:8", "--region", "eu-central-1", "--cloud", "aws")
    assert nowhere.code == 0
    assert nowhere.out == "no machine with H200:8 in eu-central-1\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("H10:8",), "did you mean H100"),
        (("H100:x",), "a whole number after the colon"),
        (("--cloud", "azur"), "did you mean azure?"),
        (("--region", "us-east1-"), "did you mean us-east-1 or us-east1?"),
        (("--region", "us-east1", "--cloud", "aws"), "expected a region of aws"),
    ],
)
def test_what_is_unknown_is_refused(command: Command, args: tuple[str, ...], words: str) -> None:
    refused = command("accelerators", *args)
    assert refused.code == 2
    assert words in refused.flat


def test_every_price_is_plausible_and_says_where_it_is_from() -> None:
    for offer in machine_offers(CLOUDS):
        count = offer.machine.accelerator.count
        prices = {each.way: each.price for each in offer.prices}
        for way, price in prices.items():
            where = f"{offer.cloud} {offer.machine.machine_type} {way}"
            assert price.source.startswith("https://"), where
            assert price.as_of.year >= 2024, where
            assert 0.03 < price.usd / count < 30, f"{where}: {price.usd}"
        if "spot" in prices and "on-demand" in prices:
            # of one region; the least of each may be of two
            assert prices["spot"].usd <= 1.1 * prices["on-demand"].usd, offer.machine.machine_type
        assert offer.used_for, offer.machine.machine_type


@pytest.mark.parametrize("given", [("L4", "--cloud", "gcp"), ()])
def test_one_day_of_prices_is_told_once(given: tuple[str, ...], command: Command) -> None:
    first, _, last = command("accelerators", *given).flat.partition("prices of ")[2].partition(".")[0].partition(" to ")
    assert first
    assert first != last
