"""docs/prices.md says what the package has."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.catalog.geography import continent_of
from mlplatform.plan.cost.price_file import packaged_prices

from .price_page import CLOUDS, price_page


def test_the_page_of_prices_is_what_the_files_have(root: Path, request: pytest.FixtureRequest) -> None:
    page, text = root / "docs" / "prices.md", price_page()
    if request.config.getoption("--update-goldens"):
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text, "prices changed: run `make goldens`"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_region_has_a_place(cloud: str) -> None:
    """Without one nothing could stand in for it, and a budget there could never be judged."""
    assert not [region for region in discovery.backend(cloud).catalog.regions if not continent_of(cloud, region)]
    priced = {region for by in packaged_prices(cloud).entries.values() for region in by} - {"*"}
    assert not [region for region in priced if not continent_of(cloud, region)]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_at_least_ten_regions_have_prices_of_machines(cloud: str) -> None:
    prices = packaged_prices(cloud)
    regions = {region for sku, by in prices.entries.items() if sku.startswith("machine/") for region in by}
    assert len(regions) >= 10
