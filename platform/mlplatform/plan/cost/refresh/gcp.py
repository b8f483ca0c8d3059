"""GCP: the Cloud Billing Catalog API, which prices cores, memory, accelerators and disks separately.

https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from mlplatform.catalog.catalog import Catalog
from mlplatform.catalog.machine import GpuMachine, Machine
from mlplatform.plan.cost.prices import machine_name
from mlplatform.plan.cost.refresh.fetch import NotRefreshed, read_json_page
from mlplatform.plan.cost.refresh.quote import Quote

URL = "https://cloudbilling.googleapis.com"
KEY = "GOOGLE_API_KEY"
"""Environment variable with the API key."""
_COMPUTE = "6F81-5844-456A"
"""Compute Engine's id in the catalogue."""
_SOURCE = "https://cloud.google.com/compute/all-pricing"
_FAMILIES = {
    "n1": ("N1 Predefined Instance Core", "N1 Predefined Instance Ram"),
    "n2": ("N2 Instance Core", "N2 Instance Ram"),
    "n4": ("N4 Instance Core", "N4 Instance Ram"),
    "e2": ("E2 Instance Core", "E2 Instance Ram"),
    "g2": ("G2 Instance Core", "G2 Instance Ram"),
    "g4": ("G4 Instance Core", "G4 Instance Ram"),
    "a2": ("A2 Instance Core", "A2 Instance Ram"),
    "a3": ("A3 Instance Core", "A3 Instance Ram"),
}
"""Beginnings of the descriptions of cores and memory, by family. Other families are not sold by part."""
_DEVICES = {
    "T4": "Nvidia Tesla T4 GPU",
    "V100": "Nvidia Tesla V100 GPU",
    "L4": "Nvidia L4 GPU",
    "A100-40GB": "Nvidia Tesla A100 GPU",
    "A100-80GB": "Nvidia Tesla A100 80GB GPU",
    "H100": "Nvidia H100 80GB GPU",
    "RTX-PRO-6000": "RTX 6000 96GB",
}
_DEVICES_OF_TYPE = {"a3-megagpu-8g": "Nvidia H100 80GB Mega GPU"}
"""Machine types in which the same accelerator has another price."""
_LOCAL_SSD = "SSD backed Local Storage"
_MONTH_HOURS = 730
Parts = Mapping[tuple[str, str], float]
"""Prices by the beginning of a description and by usage type."""


def quotes(base: str, regions: Sequence[str], catalog: Catalog, pause_seconds: float) -> Iterator[Quote]:
    """Prices of the catalogue's machines on demand and as spot, added up from their parts.

    Raises:
        NotRefreshed: there is no API key.
    """
    key = os.environ.get(KEY, "")
    if not key:
        raise NotRefreshed(f"GCP's price list needs an API key: set {KEY} (a key restricted to the Cloud Billing API)")
    skus = list(_skus(base, key, pause_seconds))
    for region in regions:
        parts = _parts(skus, region)
        for machine in (*catalog.machines, *catalog.cpu_machines):
            for kind, usage in (("machine", "OnDemand"), ("spot", "Preemptible")):
                if (usd := _sum(machine, parts, usage)) is not None:
                    yield Quote(f"{kind}/{machine_name(catalog, machine)}", "hour", region, round(usd, 6), _SOURCE)


def _sum(machine: Machine, parts: Parts, usage: str) -> float | None:
    """Sum of cores, memory, accelerators and included disks; None where a part has no price."""
    names = _FAMILIES.get(machine.machine_type.partition("-")[0])
    if names is None:
        return None
    needed = [((names[0], usage), machine.vcpus), ((names[1], usage), machine.memory_gib)]
    if isinstance(machine, GpuMachine):
        device = _DEVICES_OF_TYPE.get(machine.machine_type) or _DEVICES.get(machine.accelerator.name)
        if device is None:
            return None
        needed.append(((device, usage), machine.accelerator.count))
        if machine.local_ssd_gib and not machine.local_ssd_optional:
            needed.append(((_LOCAL_SSD, usage), machine.local_ssd_gib / _MONTH_HOURS))
    if any(part not in parts for part, _ in needed):
        return None
    return sum(parts[part] * amount for part, amount in needed)


def _parts(skus: Sequence[Mapping[str, object]], region: str) -> Parts:
    devices = (*_DEVICES.values(), *_DEVICES_OF_TYPE.values())
    beginnings = (*(name for pair in _FAMILIES.values() for name in pair), *devices, _LOCAL_SSD)
    found: dict[tuple[str, str], float] = {}
    for sku in skus:
        if region not in cast("Sequence[str]", sku.get("serviceRegions") or ()):
            continue
        category = cast("Mapping[str, object]", sku.get("category") or {})
        usage, description = str(category.get("usageType")), str(sku.get("description"))
        part = description.removeprefix("Spot Preemptible ")
        beginning = next((name for name in beginnings if part == name or part.startswith(f"{name} ")), None)
        if beginning and _is_plain(part.removeprefix(beginning), usage):
            found.setdefault((beginning, usage), _usd(sku))
    return found


def _is_plain(rest: str, usage: str) -> bool:
    """Whether it is the plain price of a part: no time-limited reservation and no other purchase option."""
    if rest.startswith(" attached to "):
        return usage == "Preemptible" and rest.lower().startswith((" attached to spot", " attached to preemptible"))
    return rest == "" or rest.startswith((" running", " in "))


def _skus(base: str, key: str, pause_seconds: float) -> Iterator[Mapping[str, object]]:
    token = ""
    while True:
        url = f"{base}/v1/services/{_COMPUTE}/skus?pageSize=5000&currencyCode=USD&key={key}&pageToken={token}"
        page = read_json_page(url, pause_seconds=pause_seconds)
        listed = page.get("skus")
        if not isinstance(listed, list):
            raise NotRefreshed(f"{base}: expected a page of the Cloud Billing Catalog API, with skus")
        yield from cast("list[Mapping[str, object]]", listed)
        token = str(page.get("nextPageToken") or "")
        if not token:
            return


def _usd(sku: Mapping[str, object]) -> float:
    """Price of the first tier that is not free."""
    try:
        info = cast("list[dict[str, dict[str, list[dict[str, dict[str, object]]]]]]", sku["pricingInfo"])
        for tier in info[0]["pricingExpression"]["tieredRates"]:
            price = int(str(tier["unitPrice"].get("units") or 0)) + int(str(tier["unitPrice"].get("nanos") or 0)) / 1e9
            if price:
                return price
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NotRefreshed(f"{sku.get('description')}: expected pricingInfo with tieredRates") from error
    return 0.0
