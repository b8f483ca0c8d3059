"""Recorded metrics of EKS."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Nothing in the cluster: the cloud's stack has the rules, beside those of alerts."""
    return ()
