"""Names are cut to their limits and stay unique."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import ACCOUNT, bucket_name, cut, hashed, physical

from .conftest import spec, target


def test_names_are_cut_and_stay_apart() -> None:
    platform = spec(name="a-platform-of-20-chr", environment="environment1")
    first, second = (physical(platform, f"endpoint-{name}", ACCOUNT) for name in ("one", "two"))
    assert first != second
    assert max(len(first), len(second)) <= ACCOUNT
    assert cut("short", ACCOUNT) == "short"
    assert hashed(platform, "pool", "a", 40) != hashed(platform, "pool", "b", 40)
    assert len(hashed(platform, "pool", "a", 40)) <= 40
    names = {
        bucket_name(platform, target(project_number=number), "monitoring-replica") for number in ("123456", "654321")
    }
    assert len(names) == 2
    assert max(map(len, names)) <= 63
