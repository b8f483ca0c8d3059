"""The stacks' estimates: complete, the same twice, kept as goldens; and the price files they come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mlplatform.catalog.reader import CatalogError
from mlplatform.plan.cost import estimate
from mlplatform.plan.cost.price_file import packaged_prices, price_paths, read_price_file
from mlplatform.plan.cost.rules import rules_of
from mlplatform.plan.cost.usage import DEFAULT
from mlplatform.plan.model import Plan
from mlplatform.spec.base import SpecModel
from mlplatform.views.cost import json as cost_json
from mlplatform.views.cost.subject import CostSubject

CLOUDS = ("aws", "gcp", "azure")
GOLDEN = Path(__file__).with_name("golden")
DAY = date(2026, 11, 1)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", ["prod"])
def test_every_type_is_priced_free_or_left_out_for_a_reason(
    stack_plan: Callable[..., Plan], stack: str, cloud: str
) -> None:
    prices, rules = packaged_prices(cloud), rules_of(cloud)
    types = {step.type for step in stack_plan(stack, cloud, resolve=True).resources()}
    unknown = [t for t in types if t not in rules and not prices.free_note(t) and not prices.left_out_note(t)]
    assert not unknown


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_billed_beside_the_resources_is_named(stack_plan: Callable[..., Plan], cloud: str) -> None:
    prices = packaged_prices(cloud)
    types = {step.type for step in stack_plan("prod", cloud, resolve=True).resources()}
    assert len(prices.beside) >= 4
    assert not [entry.what for entry in prices.beside if not any(map(entry.covers, types))], "nothing of this in prod"
    assert all(entry.reason and entry.source.startswith("https://") for entry in prices.beside)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_production_is_estimated_like_before(
    stack_plan: Callable[..., Plan], cloud: str, request: pytest.FixtureRequest
) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    document = json.loads(cost_json.document(CostSubject("prod", (estimate(plan, today=DAY),))))
    assert document == json.loads(cost_json.document(CostSubject("prod", (estimate(plan, today=DAY),))))
    found = document["estimates"][0]
    total = found["total"]
    assert all(missing["minor"] for missing in found["unpriced"]), "nobody could say whether it is within its budget"
    assert 0 < total["low"] < total["expected"] < total["high"]
    # small: the resources' own lines are left to the tests of single resources
    kept = {
        key: found[key] for key in ("region", "total", "by_capability", "by_component", "gpu", "beside", "warnings")
    }
    kept["unpriced"] = [{key: missing[key] for key in ("type", "reason", "count")} for missing in found["unpriced"]]
    text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
    golden = GOLDEN / f"{cloud}.json"
    if request.config.getoption("--update-goldens"):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, "an estimate changed: look at why, then --update-goldens"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_price_files_state_source_day_and_unit(cloud: str) -> None:
    machines, prices = map(read_price_file, price_paths(cloud))
    assert machines.cloud == prices.cloud == cloud
    entries = [*machines.entries.items(), *prices.entries.items()]
    listed = [(sku, price) for sku, regions in entries for price in regions.values()]
    assert len(listed) > 40
    for sku, price in listed:
        assert price.source.startswith("https://"), sku
        assert date(2023, 1, 1) < price.as_of <= date.today(), sku
        assert price.usd > 0, sku
    for told in prices.free:
        assert told.source.startswith("https://"), told.types
    assert all(told.reason for told in (*prices.free, *prices.left_out))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_type_is_both_priced_and_free(cloud: str) -> None:
    prices = packaged_prices(cloud)
    assert not [token for token in rules_of(cloud) if prices.free_note(token) or prices.left_out_note(token)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('cloud = "aws"\ncurrency = "EUR"\nas_of = 2026-01-01', "USD"),
        ('cloud = "aws"\ncurrency = "USD"\nas_of = "today"', "as_of"),
        ('cloud = "aws"\ncurrency = "USD"\nas_of = 2026-01-01\nprice = [{ sku = "a", unit = "hours" }]', "one of hour"),
        (
            'cloud = "aws"\ncurrency = "USD"\nas_of = 2026-01-01\n'
            'price = [{ sku = "a", unit = "hour", source = "a friend", usd = { "*" = 1.0 } }]',
            "the vendor's page",
        ),
        (
            'cloud = "aws"\ncurrency = "USD"\nas_of = 2026-01-01\n'
            'price = [{ sku = "a", unit = "hour", source = "https://x.example", usd = { r = -1 } }]',
            "at least 0",
        ),
        *(
            (
                'cloud = "aws"\ncurrency = "USD"\nas_of = 2026-01-01\ntable = [{ unit = "hour", source = '
                f'"https://x.example", regions = ["a", "b"], usd = {{ m = {prices} }} }}]',
                said,
            )
            for prices, said in (
                ("[1.0]", "one for each of the regions"),
                ("[1.0, 0]", "above 0"),
                ("[1.0, nan]", "above 0"),
                ("[1.0, inf]", "above 0"),
                ('[1.0, "none"]', "above 0"),
                ("[1.0, true]", "above 0"),
                (f"[1.0, 1{'0' * 4000}]", "above 0"),
            )
        ),
        ("this is no TOML", "TOML"),
    ],
)
def test_a_price_file_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    with pytest.raises(CatalogError, match=said):
        read_price_file(file)


def test_own_prices_go_over_those_of_the_package(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        'cloud = "aws"\ncurrency = "USD"\nas_of = 2026-01-01\n'
        'list = [{ prefix = "machine/", region = "us-east-1", unit = "hour", source = "https://x.example", '
        'usd = { "p5.48xlarge" = 1.5 } }]'
    )
    base = packaged_prices("aws")
    merged = read_price_file(file).over(base)
    found, other = merged.find("machine/p5.48xlarge", "us-east-1"), merged.find("machine/m7i.large", "us-east-1")
    assert found
    assert found.usd == 1.5
    assert other == base.find("machine/m7i.large", "us-east-1")
    assert other


def test_the_page_names_every_field_of_the_usage_file(root: Path) -> None:
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")

    def fields(value: object, path: str = "") -> list[str]:
        if not isinstance(value, SpecModel):
            return [path]
        model = type(value)
        return [leaf for name in model.model_fields for leaf in fields(getattr(value, name), name)]

    assert not [name for name in fields(DEFAULT) if name not in page]
