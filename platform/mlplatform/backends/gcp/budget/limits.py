"""Limits of budgets on GCP. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.snippet import Snippet
from mlplatform.spec.monitoring import EmailRoute
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

MAX_EMAILS = 5
"""Notification channels of a budget,
https://docs.cloud.google.com/billing/docs/how-to/budgets-notification-recipients"""

LIMITS = (
    Limit(
        field="budget.starts",
        support="partial",
        reason="a monthly budget counts from the first day of the current month, even if it starts later",
        alternative="omit it, or add the budget in its first month",
        violations=refuse_nothing,
    ),
)
"""Fields of the budget that GCP honours only in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """A budget without a billing account, or with too many addresses."""
    if spec.budget is None:
        return
    if target.billing_account is None:
        yield backend.refuse(
            "targets[gcp].billing_account",
            "nothing",
            "the billing account to which the budget belongs",
            "add what `gcloud billing accounts list` shows, for example:",
            write=Snippet("012345-6789AB-CDEF01", "billing_account"),
        )
    routes = {route.address for route in spec.monitoring.routes if isinstance(route, EmailRoute)}
    if not spec.budget.emails and len(routes) > MAX_EMAILS:
        yield backend.refuse(
            "budget.emails",
            f"{len(routes)} e-mail routes",
            f"at most {MAX_EMAILS} addresses that a budget notifies",
            "list up to five addresses in budget.emails",
        )
