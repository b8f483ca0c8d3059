"""Prices from lists in the vendors' documented shapes, served on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mlplatform.plan.cost.price_file import load
from mlplatform.plan.cost.refresh import NotRefreshed, refreshed

DAY = date(2026, 11, 1)
Answer = Callable[[str, dict[str, list[str]]], tuple[int, str]]


class Served:
    """A server whose answers a test decides."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _path, _query: (404, "")
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                outer.asked.append(unquote(self.path))
                code, text = outer.answer(parts.path, parse_qs(parts.query))
                self.send_response(code)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.server.shutdown()
    server.server.server_close()


def _read(tmp_path: Path, text: str) -> dict[tuple[str, str], float]:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    return {(sku, r): price.usd for sku, regions in load(file).entries.items() for r, price in regions.items()}


OFFER = """"FormatVersion","v1.0"
"Disclaimer","…"
"Publication Date","2026-10-30T00:00:00Z"
"Version","20261030000000"
"OfferCode","{service}"
"SKU","TermType","StartingRange","Unit","PricePerUnit","Currency","usageType","operation","Region Code"
{rows}
"""


def test_aws_offer_files_give_machines_endpoints_and_what_is_named(served: Served, tmp_path: Path) -> None:
    rows = {
        "AmazonEC2": [
            '"1","OnDemand","0","Hrs","60.5","USD","EU-BoxUsage:p5.48xlarge","RunInstances","eu-west-1"',
            '"2","OnDemand","0","Hrs","99.0","USD","EU-BoxUsage:p5.48xlarge","RunInstances:0002","eu-west-1"',
            '"3","Reserved","0","Hrs","30.0","USD","EU-BoxUsage:p5.48xlarge","RunInstances","eu-west-1"',
            '"4","OnDemand","0","Hrs","1.0","USD","EU-BoxUsage:t3.nano","RunInstances","eu-west-1"',
            '"5","OnDemand","0","Hrs","0.048","USD","EU-NatGateway-Hours","NatGateway","eu-west-1"',
            '"6","OnDemand","0","GB-Mo","0.088","USD","EU-EBS:VolumeUsage.gp3","","eu-west-1"',
        ],
        "AmazonSageMaker": ['"7","OnDemand","0","Hrs","0.128","USD","EU-Host:ml.m6i.large","RunInstance","eu-west-1"'],
        "AmazonCloudWatch": [
            '"8","OnDemand","0","GB","0.57","USD","EU-DataProcessing-Bytes","PutLogEvents","eu-west-1"',
            '"9","OnDemand","10","GB","0.11","USD","EU-DataProcessing-Bytes","PutLogEvents","eu-west-1"',
        ],
    }

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        service = path.split("/")[4]
        assert path == f"/offers/v1.0/aws/{service}/current/eu-west-1/index.csv"
        return 200, OFFER.format(service=service, rows="\n".join(rows.get(service, [])))

    served.answer = answer
    text, count = refreshed("aws", ("eu-west-1",), served.url, today=DAY, pause_seconds=0)
    assert count == 5
    assert _read(tmp_path, text) == {
        ("machine/p5.48xlarge", "eu-west-1"): 60.5,
        ("nat-gateway", "eu-west-1"): 0.048,
        ("disk/gp3", "eu-west-1"): 0.088,
        ("serving/ml.m6i.large", "eu-west-1"): 0.128,
        ("logs-ingested", "eu-west-1"): 0.57,
    }
    assert refreshed("aws", ("eu-west-1",), served.url, today=DAY, pause_seconds=0)[0] == text


def _azure(name: str, sku: str, price: float, *, product: str = "Virtual Machines Series", meter: str = "") -> object:
    item = {"currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": price, "armSkuName": name}
    return {**item, "skuName": sku, "productName": product, "meterName": meter}


def test_azure_pages_are_followed_on_the_same_server(served: Served, tmp_path: Path) -> None:
    machine = "Standard_NC4as_T4_v3"

    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        assert path == "/api/retail/prices"
        if "Disks" in query["$filter"][0]:
            disk = _azure("", "P10 LRS", 21.0, meter="P10 LRS Disk")
            return 200, json.dumps({"Items": [disk, _azure("", "P10 ZRS", 31.0, meter="P10 ZRS Disk")]})
        if "$skip" in query:
            spot = _azure(machine, "NC4as T4 v3 Spot", 0.07)
            return 200, json.dumps({"Items": [spot, _azure("Other", "Other", 1)], "NextPageLink": None})
        items = [
            _azure(machine, "NC4as T4 v3", 0.6),
            _azure(machine, "NC4as T4 v3", 0.9, product="Virtual Machines Series Windows"),
            _azure(machine, "NC4as T4 v3 Low Priority", 0.1),
        ]
        link = f"https://prices.azure.com:443{path}?$filter=x&$skip=100"
        return 200, json.dumps({"Items": items, "NextPageLink": link})

    served.answer = answer
    text, _ = refreshed("azure", ("westeurope",), served.url, today=DAY, pause_seconds=0)
    assert _read(tmp_path, text) == {
        (f"machine/{machine}", "westeurope"): 0.6,
        (f"spot/{machine}", "westeurope"): 0.07,
        ("disk/P10", "westeurope"): 21.0,
    }
    assert "armRegionName eq 'westeurope'" in served.asked[0]


