"""Alarms and objectives of an endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from ....planned import Planned


def test_alerts_carry_the_specs_thresholds(full: Planned) -> None:
    errors: Any = full.one("endpoint-scorer-alert-errors").inputs
    (condition,) = errors["criteria"]["allOf"]
    assert (condition["operator"], condition["threshold"]) == ("GreaterThan", 2.0)
    assert "!startswith 'shadow-'" in condition["query"]
    # what the model answers besides 200 reaches the caller as 424, and its timeouts as 408
    assert "== 424" in condition["query"]
    assert "between (400 .. 499)" in condition["query"]
    assert "== 408" in condition["query"]
    assert (errors["evaluationFrequency"], errors["windowSize"]) == ("PT5M", "PT10M")
    latency: Any = full.one("endpoint-scorer-alert-latency").inputs
    (criterion,) = latency["criteria"]["allOf"]
    assert (criterion["metricName"], criterion["threshold"]) == ("RequestLatency_P99", 1000)


def test_objectives_burn_in_a_long_and_a_short_window(full: Planned) -> None:
    found = {step.name.rpartition("slo-")[2] for step in full.all("ScheduledQueryRule") if "-slo-" in step.name}
    assert found == {"availability-fast", "availability-slow", "latency-fast", "latency-slow"}
    fast: Any = full.one("endpoint-scorer-alert-slo-availability-fast").inputs
    (condition,) = fast["criteria"]["allOf"]
    # two hundredths of four weeks' budget of 0.1 % in an hour
    assert condition["threshold"] == pytest.approx(0.02 * 28 * 24 * 0.1, rel=1e-3)
    assert "where Total > 0" in condition["query"]
    # the short window, and what comes late
    assert "ago(10m)" in condition["query"]
