"""Refreshes prices from the clouds' public price lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib import import_module
from typing import cast

from mlplatform import discovery
from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.cost.public_lists import has_list
from mlplatform.plan.cost.refresh.document import price_file_text
from mlplatform.plan.cost.refresh.fetch import NotRefreshed as NotRefreshed
from mlplatform.plan.cost.refresh.quote import Quote

_Quotes = Callable[[str, Sequence[str], Catalog, float], Iterator[Quote]]
PAUSE_SECONDS = 2.0
"""Pause before a page is requested again."""


def refresh_prices(
    cloud: str,
    regions: Sequence[str] = (),
    url: str | None = None,
    *,
    today: date | None = None,
    pause_seconds: float = PAUSE_SECONDS,
) -> tuple[str, int]:
    """Read a public price list and return a price file's text and its number of prices.

    Args:
        cloud: the cloud's name.
        regions: regions to read. Omitted: the region of the catalogue's prices.
        url: a mirror of the list. Omitted: the vendor's.
        today: date of the prices. Omitted: this day.
        pause_seconds: pause before a page is requested again.

    Raises:
        NotRefreshed: there is no such list, it cannot be read, or it has none of the prices.
    """
    name = f"{__name__}.{cloud}"
    if not has_list(cloud):
        raise NotRefreshed(f"--cloud: got '{cloud[:40]}', expected one with a public price list: aws, azure, gcp")
    catalog = discovery.backend(cloud).catalog
    for region in regions:
        if region not in catalog.regions:
            near = catalog.near_regions(region)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise NotRefreshed(f"--region: {catalog.title} has no region '{region[:40]}'{meant}")
    module = import_module(name)
    wanted = tuple(dict.fromkeys(regions)) or (catalog.price_region,)
    read = cast("_Quotes", module.quotes)
    by_sku = {
        (q.sku, q.region): q for q in read((url or cast("str", module.URL)).rstrip("/"), wanted, catalog, pause_seconds)
    }
    quotes = [quote for _, quote in sorted(by_sku.items()) if quote.usd > 0]
    if not quotes:
        raise NotRefreshed(f"{catalog.title}'s list has no price for {', '.join(wanted)}: nothing was written")
    return price_file_text(cloud, quotes, today or date.today()), len(quotes)
