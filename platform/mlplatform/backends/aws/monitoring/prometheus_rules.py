"""Rules of managed Prometheus, whose alerts go to the routes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import pulumi
from pulumi_aws import amp

from mlplatform.backends.aws.monitoring.parts import AwsRoutes
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.queue_alert import TITLE, stalled_queues
from mlplatform.components.recorded_metrics import RecordedMetric, recorded_groups
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import AlertsSpec, MonitoringSpec

GPU_NODE = "node"
"""Label of the node of a GPU, the scraper's."""


def make_prometheus_rules(scope: Scope, spec: MonitoringSpec, *, gpus: bool) -> None:
    """Create rules over the metrics of the cluster's collector, and send their alerts to the routes.

    Args:
        scope: owner of the rules.
        spec: the thresholds.
        gpus: whether the cluster has pools with GPUs.
    """
    telemetry = native(scope.context.telemetry.parts, AwsTelemetry)
    routes = native(scope.context.routes.parts, AwsRoutes)
    if telemetry.amp_workspace_id is None:
        return
    amp.RuleGroupNamespace(
        scope.child("rules"),
        name=physical_name(scope.spec, "training", 128),
        workspace_id=telemetry.amp_workspace_id,
        data=_rules(
            spec,
            recorded_groups(scope.spec, GPU_NODE),
            gpus=gpus,
            queue=scope.spec.cluster is not None,
        ),
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


def _rules(spec: MonitoringSpec, recorded: Mapping[str, Sequence[RecordedMetric]], *, gpus: bool, queue: bool) -> str:
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
                    *(_gpu_rules(spec.alerts) if gpus else ()),
                    *(_queue_rules(spec.alerts) if queue else ()),
                ],
            },
            *({"name": name, "rules": [each.rule() for each in rules]} for name, rules in recorded.items()),
        ]
    }
    # JSON is YAML
    return json.dumps(groups, sort_keys=True, indent=1)


def _gpu_rules(alerts: AlertsSpec) -> Iterator[dict[str, object]]:
    """The alarm of CloudWatch tells only of all GPUs together, in which one idle node of many does not show."""
    yield {
        "alert": "GpuIdle",
        "expr": f"avg by ({GPU_NODE}) (DCGM_FI_DEV_GPU_UTIL) < {alerts.gpu_idle_percent}",
        "for": f"{alerts.gpu_idle_minutes}m",
        "labels": {"severity": "warning"},
        "annotations": {"summary": f"The GPUs of {{{{ $labels.node }}}} are below {alerts.gpu_idle_percent} %"},
    }


def _queue_rules(alerts: AlertsSpec) -> Iterator[dict[str, object]]:
    yield {
        "alert": "QueueStalled",
        "expr": stalled_queues(),
        "for": f"{alerts.queue_stalled_minutes}m",
        "labels": {"severity": "warning"},
        "annotations": {"summary": f"{{{{ $labels.cluster_queue }}}}: {TITLE}"},
    }


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
