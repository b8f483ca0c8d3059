"""The monthly budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import consumption

from mlplatform.backends.azure.foundation.templates import deploy_month_record
from mlplatform.backends.azure.monitoring.parts import AzureRoutes
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import node_group_name
from mlplatform.components.base import native
from mlplatform.components.scope import Scope
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.monitoring import EmailRoute


def build(scope: Scope, spec: BudgetSpec) -> None:
    """A budget of the subscription, filtered to the platform's resource groups: the nodes have their own."""
    emails = spec.emails or tuple(
        route.address for route in scope.spec.monitoring.routes if isinstance(route, EmailRoute)
    )
    groups = native(scope.context.routes.parts, AzureRoutes).targets["warning"]
    consumption.Budget(
        scope.child("budget"),
        budget_name=physical_name(scope.spec, "budget", "budget"),
        scope=f"/subscriptions/{scope.target(AzureTarget).subscription_id}",
        amount=spec.monthly_usd,
        category=consumption.CategoryType.COST,
        time_grain=consumption.TimeGrainType.MONTHLY,
        time_period=consumption.BudgetTimePeriodArgs(start_date=_start(scope, spec)),
        filter=consumption.BudgetFilterArgs(
            dimensions=consumption.BudgetComparisonExpressionArgs(
                name="ResourceGroupName",
                operator=consumption.BudgetOperatorType.IN_,
                values=[physical_name(scope.spec, "resource-group", "rg"), node_group_name(scope)],
            )
        ),
        notifications={
            f"percent-{percent}": consumption.NotificationArgs(
                enabled=True,
                operator=consumption.OperatorType.GREATER_THAN_OR_EQUAL_TO,
                threshold=percent,
                threshold_type=consumption.ThresholdType.ACTUAL,
                contact_emails=list(emails),
                contact_groups=list(groups) or None,
            )
            for percent in spec.alert_percent
        },
        # Azure accepts the start only at creation
        opts=scope.opts(ignore_changes=["timePeriod"]),
    )


def _start(scope: Scope, spec: BudgetSpec) -> pulumi.Input[str]:
    """The first day of the month in which the budget is created, unless the spec names another."""
    if "starts" in spec.model_fields_set:
        scope.note("budget.starts", "Azure refuses a new budget that starts before the current month")
        return f"{spec.starts}T00:00:00Z"
    deployment = deploy_month_record(scope, "month", name=physical_name(scope.spec, "setting", "budget-month"))
    # a deployment has no outputs before it exists: waiting for its id waits for them
    return pulumi.Output.all(deployment.id, deployment.properties).apply(lambda values: _first_day(values[1]))


def _first_day(properties: Mapping[str, Any]) -> str:
    return str(properties["outputs"]["startTime"]["value"])
