"""Quantities are sent as they are stored, so that nobody finds a difference where there is none."""

from __future__ import annotations

import pytest

from mlplatform.cluster.objects.containers import Resources
from mlplatform.cluster.objects.quantity import quantity
from mlplatform.cluster.objects.volumes import EmptyDir
from mlplatform.cluster.objects.wire import wire_value

# read from the answers of an API server, 1.36
STORED = {
    "1000": "1k",
    "1500": "1500",
    "0": "0",
    "8": "8",
    "2.5": "2500m",
    "0.1": "100m",
    "96000m": "96",
    "165120m": "165120m",
    "5120Mi": "5Gi",
    "1361920Mi": "1330Gi",
    "1.5Gi": "1536Mi",
    "300Mi": "300Mi",
    "1024Gi": "1Ti",
    "2G": "2G",
}


@pytest.mark.parametrize("given", STORED)
def test_a_quantity_as_it_is_stored(given: str) -> None:
    assert quantity(given) == STORED[given]
    assert quantity(STORED[given]) == STORED[given]


@pytest.mark.parametrize("given", ["", "5 Gi", "1e3", "-1", "lots"])
def test_what_is_no_quantity_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="is no quantity"):
        quantity(given)


def test_every_object_is_sent_so() -> None:
    sent = wire_value(Resources(requests={"cpu": "2000m", "memory": "2048Mi"}, limits={"memory": "1024Gi"}))
    assert sent == {"requests": {"cpu": "2", "memory": "2Gi"}, "limits": {"memory": "1Ti"}}
    assert wire_value(EmptyDir(medium="Memory", size_limit="1024Gi")) == {"medium": "Memory", "sizeLimit": "1Ti"}
