"""The add-ons of the layer: what each brings, and what is refused."""

from __future__ import annotations

import pytest

from mlplatform import ClusterSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem

from ..conftest import CLOUDS
from .conftest import small_spec


def _items(cloud: str, cluster: ClusterSpec) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(small_spec(cloud, cluster=cluster), cloud))}


def _release(items: dict[str, LayerItem], role: str) -> ChartRelease:
    body = items[role].body
    assert isinstance(body, ChartRelease)
    return body


@pytest.mark.parametrize("cloud", CLOUDS)
def test_cert_manager_comes_with_its_kinds_before_every_chart_that_needs_it(cloud: str) -> None:
    assert "release-cert-manager" not in _items(cloud, ClusterSpec())
    items = _items(cloud, ClusterSpec(addons=("cert-manager",)))
    release = _release(items, "release-cert-manager")
    # the chart's own default leaves them out, and every Certificate would be refused
    assert release.values["crds"] == {"enabled": True, "keep": True}
    assert STAGES.index(items["release-cert-manager"].stage) < STAGES.index("engines")
    assert f"namespace-{release.namespace}" in items
    assert release.namespace not in str(_release(items, "release-kueue").values), "Kueue would hold its pods up"


def test_an_add_on_is_named_once() -> None:
    with pytest.raises(ValueError, match="no other add-on has"):
        ClusterSpec(addons=("cert-manager", "cert-manager"))
