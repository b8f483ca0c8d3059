"""The budget counts the project and notifies by e-mail."""

from __future__ import annotations

from ....planned import Planned


def test_the_budget_counts_the_project_and_tells_by_mail(prod: Planned) -> None:
    budget = prod.one("budget-budget").inputs
    assert budget["budgetFilter"] == {"projects": ["projects/123456789012"], "calendarPeriod": "MONTH"}
    assert budget["amount"] == {"specifiedAmount": {"currencyCode": "USD", "units": "40000"}}
    assert [rule["thresholdPercent"] for rule in budget["thresholdRules"]] == [0.5, 1]  # type: ignore[union-attr, index]
    rule = budget["allUpdatesRule"]
    assert len(rule["monitoringNotificationChannels"]) == 1  # type: ignore[index, arg-type]
