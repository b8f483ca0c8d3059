"""The rules by which metrics of the cluster are recorded, where the cloud has them inside the cluster."""

from __future__ import annotations

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext, RecordsMetrics
from mlplatform.cluster.items import LayerItem


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The cloud's rules."""
    return discovery.backend(layer.spec.targets[0].cloud).load(RecordsMetrics)(layer)
