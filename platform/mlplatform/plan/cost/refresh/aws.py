"""AWS: offer files of the price list, as CSV because the largest have hundreds of megabytes.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-reading-price-list-files.html
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence

from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.cost.charge import Unit
from mlplatform.plan.cost.refresh.fetch import NotRefreshed, open_lines
from mlplatform.plan.cost.refresh.quote import Quote

URL = "https://pricing.us-east-1.amazonaws.com"
_PREAMBLE = 5
"""Lines of an offer file before its header."""
_PAGES = {
    "AmazonEC2": "https://aws.amazon.com/ec2/pricing/on-demand/",
    "AmazonSageMaker": "https://aws.amazon.com/sagemaker/ai/pricing/",
    "AmazonVPC": "https://aws.amazon.com/privatelink/pricing/",
    "AmazonECR": "https://aws.amazon.com/ecr/pricing/",
    "AmazonCloudWatch": "https://aws.amazon.com/cloudwatch/pricing/",
}
_NAMED: Mapping[tuple[str, str], tuple[str, Unit]] = {
    ("AmazonEC2", "NatGateway-Hours"): ("nat-gateway", "hour"),
    ("AmazonEC2", "NatGateway-Bytes"): ("nat-gateway-data", "gib"),
    ("AmazonEC2", "EBS:VolumeUsage.gp3"): ("disk/gp3", "gib-month"),
    ("AmazonVPC", "VpcEndpoint-Hours"): ("interface-endpoint", "hour"),
    ("AmazonVPC", "VpcEndpoint-Bytes"): ("interface-endpoint-data", "gib"),
    ("AmazonECR", "TimedStorage-ByteHrs"): ("images", "gib-month"),
    ("AmazonCloudWatch", "DataProcessing-Bytes"): ("logs-ingested", "gib"),
    ("AmazonCloudWatch", "TimedStorage-ByteHrs"): ("logs-stored", "gib-month"),
    ("AmazonCloudWatch", "CW:AlarmMonitorUsage"): ("alarm", "month"),
}
"""Prices by service and usage type, which follows the region's prefix (`EU-NatGateway-Hours`)."""


def quotes(base: str, regions: Sequence[str], catalog: Catalog, pause_seconds: float) -> Iterator[Quote]:
    """Prices that estimates use, region by region."""
    machines = {machine.machine_type for machine in (*catalog.machines, *catalog.cpu_machines)}
    for region in regions:
        for service, page in _PAGES.items():
            url = f"{base}/offers/v1.0/aws/{service}/current/{region}/index.csv"
            with open_lines(url, pause_seconds=pause_seconds) as text:
                for row in _rows(url, text):
                    # a region's file can contain its local and Wavelength zones, which cost more
                    here = row.get("region code") in (None, "", region)
                    named = _name(service, row, machines) if here else None
                    if named and (usd := _number(row)) > 0:
                        yield Quote(*named, region, usd, page)


def _rows(url: str, text: Iterator[str]) -> Iterator[dict[str, str]]:
    for _ in range(_PREAMBLE):
        next(text, "")
    reader = csv.DictReader(text)
    # columns differ by service and in spelling: `usageType`, `Product Family`, `MarketOption`
    reader.fieldnames = [name.lower() for name in reader.fieldnames or ()]
    if not {"priceperunit", "usagetype", "termtype", "currency", "startingrange"} <= set(reader.fieldnames):
        raise NotRefreshed(f"{url}: expected an offer file of the AWS price list")
    yield from filter(_is_plain, reader)


def _is_plain(row: Mapping[str, str]) -> bool:
    """Whether it is an on-demand price in USD: no reserved term, no volume discount, nothing paid in advance.

    A capacity block is listed at 0 beside the on-demand price of the same machine.
    """
    market = row.get("marketoption") or "OnDemand"
    paid_by_use = row["termtype"] == "OnDemand" and market == "OnDemand"
    return paid_by_use and row["currency"] == "USD" and row["startingrange"] in ("0", "")


def _name(service: str, row: Mapping[str, str], machines: set[str]) -> tuple[str, Unit] | None:
    usage = row.get("usagetype", "")
    for (owner, kind), named in _NAMED.items():
        if owner == service and (usage == kind or usage.endswith(f"-{kind}")):
            return named
    head, _, machine = usage.rpartition(":")
    if service == "AmazonEC2" and machine in machines and head.rpartition("-")[2] == "BoxUsage":
        # other operations are Windows and databases on the same machine type
        return (f"machine/{machine}", "hour") if row.get("operation") == "RunInstances" else None
    if service == "AmazonSageMaker" and machine.startswith("ml.") and head.rpartition("-")[2] == "Host":
        return (f"serving/{machine}", "hour") if machine.removeprefix("ml.") in machines else None
    return None


def _number(row: Mapping[str, str]) -> float:
    try:
        return float(row["priceperunit"])
    except ValueError as error:
        raise NotRefreshed(f"usage type {row.get('usagetype', '')}: '{row['priceperunit']}' is no price") from error
