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

from mlplatform.plan.cost.price_file import read_price_file
from mlplatform.plan.cost.refresh import NotRefreshed, refresh_prices

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
    return {
        (sku, r): price.usd for sku, regions in read_price_file(file).entries.items() for r, price in regions.items()
    }


PUBLISHED = Path(__file__).with_name("published")
"""A few entries of each list in the shape its vendor documents; the figures are made up."""


def _published(name: str) -> str:
    return (PUBLISHED / name).read_text(encoding="utf-8")


def test_aws_offer_files_give_machines_endpoints_and_what_is_named(served: Served, tmp_path: Path) -> None:
    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        service = path.split("/")[4]
        assert path == f"/offers/v1.0/aws/{service}/current/eu-west-1/index.csv"
        return 200, _published(f"{service}.csv")

    served.answer = answer
    text, count = refresh_prices("aws", ("eu-west-1",), served.url, today=DAY, pause_seconds=0)
    assert count == 10
    assert _read(tmp_path, text) == {
        ("machine/p5.48xlarge", "eu-west-1"): 60.5,
        ("machine/m6i.large", "eu-west-1"): 0.107,
        ("nat-gateway", "eu-west-1"): 0.048,
        ("nat-gateway-data", "eu-west-1"): 0.048,
        ("disk/gp3", "eu-west-1"): 0.088,
        ("serving/ml.m6i.large", "eu-west-1"): 0.128,
        ("interface-endpoint", "eu-west-1"): 0.011,
        ("images", "eu-west-1"): 0.1,
        ("logs-ingested", "eu-west-1"): 0.57,
        ("alarm", "eu-west-1"): 0.1,
    }
    assert refresh_prices("aws", ("eu-west-1",), served.url, today=DAY, pause_seconds=0)[0] == text


def test_azure_pages_are_followed_on_the_same_server(served: Served, tmp_path: Path) -> None:
    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        assert path == "/api/retail/prices"
        if "Disks" in query["$filter"][0]:
            return 200, _published("retail-disks.json")
        return 200, _published("retail-machines-2.json" if "$skip" in query else "retail-machines-1.json")

    served.answer = answer
    text, _ = refresh_prices("azure", ("westeurope",), served.url, today=DAY, pause_seconds=0)
    assert _read(tmp_path, text) == {
        ("machine/Standard_D4ds_v5", "westeurope"): 0.272,
        ("machine/Standard_NC4as_T4_v3", "westeurope"): 0.658,
        ("spot/Standard_NC4as_T4_v3", "westeurope"): 0.131,
        ("machine/Standard_NC24ads_A100_v4", "westeurope"): 4.775,
        ("spot/Standard_NC24ads_A100_v4", "westeurope"): 0.955,
        ("disk/P10", "westeurope"): 21.68,
    }
    assert "armRegionName eq 'westeurope'" in served.asked[0]
    assert [urlsplit(asked).path for asked in served.asked] == ["/api/retail/prices"] * 3


def test_gcp_machines_are_added_up_from_their_parts(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        assert path == "/v1/services/6F81-5844-456A/skus"
        return 200, _published("skus-2.json" if query.get("pageToken") else "skus-1.json")

    served.answer = answer
    monkeypatch.setenv("GOOGLE_API_KEY", "not-a-key")
    text, _ = refresh_prices("gcp", ("europe-west4",), served.url, today=DAY, pause_seconds=0)
    found = _read(tmp_path, text)
    # n1-standard-8: 8 vCPUs, 30 GB
    assert found["machine/n1-standard-8+T4:1", "europe-west4"] == pytest.approx(8 * 0.03 + 30 * 0.004 + 0.35)
    assert found["spot/n1-standard-8+T4:1", "europe-west4"] == pytest.approx(8 * 0.01 + 30 * 0.001 + 0.2)
    # a3-highgpu-8g: 208 vCPUs, 1,872 GB, 8 accelerators, 6,000 GiB of local SSD at 0.08 USD a month
    rest = 208 * 0.02 + 1872 * 0.002 + 6000 * 0.08 / 730
    assert found["machine/a3-highgpu-8g", "europe-west4"] == pytest.approx(rest + 8 * 9.5)
    assert found["machine/a3-megagpu-8g", "europe-west4"] == pytest.approx(rest + 8 * 10.25)
    spot = 208 * 0.008 + 1872 * 0.0008 + 6000 * 0.04 / 730
    assert found["spot/a3-highgpu-8g", "europe-west4"] == pytest.approx(spot + 8 * 3.75)
    assert ("spot/a3-megagpu-8g", "europe-west4") not in found, "a part has no price"
    assert not [sku for sku, _ in found if "V100" in sku or "a3-ultragpu" in sku], "a part has no price"
    assert {region for _, region in found} == {"europe-west4"}
    assert "not-a-key" not in text


def test_a_server_that_is_busy_is_asked_again(served: Served) -> None:
    answers = iter([503, 429, 200])
    served.answer = lambda _path, _query: (next(answers, 200), json.dumps({"Items": []}))
    with pytest.raises(NotRefreshed, match="has no price for westeurope: nothing was written"):
        refresh_prices("azure", ("westeurope",), served.url, pause_seconds=0)
    assert len(served.asked) == 4


@pytest.mark.parametrize(
    ("cloud", "region", "body", "said"),
    [
        ("azure", "westeurope", "{}", "expected a page of the Retail Prices API"),
        ("azure", "westeurope", "<html>", "invalid JSON"),
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
        refresh_prices(cloud, (region,), served.url, pause_seconds=0)


def test_without_a_network_or_a_key_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    with pytest.raises(NotRefreshed, match="cannot be reached"):
        refresh_prices("azure", (), "http://127.0.0.1:9", pause_seconds=0)
    with pytest.raises(NotRefreshed, match="GOOGLE_API_KEY"):
        refresh_prices("gcp", (), "http://127.0.0.1:9", pause_seconds=0)
    with pytest.raises(NotRefreshed, match="begins with https"):
        refresh_prices("azure", (), "file:///etc/passwd", pause_seconds=0)
