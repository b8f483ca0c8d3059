"""What the layer knows of CPU pools is what their nodes have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import pools
from mlplatform.cluster.content import layer_context
from mlplatform.plan.model import Plan

from ..conftest import CLOUDS
from .conftest import small_spec

SPOT = {
    "aws": "mlplatform.dev/spot=true:NoSchedule",
    "gcp": "cloud.google.com/gke-spot=true:NoSchedule",
    "azure": "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_layer_says_what_the_nodes_have(cloud: str, layered: Callable[[str], Plan]) -> None:
    nodes = {each.name: each for each in pools(PlanIndex(layered(cloud).steps))}
    known = layer_context(small_spec(cloud), cloud).all_pools
    assert [each.pool.name for each in known] == ["big", "shared", "spot", "prep"]
    for each in known:
        found = nodes[each.pool.name]
        assert each.labels == found.labels
        assert {(taint.key, taint.value, taint.effect) for taint in each.taints} == set(found.taints)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_pods_stay_away_from_spot_nodes_unless_they_tolerate_them(cloud: str, layered: Callable[[str], Plan]) -> None:
    (prep,) = (each for each in pools(PlanIndex(layered(cloud).steps)) if each.name == "prep")
    assert set(prep.untolerated([])) == {SPOT[cloud], "team=llm:NoSchedule"}
    assert not prep.accelerated
