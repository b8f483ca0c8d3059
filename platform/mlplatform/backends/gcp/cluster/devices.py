"""Nothing: GKE brings the driver, the device plugin and the autoscaler."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Nothing: a second plugin would register the same devices."""
    return ()
