"""Objectives of an endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from ....planned import Planned


def test_objectives_burn_in_a_long_and_a_short_window(full: Planned) -> None:
    objectives = {step.name.rpartition("slo-")[2] for step in full.all("ScheduledQueryRule") if "-slo-" in step.name}
    assert objectives == {"availability-fast", "availability-slow", "latency-fast", "latency-slow"}
    fast: Any = full.one("endpoint-scorer-alert-slo-availability-fast").inputs
    (condition,) = fast["criteria"]["allOf"]
    # two hundredths of four weeks' budget of 0.1 % in an hour
    assert condition["threshold"] == pytest.approx(0.02 * 28 * 24 * 0.1, rel=1e-3)
    assert "where Total > 0" in condition["query"]
    # the short window, and what comes late
    assert "ago(10m)" in condition["query"]
