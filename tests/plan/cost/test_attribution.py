"""What is divided anew among resources that stay the same is counted where the change is."""

from __future__ import annotations

from datetime import date

import pytest

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.attribution import attribute_cost
from mlplatform.plan.cost.delta import delta
from mlplatform.plan.cost.model import CostLine, Estimate, ResourceCost


def _estimate(**logs: float) -> Estimate:
    resources: list[ResourceCost] = []
    for name, gib in logs.items():
        sku = "nat" if name.startswith("Network") else "logs"
        line = CostLine(f"{sku} used", sku, "gib", Range.exactly(gib), 1.0, "here", date(2026, 1, 1))
        resources.append(ResourceCost(name, "aws:x:Log", name, name.partition("_")[0], "c", (line,)))
    return Estimate("aws", "aws", "prod-aws", "here", tuple(resources))


def test_a_part_that_grows_by_itself_belongs_to_the_cause() -> None:
    change = delta(
        _estimate(Training_a=3.4, Monitoring_a=3.3, Endpoints_a=3.3), _estimate(Training_a=5, Monitoring_a=5)
    )
    assert change.by_capability["Training"].after.expected > change.by_capability["Training"].before.expected
    told = attribute_cost(change, {"Endpoints_a"})
    assert told.by_capability == told.by_component == {}, "the amount of the platform is the same"
    (shared,) = told.shared
    assert (shared.what, shared.others, shared.capabilities) == ("logs used", 2, ("Endpoints",))


def test_what_is_really_saved_stays_saved() -> None:
    change = delta(_estimate(Training_a=4, Endpoints_a=6), _estimate(Training_a=5))
    told = attribute_cost(change, {"Endpoints_a"})
    assert {title: one.after.expected - one.before.expected for title, one in told.by_capability.items()} == {
        "Endpoints": pytest.approx(-5)
    }


def test_what_follows_others_stays_where_it_is_billed() -> None:
    change = delta(_estimate(Network_nat=5, Training_a=1), _estimate(Network_nat=4))
    told = attribute_cost(change, {"Training_a"})
    assert set(told.by_capability) == {"Network", "Training"}
    assert told.shared == ()
