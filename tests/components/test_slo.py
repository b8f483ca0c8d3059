"""Burn rates of objectives, as the three clouds use them."""

from __future__ import annotations

import pytest

from mlplatform.spec.slo import burn_rates


def test_rates_of_thirty_days_are_the_usual_ones() -> None:
    fast, slow = burn_rates(30)
    assert (fast.name, fast.severity, fast.rate, fast.long_seconds, fast.short_seconds) == (
        "fast",
        "critical",
        14.4,
        3600,
        300,
    )
    assert (slow.name, slow.severity, slow.rate, slow.long_seconds, slow.short_seconds) == (
        "slow",
        "warning",
        6.0,
        21_600,
        1800,
    )


@pytest.mark.parametrize("days", range(5, 31))
def test_every_window_spends_the_same_share_of_its_errors(days: int) -> None:
    for burn, share in zip(burn_rates(days), (0.02, 0.05), strict=True):
        hours = burn.long_seconds / 3600
        assert burn.rate * hours / (days * 24) == pytest.approx(share)


@pytest.mark.parametrize(("days", "rates"), [(1, [1.0, 1.0]), (3, [1.44, 1.0]), (5, [2.4, 1.0])])
def test_a_rate_has_a_lower_bound(days: int, rates: list[float]) -> None:
    assert [burn.rate for burn in burn_rates(days)] == pytest.approx(rates)


def test_a_rate_can_be_reached() -> None:
    fast, slow = burn_rates(30)
    assert fast.reachable(99.9, most=99.9) == pytest.approx(14.4)
    assert fast.reachable(90, most=99.9) == pytest.approx(9.99)
    assert slow.reachable(50, most=99.9) == pytest.approx(1.998)


def test_bad_percent_of_an_objective() -> None:
    fast, slow = burn_rates(30)
    assert fast.bad_percent(99.5) == pytest.approx(7.2)
    assert slow.bad_percent(99.5) == pytest.approx(3.0)
    assert fast.bad_percent(90) == 100
    assert fast.bad_percent(90, most=99.9) == 99.9
