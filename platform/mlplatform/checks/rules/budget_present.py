"""Somebody is notified before the budget is spent."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_BUDGETS = ("aws:budgets/budget:Budget", "gcp:billing/budget:Budget", "azure-native:consumption:Budget")
_PAGES = {
    "aws": "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html",
    "gcp": "https://docs.cloud.google.com/billing/docs/how-to/budgets",
    "azure-native": "https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets",
}
_RECEIVERS = (
    "notifications[].subscriberEmailAddresses[]",
    "notifications[].subscriberSnsTopicArns[]",
    "allUpdatesRule",
)


def _has_budget(platform: Resource) -> list[CheckFault]:
    if any(platform.index.of_type(budget) for budget in _BUDGETS):
        return []
    return [CheckFault("The platform has no budget.")]


def _notifies(budget: Resource) -> list[CheckFault]:
    return (
        []
        if any(budget.has(path) for path in _RECEIVERS)
        else [CheckFault("The budget notifies nobody.", "notifications")]
    )


RULE = CheckRule(
    id="budget-present",
    level="low",
    topic="cost",
    title="There is a budget, and it notifies somebody",
    why="One forgotten GPU pool costs more in a week than the platform in a year.",
    fix="Set budget in the spec.",
    entries=(
        Entry(("mlplatform:index:Platform",), _has_budget, pages=_PAGES, siblings=True),
        Entry(("aws:budgets/budget:Budget", "gcp:billing/budget:Budget"), _notifies, pages=_PAGES),
    ),
)
