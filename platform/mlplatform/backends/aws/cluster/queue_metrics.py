"""The queue's metrics on EKS: the collector of the cloud's stack reads them, by `training/scraper.py`."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Nothing in the cluster: the collector's own rights hold there,
    https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html"""
    return ()
