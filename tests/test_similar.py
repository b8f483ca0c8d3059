"""The nearest names, best first."""

from __future__ import annotations

from mlplatform.similar import nearest_names


def test_the_nearest_names_come_first_and_unlike_ones_not_at_all() -> None:
    known = ("replicas", "region", "regions", "zones")
    assert nearest_names("regoin", known) == ["region"]
    assert nearest_names("regoin", known, most=3) == ["region", "regions"]
    assert nearest_names("quota", known) == []
    assert nearest_names("quota", known, cutoff=0.2)
