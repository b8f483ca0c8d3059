"""Burn rates of a service level objective: when an endpoint uses up its allowed errors too fast.

Multiwindow, multi-burn-rate alerts, https://sre.google/workbook/alerting-on-slos/
"""

from __future__ import annotations

from typing import Literal

from mlplatform.fast.record import record
from mlplatform.spec.monitoring import Severity

_DAYS = 30
_HOUR = 3600


@record()
class BurnRate:
    """One rate that raises an alert, when both of its windows exceed it."""

    name: Literal["fast", "slow"]
    """Part of the names of its alerts."""

    severity: Severity
    """Severity of its alerts."""

    rate: float
    """Speed at which errors are used up, as a multiple of the allowed one."""

    long_seconds: int
    """The window that shows that it matters."""

    short_seconds: int
    """The window that shows that it still goes on."""

    def bad_percent(self, objective_percent: float, *, most: float = 100.0) -> float:
        """Share of bad requests, per cent, at which an objective's errors are used up at this rate.

        Args:
            objective_percent: share of requests that the objective wants good.
            most: upper bound, because no share of requests passes 100.
        """
        return min(self.rate * (100 - objective_percent), most)

    def reachable(self, objective_percent: float, *, most: float) -> float:
        """The rate, or the rate at which the share of bad requests is `most` per cent, if that is lower.

        An objective of 90 % allows 10 % of bad requests: if all are bad, its errors burn at a rate of 10, never faster.
        """
        return self.bad_percent(objective_percent, most=most) / (100 - objective_percent)


# the rates that use up 2 % of 30 days' errors in an hour, and 5 % in six hours
_RATES: tuple[tuple[Literal["fast", "slow"], Severity, float, int, int], ...] = (
    ("fast", "critical", 14.4, _HOUR, 300),
    ("slow", "warning", 6.0, 6 * _HOUR, 1800),
)


def burn_rates(window_days: int) -> tuple[BurnRate, ...]:
    """The rates that spend the same share of the allowed errors as the usual ones do in 30 days, fastest first.

    None is below 1: such a rate lasts forever without breaking the objective.

    Args:
        window_days: the objective's window.
    """
    return tuple(
        BurnRate(name, severity, max(rate * window_days / _DAYS, 1.0), long, short)
        for name, severity, rate, long, short in _RATES
    )
