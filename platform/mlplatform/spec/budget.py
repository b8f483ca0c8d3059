"""A monthly budget with thresholds."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from mlplatform.field_problem import FieldProblem
from mlplatform.spec.base import SpecModel
from mlplatform.spec.monitoring import Email, MonitoringSpec


class BudgetSpec(SpecModel):
    """Alerts people when the month's cost passes thresholds; it stops nothing."""

    monthly_usd: int = Field(ge=1)
    """US dollars per month for this platform and environment."""

    alert_percent: tuple[Annotated[int, Field(ge=1, le=500)], ...] = Field(
        default=(50, 80, 100), min_length=1, max_length=5
    )
    """Percentages of the budget at which people are alerted."""

    emails: tuple[Email, ...] = Field(default=(), max_length=5)
    """Recipients of the alerts. Omitted: the e-mail routes of `monitoring`."""

    starts: str = Field(default="2026-01-01", pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-01$")
    """First day of the first month."""


def recipient_problems(budget: BudgetSpec, monitoring: MonitoringSpec) -> Iterator[FieldProblem]:
    """A budget that tells nobody."""
    if not budget.emails and not any(route.kind == "email" for route in monitoring.routes):
        yield FieldProblem(
            ("budget",),
            "somebody who is told when it is exceeded",
            "set budget.emails, or an e-mail route in monitoring.routes",
            got="a budget without a recipient",
            fields=(("budget", "emails"), ("monitoring", "routes")),
        )
