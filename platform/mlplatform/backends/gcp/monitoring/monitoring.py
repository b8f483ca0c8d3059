"""Rules and dashboards of the whole platform: GPUs, nodes, scaling, storage and quotas."""

from __future__ import annotations

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.artifact_store.parts import GcpBucket, GcpStore
from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.alarms import build_alert_policy
from mlplatform.backends.gcp.monitoring.cluster_rules import gpu_charts, gpu_rules, gpu_use, node_rules, queue_rules
from mlplatform.backends.gcp.monitoring.dashboards import build_dashboard, dashboard_url
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.monitoring.quota_alarms import quota_rules
from mlplatform.backends.gcp.monitoring.store_rules import store_rules
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.telemetry import AUTOSCALER_LOG
from mlplatform.backends.gcp.training.parts import GcpCluster
from mlplatform.components.base import native
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    """Build the rules of what the platform has, and the dashboard of the cluster's GPUs."""
    store = native(watched.store.parts, GcpStore)
    buckets = "|".join(bucket.name for bucket in store.buckets.values() if isinstance(bucket, GcpBucket))
    rules = store_rules(buckets, spec.alerts) if buckets else ()
    for rule in (*rules, *quota_rules(scope.target(GcpTarget), spec.alerts)):
        build_alert_policy(scope, rule)
    if watched.cluster is None:
        return MonitoringParts()
    cluster = native(watched.cluster.parts, GcpCluster).name
    for rule in node_rules(cluster, spec.alerts):
        build_alert_policy(scope, rule)
    _alert_on_scale_up_failures(scope, cluster)
    if scope.spec.cluster and spec.prometheus:
        for rule in queue_rules(cluster, spec.alerts):
            build_alert_policy(scope, rule)
    if not watched.pools:
        return MonitoringParts()
    use = gpu_use(cluster, prometheus=spec.prometheus)
    for rule in gpu_rules(use, spec.alerts):
        build_alert_policy(scope, rule)
    if not spec.dashboards:
        return MonitoringParts()
    dashboard = build_dashboard(scope, "gpus", "gpus", list(gpu_charts(cluster, use, prometheus=spec.prometheus)))
    return MonitoringParts(dashboards={"gpus": dashboard_url(scope, dashboard)})


def _alert_on_scale_up_failures(scope: Scope, cluster: str) -> monitoring.AlertPolicy:
    """Alert on the log in which the autoscaler records why a pool does not grow,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility"""
    target = scope.target(GcpTarget)
    routes = native(scope.context.routes.parts, GcpRoutes)
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    after: list[pulumi.Resource] = [*routes.ready, *foundation.after("monitoring")]
    return monitoring.AlertPolicy(
        scope.child("alert-scale-up"),
        project=target.project,
        display_name=physical_name(scope.spec, "scale-up-failures", LONG),
        combiner="OR",
        severity="WARNING",
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name="A node pool cannot grow",
                condition_matched_log=monitoring.AlertPolicyConditionConditionMatchedLogArgs(
                    filter=(
                        f'LOG_ID("{AUTOSCALER_LOG}") AND resource.labels.cluster_name="{cluster}" AND '
                        '(jsonPayload.resultInfo.results.errorMsg.messageId:"scale.up.error" OR '
                        "jsonPayload.noDecisionStatus.noScaleUp.unhandledPodGroups:*)"
                    )
                ),
            )
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(
            auto_close="3600s",
            notification_rate_limit=monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(period="3600s"),
        ),
        documentation=monitoring.AlertPolicyDocumentationArgs(
            content="Usually a quota, a zone without free GPUs, or a pod that fits no pool: the log entry says which.",
            mime_type="text/markdown",
        ),
        notification_channels=list(routes.targets["warning"]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=after),
    )
