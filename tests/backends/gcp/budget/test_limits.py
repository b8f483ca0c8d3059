"""Budgets that GCP refuses."""

from __future__ import annotations

from mlplatform import BudgetSpec, EmailRoute, MonitoringSpec

from ..conftest import refused


def test_a_budget_needs_a_billing_account_and_tells_five() -> None:
    budget = BudgetSpec(monthly_usd=1, emails=("a@b.example",))
    refused("targets[gcp].billing_account", "gcloud billing", budget=budget)
    routes = tuple(EmailRoute(f"p{n}@b.example") for n in range(6))
    refused("budget.emails", "5", budget=BudgetSpec(monthly_usd=1), monitoring=MonitoringSpec(routes=routes))
