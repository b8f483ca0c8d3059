"""Recorded metrics of GKE: its managed Prometheus evaluates rules that are objects of the cluster."""

from __future__ import annotations

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.google_monitors import ClusterRules, ClusterRulesSpec, RecordingRule, RuleGroup
from mlplatform.components.recorded_metrics import GROUP, recorded_metrics

GPU_NODE = "Hostname, instance"
"""Labels that name the node of a GPU: the exporter's own, and the one that Managed Prometheus adds."""

_INTERVAL = "60s"


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Rules that see this cluster alone, so that no query names it, and results have its label,
    https://docs.cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed"""
    recorded = recorded_metrics(layer.spec, GPU_NODE)
    if not recorded:
        return ()
    rules = tuple(RecordingRule(record=each.name, expr=each.query, labels=each.labels) for each in recorded)
    body = ClusterRules(
        metadata=Metadata(name=GROUP),
        spec=ClusterRulesSpec(groups=(RuleGroup(name=GROUP, interval=_INTERVAL, rules=rules),)),
    )
    return (LayerItem(role="recorded-metrics", stage="addons", body=body),)
