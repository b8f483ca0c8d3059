"""The monthly budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlplatform import BudgetSpec

from ....planned import Planned
from ..conftest import SUBSCRIPTION


def test_the_budget_counts_the_nodes_group_too(prod: Planned) -> None:
    budget = prod.one("budget-budget").inputs
    assert budget["scope"] == f"/subscriptions/{SUBSCRIPTION}"
    nodes = prod.one("cluster-cluster").inputs["nodeResourceGroup"]
    assert budget["filter"]["dimensions"]["values"] == ["acme-ml-prod-rg", nodes]
    assert sorted(budget["notifications"]) == ["percent-100", "percent-50"]
    assert budget["notifications"]["percent-50"]["contactEmails"] == ["oncall@acme.example"]
    assert prod.one("routes-warning").id in budget["notifications"]["percent-50"]["contactGroups"]


def test_a_budget_starts_in_the_month_it_is_made(prod: Planned, planned: Callable[..., Planned]) -> None:
    month: Any = prod.one("budget-month").inputs
    assert "utcNow" in month["properties"]["template"]["parameters"]["month"]["defaultValue"]
    budget = prod.one("budget-budget")
    assert "budget-month" in prod.directly_after("budget-budget")
    assert budget.ignore_changes == ("timePeriod",)
    named = planned(budget=BudgetSpec(monthly_usd=5, emails=("a@b.co",), starts="2026-03-01"))
    inputs: Any = named.one("budget-budget").inputs
    assert inputs["timePeriod"]["startDate"] == "2026-03-01T00:00:00Z"
    assert not named.has("budget-month")
