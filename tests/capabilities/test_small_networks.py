"""A landing zone gives small networks: what fits is planned, and what does not is refused before anything is made."""

from __future__ import annotations

from typing import get_args

import pytest

from mlplatform.spec.access import Entry

from ..conftest import CLOUDS
from .test_way_in import problems, spec


def _with_nodes(cloud: str, cidr: str, nodes: int) -> dict[str, str]:
    pools = [{"name": "gpu", "accelerator": "T4:1", "max_nodes": nodes}]
    return problems(
        cloud, spec(cloud, network={"cidr": cidr, "service_cidr": "172.20.0.0/24"}, training={"pools": pools})
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_small_network_has_room_for_a_small_platform(cloud: str) -> None:
    assert _with_nodes(cloud, "10.1.0.0/21", 40) == {}
    assert _with_nodes(cloud, "10.1.0.0/23", 8) == {}


@pytest.mark.parametrize(("cloud", "nodes"), [("aws", 500), ("gcp", 1000), ("azure", 250)])
def test_what_does_not_fit_is_refused_with_the_room(cloud: str, nodes: int) -> None:
    found = _with_nodes(cloud, "10.1.0.0/22", nodes)
    assert "network.cidr" in found, found


def test_private_endpoints_and_apps_of_azure_need_a_23() -> None:
    assert "/23 or larger" in _with_nodes("azure", "10.1.0.0/24", 1)["network.cidr"]
    assert _with_nodes("gcp", "10.1.0.0/24", 8) == {}


def test_every_way_in_is_documented() -> None:
    from ..conftest import ROOT

    text = (ROOT / "docs" / "access.md").read_text("utf-8")
    for entry in get_args(Entry):
        assert f"| `{entry}`" in text
