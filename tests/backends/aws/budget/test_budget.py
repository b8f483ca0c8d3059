"""The budget counts this platform alone and alerts by mail, or through a topic."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import (
    BudgetSpec,
    EmailRoute,
    MonitoringSpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]


def test_the_budget_counts_this_platform_and_environment(prod: Planned) -> None:
    budget = prod.one("budget-monthly").inputs
    assert budget["limitAmount"] == "40000"
    wanted = [part["tags"] for part in budget["filterExpression"]["ands"]]
    assert wanted == [{"key": "platform", "values": ["acme-ml"]}, {"key": "environment", "values": ["prod"]}]
    assert [n["threshold"] for n in budget["notifications"]] == [50, 100]
    assert all(n["subscriberEmailAddresses"] == ["oncall@acme.example"] for n in budget["notifications"])


def test_a_budget_with_more_addresses_than_a_notification_takes_uses_the_topic(planned: Plan) -> None:
    routes = tuple(EmailRoute(f"user{n}@acme.example") for n in range(11))
    plan = planned(budget=BudgetSpec(monthly_usd=100), monitoring=MonitoringSpec(routes=routes))
    for notification in plan.one("budget-monthly").inputs["notifications"]:
        assert notification["subscriberSnsTopicArns"] == [plan.one("routes-warning").outputs["arn"]]
        assert "subscriberEmailAddresses" not in notification
    assert "routes-warning-policy" in plan.directly_after("budget-monthly")
