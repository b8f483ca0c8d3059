"""Every machine the catalogues offer has a price in the own stacks' regions, or a reason why it has none."""

from __future__ import annotations

from datetime import date

import pytest

from mlplatform import discovery
from mlplatform.plan.cost import Prices
from mlplatform.plan.cost.price_file import packaged_prices, price_paths, read_price_file
from mlplatform.plan.cost.prices import EVERYWHERE

from .needs import is_sold, needed_prices, paid

REGIONS = {"aws": ("us-east-1",), "gcp": ("us-central1",), "azure": ("eastus",)}
"""Of the own stacks."""
HOME = [(cloud, regions[0]) for cloud, regions in REGIONS.items()]


def _stated(prices: Prices, sku: str, region: str) -> bool:
    """Whether it has a price of its own, or of a region that the price file names: no other estimate counts."""
    return prices.own(sku, region) is not None or prices.stand_in(sku, region) is not None


@pytest.mark.parametrize(("cloud", "region"), HOME)
def test_every_machine_is_priced_or_listed_with_a_reason(cloud: str, region: str) -> None:
    catalog, prices = discovery.backend(cloud).catalog, packaged_prices(cloud)
    wanted = needed_prices(catalog, region)
    assert len(wanted) > 50
    silent = [sku for sku in wanted if not _stated(prices, sku, region) and not prices.not_priced_note(sku, region)]
    assert not sorted(silent), "neither priced nor in [[not_priced]]"


@pytest.mark.parametrize(("cloud", "region"), HOME)
def test_nothing_is_listed_as_not_priced_that_is_no_machine_or_has_a_price(cloud: str, region: str) -> None:
    catalog, prices = discovery.backend(cloud).catalog, packaged_prices(cloud)
    wanted = needed_prices(catalog, region)
    for told in prices.not_priced:
        assert told.reason
        named = [sku for sku in wanted if told.covers(sku, region)]
        assert not named or [sku for sku in named if not _stated(prices, sku, region)], (
            f"{told.skus}: nothing is missing"
        )
        exact = [sku for sku in told.skus if "*" not in sku and not sku.startswith("file-system/")]
        offered = {sku for machine in (*catalog.machines, *catalog.cpu_machines) for sku in paid(catalog, machine)}
        assert set(exact) <= offered, f"{told.skus}: the catalogue offers no such machine"


@pytest.mark.parametrize(("cloud", "region"), HOME)
def test_most_machines_have_a_price(cloud: str, region: str) -> None:
    """A list of reasons is no estimate: what is not priced stays the exception."""
    catalog, prices = discovery.backend(cloud).catalog, packaged_prices(cloud)
    machines = [m for m in (*catalog.machines, *catalog.cpu_machines) if is_sold(m, region)]
    full = [m for m in machines if all(_stated(prices, sku, region) for sku in paid(catalog, m))]
    assert len(full) / len(machines) > 0.7


@pytest.mark.parametrize("cloud", REGIONS)
def test_spot_costs_less_than_on_demand(cloud: str) -> None:
    """A slip in a column of figures shows here."""
    prices = packaged_prices(cloud)
    for sku, regions in prices.entries.items():
        if sku.startswith("spot/"):
            for region, spot in regions.items():
                full = prices.find("machine/" + sku.removeprefix("spot/"), region)
                assert full is None or 0.05 * full.usd < spot.usd < full.usd, (sku, region)


def test_an_endpoint_costs_somewhat_more_than_its_machine() -> None:
    prices = packaged_prices("aws")
    for sku, regions in prices.entries.items():
        if sku.startswith("serving/ml."):
            machine = prices.find("machine/" + sku.removeprefix("serving/ml."), "us-east-1")
            assert machine is not None
            assert 1.0 <= regions["us-east-1"].usd / machine.usd < 1.5, sku


@pytest.mark.parametrize("cloud", REGIONS)
def test_no_price_is_of_a_day_to_come(cloud: str) -> None:
    for path in price_paths(cloud):
        for sku, regions in read_price_file(path).entries.items():
            for region, price in regions.items():
                assert date(2024, 1, 1) < price.as_of <= date.today(), (sku, region)
                assert price.usd > 0
                assert price.region in (region, EVERYWHERE)


@pytest.mark.parametrize("cloud", REGIONS)
def test_what_stands_in_is_needed_and_priced(cloud: str) -> None:
    prices = packaged_prices(cloud)
    for told in prices.stand_ins:
        used = [sku for sku, r in prices.entries.items() if told.covers(sku) and told.of in r and told.region not in r]
        assert used, f"{told.skus} in {told.region}: nothing is missing there"
