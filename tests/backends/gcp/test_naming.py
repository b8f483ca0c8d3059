"""Names are cut to their limits and stay unique."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import ACCOUNT, bucket_name
from mlplatform.components.names import physical_name

from .conftest import spec, target


def test_names_are_cut_and_stay_apart() -> None:
    platform = spec(name="a-platform-of-20-chr", environment="environment1")
    first, second = (physical_name(platform, f"endpoint-{name}", ACCOUNT) for name in ("one", "two"))
    assert first != second
    assert max(len(first), len(second)) <= ACCOUNT
    names = {
        bucket_name(platform, target(project_number=number), "monitoring-replica") for number in ("123456", "654321")
    }
    assert len(names) == 2
    assert max(map(len, names)) <= 63
