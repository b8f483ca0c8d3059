"""A monthly cost budget of the platform's tagged resources."""

from __future__ import annotations

from pulumi_aws import budgets

from mlplatform.backends.aws.naming import BUDGET
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.monitoring import EmailRoute

_MOST_ADDRESSES = 10
"""Most addresses of a notification; for more, it goes to the topic of warnings, https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html"""


def build(scope: Scope, spec: BudgetSpec) -> None:
    """Create the budget. It alerts people and stops nothing; its data are 8 to 24 hours old."""
    emails = spec.emails or tuple(
        route.address for route in scope.spec.monitoring.routes if isinstance(route, EmailRoute)
    )
    addresses = list(dict.fromkeys(emails))
    send_mail = len(addresses) <= _MOST_ADDRESSES
    routes = scope.context.routes.parts
    tags = {"platform": scope.spec.name, "environment": scope.spec.environment}
    target = scope.target(AwsTarget)
    shared = any(
        isinstance(each, AwsTarget) and each.account_id == target.account_id for each in scope.context.siblings
    )
    filters = [_tagged(key, value) for key, value in tags.items()]
    if target.has_own_name:
        filters.append(_tagged("target", target.name))
    elif shared:
        # the other targets in this account carry the tag, this one does not
        filters.append(
            budgets.BudgetFilterExpressionAndArgs(
                tags=budgets.BudgetFilterExpressionAndTagsArgs(key="target", match_options=["ABSENT"])
            )
        )
    keys = (*tags, *(("target",) if target.has_own_name or shared else ()))
    named = f"{', '.join(repr(key) for key in keys[:-1])} and '{keys[-1]}'"
    scope.note("budget", f"activate the cost allocation tags {named} once in the payer account")
    budgets.Budget(
        scope.child("monthly"),
        name=physical_name(scope.spec, "monthly", BUDGET),
        budget_type="COST",
        limit_amount=str(spec.monthly_usd),
        limit_unit="USD",
        time_unit="MONTHLY",
        time_period_start=f"{spec.starts}_00:00",
        metrics="UnblendedCost",
        filter_expression=budgets.BudgetFilterExpressionArgs(ands=filters),
        notifications=[
            budgets.BudgetNotificationArgs(
                comparison_operator="GREATER_THAN",
                notification_type="ACTUAL",
                threshold=percent,
                threshold_type="PERCENTAGE",
                subscriber_email_addresses=addresses if send_mail else None,
                subscriber_sns_topic_arns=None if send_mail else list(routes.targets["warning"]),
            )
            for percent in dict.fromkeys(spec.alert_percent)
        ],
        tags=scope.tags,
        opts=scope.opts(depends_on=routes.ready, delete_before_replace=True),
    )


def _tagged(key: str, value: str) -> budgets.BudgetFilterExpressionAndArgs:
    return budgets.BudgetFilterExpressionAndArgs(
        tags=budgets.BudgetFilterExpressionAndTagsArgs(key=key, values=[value])
    )
