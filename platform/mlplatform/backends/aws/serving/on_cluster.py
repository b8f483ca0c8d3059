"""Alerts of an endpoint on the cluster, over the metrics of its routers in managed Prometheus."""

from __future__ import annotations

import json

from pulumi_aws import amp

from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import EndpointWatch
from mlplatform.components.endpoint_metrics import endpoint_rules
from mlplatform.components.endpoint_watch import EndpointRule
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, cluster: Cluster) -> EndpointWatch:
    """A group of rules, whose alerts Alertmanager sends to the routes. CloudWatch's dashboards read none of this."""
    del cluster
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    if telemetry.amp_workspace_id is not None:
        rules = [_rule(spec.name, rule) for rule in endpoint_rules(spec, scope.spec.monitoring.alerts)]
        amp.RuleGroupNamespace(
            scope.child("rules"),
            name=physical_name(scope.spec, f"endpoint-{spec.name}", 128),
            workspace_id=telemetry.amp_workspace_id,
            # JSON is YAML
            data=json.dumps({"groups": [{"name": spec.name, "rules": rules}]}, sort_keys=True, indent=1),
            tags=scope.tags,
            opts=scope.opts(),
        )
    return EndpointWatch()


def _rule(endpoint: str, rule: EndpointRule) -> dict[str, object]:
    return {
        "alert": rule.alert,
        "expr": rule.query,
        "for": f"{rule.minutes}m",
        "labels": {"severity": rule.severity, "endpoint": endpoint},
        "annotations": {"summary": rule.title, "description": rule.advice},
    }
