"""Rules of managed Prometheus, whose alerts go to the routes."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import amp

from mlplatform.backends.aws.monitoring.parts import AwsRoutes
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec


def make_prometheus_rules(scope: Scope, spec: MonitoringSpec) -> None:
    """Create rules over the metrics of the cluster's collector, and send their alerts to the routes."""
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    routes = native(scope.context.routes.parts, AwsRoutes)
    if telemetry.amp_workspace_id is None:
        return
    amp.RuleGroupNamespace(
        scope.child("rules"),
        name=physical_name(scope.spec, "training", 128),
        workspace_id=telemetry.amp_workspace_id,
        data=_rules(spec),
        tags=scope.tags,
        opts=scope.opts(),
    )
    amp.AlertManagerDefinition(
        scope.child("alert-manager"),
        workspace_id=telemetry.amp_workspace_id,
        definition=pulumi.Output.all(*routes.targets["critical"], *routes.targets["warning"]).apply(
            lambda topics: _alert_manager(topics[0], topics[-1], scope.target(AwsTarget).region)
        ),
        opts=scope.opts(depends_on=routes.ready),
    )


def _rules(spec: MonitoringSpec) -> str:
    limit = spec.alerts.saturation_percent / 100
    groups = {
        "groups": [
            {
                "name": "training",
                "rules": [
                    {
                        "alert": "ContainerMemoryNearLimit",
                        # without a container's name, the metric is of the whole pod or node
                        "expr": 'max by (namespace, pod) (container_memory_working_set_bytes{container!=""}'
                        f' / (container_spec_memory_limit_bytes{{container!=""}} > 0)) > {limit:g}',
                        "for": "15m",
                        "labels": {"severity": "warning"},
                        "annotations": {"summary": "A container is near its memory limit"},
                    },
                    {
                        "alert": "ContainerOutOfMemory",
                        "expr": "sum by (namespace, pod) (increase(container_oom_events_total[10m])) > 0",
                        "for": "1m",
                        "labels": {"severity": "critical"},
                        "annotations": {"summary": "A container ran out of memory"},
                    },
                ],
            }
        ]
    }
    # JSON is YAML
    return json.dumps(groups, sort_keys=True, indent=1)


def _alert_manager(critical: str, warning: str, region: str) -> str:
    def receiver(name: str, topic: str) -> dict[str, object]:
        return {"name": name, "sns_configs": [{"topic_arn": topic, "sigv4": {"region": region}}]}

    config = {
        "route": {
            "receiver": "warning",
            "group_by": ["alertname", "namespace"],
            "routes": [{"receiver": "critical", "matchers": ['severity="critical"']}],
        },
        "receivers": [receiver("critical", critical), receiver("warning", warning)],
    }
    return json.dumps({"alertmanager_config": json.dumps(config, sort_keys=True)}, sort_keys=True)
