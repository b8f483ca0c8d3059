"""Azure: the Retail Prices API. https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote, urlsplit

from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.cost.refresh.fetch import NotRefreshed, read_json_page
from mlplatform.plan.cost.refresh.quote import Quote

URL = "https://prices.azure.com"
_MACHINES = "https://azure.microsoft.com/pricing/details/virtual-machines/linux/"
_DISKS = "https://azure.microsoft.com/pricing/details/managed-disks/"
_MOST_PAGES = 2000
"""Pages of a hundred prices; the machines of one region take some forty."""


def quotes(base: str, regions: Sequence[str], catalog: Catalog, pause_seconds: float) -> Iterator[Quote]:
    """Prices of machines on demand and as spot, and of Premium SSDs."""
    machines = {machine.machine_type for machine in (*catalog.machines, *catalog.cpu_machines)}
    for region in regions:
        listed = _items(base, f"serviceName eq 'Virtual Machines' and armRegionName eq '{region}'", pause_seconds)
        # one size can be listed twice: the region's primary meter counts, and of two prices the newer
        for item in sorted(listed, key=lambda one: (one.get("isPrimaryMeterRegion") is True, _day(one))):
            if found := _machine(item, machines, region):
                yield found
        disks = f"productName eq 'Premium SSD Managed Disks' and armRegionName eq '{region}'"
        for item in _items(base, disks, pause_seconds):
            tier, _, redundancy = _text(item, "skuName").partition(" ")
            if redundancy == "LRS" and _text(item, "meterName") == f"{tier} LRS Disk":
                yield Quote(f"disk/{tier}", "month", region, _price(item), _DISKS)


def _machine(item: Mapping[str, object], machines: set[str], region: str) -> Quote | None:
    name, sku, product = _text(item, "armSkuName"), _text(item, "skuName"), _text(item, "productName")
    # Windows, Cloud Services and the old low priority are separate products of the same sizes
    other = "Windows" in product or "CloudServices" in product.replace(" ", "") or sku.endswith("Low Priority")
    if name not in machines or other or _price(item) <= 0:
        return None
    kind = "spot" if sku.endswith("Spot") else "machine"
    return Quote(f"{kind}/{name}", "hour", region, _price(item), _MACHINES)


def _day(item: Mapping[str, object]) -> str:
    return _text(item, "effectiveStartDate")


def _items(base: str, condition: str, pause_seconds: float) -> Iterator[Mapping[str, object]]:
    conditions = quote(f"{condition} and priceType eq 'Consumption'")
    url = f"{base}/api/retail/prices?$filter={conditions}"
    for _ in range(_MOST_PAGES):
        page = read_json_page(url, pause_seconds=pause_seconds)
        listed = page.get("Items")
        if not isinstance(listed, list):
            raise NotRefreshed(f"{base}: expected a page of the Retail Prices API, with Items")
        for item in cast("list[Mapping[str, object]]", listed):
            # a volume discount has a minimum number of units
            if item.get("currencyCode") == "USD" and not item.get("tierMinimumUnits"):
                yield item
        following = page.get("NextPageLink")
        if not isinstance(following, str) or not following:
            return
        # the pages of a mirror link to the vendor's next page
        parts = urlsplit(following)
        url = f"{base}{parts.path}?{parts.query}"
    raise NotRefreshed(f"{base}: more than {_MOST_PAGES} pages; expected the list to end")


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _price(item: Mapping[str, object]) -> float:
    value = item.get("retailPrice")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotRefreshed(f"{_text(item, 'meterName')}: expected a number as retailPrice, got {value!r}")
    return float(value)
