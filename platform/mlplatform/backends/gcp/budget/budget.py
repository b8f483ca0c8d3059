"""The project's monthly budget."""

from __future__ import annotations

import pulumi
from pulumi_gcp import billing

from mlplatform.backends.gcp.budget.limits import MAX_EMAILS
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.monitoring.routes import build_channel
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.monitoring import EmailRoute

_DISPLAY = 60


def build(scope: Scope, spec: BudgetSpec) -> None:
    """Build the budget of the project, which has one platform; it notifies at most five e-mail channels.

    https://docs.cloud.google.com/billing/docs/how-to/budgets-notification-recipients
    """
    target = scope.target(GcpTarget)
    if target.billing_account is None:
        raise ValueError("a budget needs billing_account in the target")
    billing.Budget(
        scope.child("budget"),
        billing_account=target.billing_account,
        display_name=physical_name(scope.spec, "budget", _DISPLAY),
        ownership_scope="BILLING_ACCOUNT",
        amount=billing.BudgetAmountArgs(
            specified_amount=billing.BudgetAmountSpecifiedAmountArgs(currency_code="USD", units=str(spec.monthly_usd))
        ),
        budget_filter=billing.BudgetBudgetFilterArgs(
            projects=[f"projects/{target.project_number}"], calendar_period="MONTH"
        ),
        threshold_rules=[
            billing.BudgetThresholdRuleArgs(threshold_percent=percent / 100, spend_basis="CURRENT_SPEND")
            for percent in sorted(set(spec.alert_percent))
        ],
        all_updates_rule=billing.BudgetAllUpdatesRuleArgs(
            monitoring_notification_channels=_channels(scope, spec), disable_default_iam_recipients=False
        ),
        opts=scope.opts(depends_on=native(scope.context.foundation.parts, GcpFoundation).after("billingbudgets")),
    )
    if "starts" in spec.model_fields_set:
        scope.note("budget.starts", "a monthly budget on GCP counts from the first day of the current month")


def _addresses(scope: Scope, spec: BudgetSpec) -> tuple[str, ...]:
    """Addresses that are notified: the budget's own, else those of the e-mail routes."""
    routes = tuple(route.address for route in scope.spec.monitoring.routes if isinstance(route, EmailRoute))
    return tuple(dict.fromkeys(spec.emails or routes))[:MAX_EMAILS]


def _channels(scope: Scope, spec: BudgetSpec) -> list[pulumi.Output[str]]:
    routes = native(scope.context.routes.parts, GcpRoutes)
    names: list[pulumi.Output[str]] = []
    last = routes.last
    for address in _addresses(scope, spec):
        name = routes.emails.get(address)
        if name is None:
            last = build_channel(scope, f"email-{slug(address)}", "email", {"email_address": address}, after=(last,))
            name = last.name
        names.append(name)
    return names
