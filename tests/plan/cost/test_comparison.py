"""Targets side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.comparison import compare_targets
from mlplatform.plan.cost.model import CostLine, Estimate, MissingPart, ResourceCost, Unpriced
from mlplatform.views.cost.document import cost_document
from mlplatform.views.cost.subject import CostSubject
from mlplatform.views.style import Style


def _line(sku: str, price: float, region: str, estimate: str = "") -> CostLine:
    quantity = Range(100, 200, 300)
    return CostLine(sku, sku, "hour", quantity, price, region, date(2026, 11, 1), estimate)


def _estimate(target: str, region: str, *lines: CostLine) -> Estimate:
    resources = tuple(ResourceCost(f"u::{line.sku}", "t", line.sku, "Training", "c", (line,)) for line in lines)
    return Estimate("aws", target, f"dev-{target}", region, resources)


HOME = _estimate("home", "eu-central-1", _line("machine/m", 0.5, "eu-central-1"), _line("same", 1.0, "*"))
US = _estimate("us", "us-east-1", _line("machine/m", 0.4, "us-east-1"), _line("same", 1.0, "*"))


def test_one_target_has_nothing_beside_it() -> None:
    assert compare_targets([HOME]) is None
    assert json.loads(cost_document(CostSubject("x", (HOME,)), "json", Style()))["comparison"] is None


def test_regions_are_compared_by_their_prices() -> None:
    found = compare_targets([HOME, US])
    assert found is not None
    assert found.regions == ("eu-central-1", "us-east-1")
    (amount,) = found.capabilities
    assert [cell and cell[0].expected for cell in amount.amounts] == [300, 280]
    # a price that is the same everywhere explains nothing
    (price,) = found.prices
    assert (price.sku, round(price.effect, 6)) == ("machine/m", 20)
    assert found.whole == (True, True)
    text = cost_document(CostSubject("x", (HOME, US)), "text", Style())
    assert "Targets side by side" in text
    assert "machine/m, hour" in text
    (row,) = [line for line in text.splitlines() if line.startswith("Total ")][-1:]
    assert row.split() == ["Total", "300", "280"]


def test_what_has_no_price_in_a_region_is_said() -> None:
    reason = "no price in eu-central-1"
    part = MissingPart("u::g", "t", "Endpoints", "c", reason, minor=False, sku="serving/g", quantity=Range(1, 1, 1))
    lacks = replace(HOME, missing=(part,), unpriced=(Unpriced("t", reason, ("u::g",)),))
    has = replace(US, resources=(*US.resources, *_estimate("us", "", _line("serving/g", 2.0, "us-east-1")).resources))
    found = compare_targets([lacks, has])
    assert found is not None
    assert found.whole == (False, True)
    assert found.prices[0].sku == "serving/g"
    assert found.prices[0].missing == (True, False)
    for form in ("text", "markdown"):
        document = cost_document(CostSubject("x", (lacks, has)), form, Style())
        assert "no price" in document
        assert "Total of what has a price" in document
    prices = json.loads(cost_document(CostSubject("x", (lacks, has)), "json", Style()))["comparison"]["prices"]
    assert prices[0] == {
        "sku": "serving/g",
        "unit": "hour",
        "usd": [None, 2.0],
        "region": [None, "us-east-1"],
        "stands_in": [False, False],
        "missing": [True, False],
    }


def test_a_price_of_another_region_is_marked() -> None:
    near = _estimate("home", "eu-central-1", _line("machine/m", 0.5, "eu-west-1", "the price of eu-west-1"))
    found = compare_targets([near, US])
    assert found is not None
    assert found.prices[0].stands_in == (True, False)
    text = cost_document(CostSubject("x", (near, US)), "text", Style())
    assert "~0.5" in text
    assert "~ is the price of another region" in text