def _gcp(description: str, usd: float, usage: str = "OnDemand", region: str = "europe-west4") -> object:
    rate = {"startUsageAmount": 0, "unitPrice": {"currencyCode": "USD", "units": "0", "nanos": round(usd * 1e9)}}
    return {
        "description": description,
        "category": {"resourceFamily": "Compute", "usageType": usage},
        "serviceRegions": [region],
        "pricingInfo": [{"pricingExpression": {"usageUnit": "h", "tieredRates": [rate]}}],
    }


def test_gcp_machines_are_added_up_from_their_parts(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "": {
            "skus": [
                _gcp("N1 Predefined Instance Core running in Netherlands", 0.03),
                _gcp("N1 Predefined Instance Ram running in Netherlands", 0.004),
                _gcp("N1 Predefined Instance Core running in Iowa", 9, region="us-central1"),
            ],
            "nextPageToken": "second",
        },
        "second": {
            "skus": [
                _gcp("Nvidia Tesla T4 GPU running in Netherlands", 0.35),
                _gcp("Spot Preemptible N1 Predefined Instance Core running in Netherlands", 0.01, "Preemptible"),
            ]
        },
    }
    served.answer = lambda _path, query: (200, json.dumps(pages[query.get("pageToken", [""])[0]]))
    monkeypatch.setenv("GOOGLE_API_KEY", "not-a-key")
    text, _ = refreshed("gcp", ("europe-west4",), served.url, today=DAY, pause_seconds=0)
    found = _read(tmp_path, text)
    # n1-standard-8: 8 vCPUs, 30 GB
    assert found["machine/n1-standard-8+T4:1", "europe-west4"] == pytest.approx(8 * 0.03 + 30 * 0.004 + 0.35)
    assert not [sku for sku, _ in found if sku.startswith("spot/") or "V100" in sku], "a part has no price"
    assert "not-a-key" not in text


def test_a_server_that_is_busy_is_asked_again(served: Served) -> None:
    answers = iter([503, 429, 200])
    served.answer = lambda _path, _query: (next(answers, 200), json.dumps({"Items": []}))
    with pytest.raises(NotRefreshed, match="has no price for westeurope: nothing is written"):
        refreshed("azure", ("westeurope",), served.url, pause_seconds=0)
    assert len(served.asked) == 4


@pytest.mark.parametrize(
    ("cloud", "region", "body", "said"),
    [
        ("azure", "westeurope", "{}", "expected a page of the Retail Prices API"),
        ("azure", "westeurope", "<html>", "no JSON"),
        (
            "azure",
            "westeurope",
            '{"Items": [{"currencyCode": "USD", "armSkuName": "Standard_D2ds_v5"}]}',
            "retailPrice",
        ),
        ("aws", "eu-west-1", "<html>", "expected an offer file"),
        ("aws", "eu-west-9", "", "no region 'eu-west-9'"),
        ("stratus", "x", "", "expected one with a public price list: aws, azure, gcp"),
        ("fetch", "x", "", "expected one with a public price list"),
    ],
)
def test_what_is_no_price_list_is_refused(served: Served, cloud: str, region: str, body: str, said: str) -> None:
    served.answer = lambda _path, _query: (200, body)
    with pytest.raises(NotRefreshed, match=said):
        refreshed(cloud, (region,), served.url, pause_seconds=0)


def test_without_a_network_or_a_key_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    with pytest.raises(NotRefreshed, match="cannot be reached"):
        refreshed("azure", (), "http://127.0.0.1:9", pause_seconds=0)
    with pytest.raises(NotRefreshed, match="GOOGLE_API_KEY"):
        refreshed("gcp", (), "http://127.0.0.1:9", pause_seconds=0)
    with pytest.raises(NotRefreshed, match="begins with https"):
        refreshed("azure", (), "file:///etc/passwd", pause_seconds=0)
