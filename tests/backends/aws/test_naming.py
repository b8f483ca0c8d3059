"""Physical names fit their limits and stay unique."""

from __future__ import annotations

from mlplatform.backends.aws.backend import BACKEND
from mlplatform.backends.aws.naming import alarm_name, bucket_name
from mlplatform.components.names import cut_name, hashed_name, physical_name

from .conftest import spec, target


def test_names_are_cut_and_stay_apart() -> None:
    assert cut_name("short", 10) == "short"
    long = [cut_name(f"{'a' * 60}-{end}", 64) for end in ("first", "second")]
    assert all(len(name) <= 64 for name in long)
    assert len(set(long)) == 2
    here = spec(name="a" * 20, environment="b" * 12)
    assert len(hashed_name(here, "p" * 40, "content", 63)) <= 63
    assert hashed_name(here, "pool", "one", 63) != hashed_name(here, "pool", "two", 63)
    assert physical_name(spec(), "role", 64) == "acme-ml-dev-role"
    assert alarm_name(spec(), "critical", "x") == "acme-ml-dev-critical-x"


def test_bucket_names_fit_the_longest_region() -> None:
    here = spec(name="a" * 20, environment="b" * 12)
    for region in BACKEND.catalog.regions:
        name = bucket_name(here, target(), "replica-monitoring", region)
        assert len(name) <= 63
        assert name.endswith("-an") is (region not in ("me-south-1", "me-central-1"))
