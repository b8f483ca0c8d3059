"""Alarms of an endpoint."""

from __future__ import annotations

from typing import Any

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
