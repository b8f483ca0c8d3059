"""Rules of the whole platform: GPUs, node pools, the store, quotas, and metrics in managed Prometheus."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.monitoring.alarms import FIVE_MINUTES, AlarmMetric, formula, make_alarm
from mlplatform.backends.aws.monitoring.dashboards import make_cluster_dashboard
from mlplatform.backends.aws.monitoring.failure_events import report_failed_launches, report_rollbacks
from mlplatform.backends.aws.monitoring.parts import AwsRoutes
from mlplatform.backends.aws.monitoring.prometheus_rules import make_prometheus_rules
from mlplatform.backends.aws.monitoring.quota_alarms import make_quota_alarms
from mlplatform.backends.aws.storage.bucket import AwsBucket
from mlplatform.backends.aws.training.parts import AwsCluster, AwsNodePool
from mlplatform.components.base import native
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.components.node_pool import CpuNodePool, GpuNodePool
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec

_INSIGHTS = "ContainerInsights"


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    """Create the rules and dashboards."""
    _watch_store(scope, native(watched.store.parts, AwsStore))
    report_rollbacks(scope)
    _watch_undelivered(scope)
    dashboards: dict[str, pulumi.Output[str]] = {}
    if watched.cluster:
        cluster = native(watched.cluster.parts, AwsCluster)
        _watch_cluster(scope, spec, cluster, bool(watched.pools))
        for pool in (*watched.pools, *watched.cpu_pools):
            _watch_pool(scope, pool)
        report_failed_launches(scope, any_pool=bool(watched.pools or watched.cpu_pools))
        make_quota_alarms(scope, spec, watched.pools, watched.cpu_pools)
        if spec.prometheus:
            make_prometheus_rules(scope, spec, gpus=bool(watched.pools))
        if spec.dashboards:
            dashboards["cluster"] = make_cluster_dashboard(scope, cluster.name)
    return MonitoringParts(dashboards=dashboards)


def _watch_store(scope: Scope, store: AwsStore) -> None:
    for place, bucket in store.buckets.items():
        if not isinstance(bucket, AwsBucket):
            continue
        metric = s3.BucketMetric(
            scope.child(f"requests-{place}"),
            bucket=bucket.bucket.bucket,
            name="EntireBucket",
            opts=scope.opts(),
        )
        make_alarm(
            scope,
            f"store-{place}",
            "warning",
            describe=f"{bucket.name}: S3 answers requests with server errors",
            threshold=5,
            metrics=[
                AlarmMetric(
                    id="errors",
                    name="5xxErrors",
                    namespace="AWS/S3",
                    dimensions={"BucketName": bucket.name, "FilterId": metric.name},
                )
            ],
        )


def _watch_undelivered(scope: Scope) -> None:
    """Alert when a webhook took no alert for hours: those who rely on it know nothing."""
    queue = native(scope.context.routes.parts, AwsRoutes).undelivered
    if queue is None:
        return
    make_alarm(
        scope,
        "alerts-undelivered",
        "critical",
        describe="A webhook did not take alerts: they are in the queue of undelivered ones; look at the receiver",
        threshold=0,
        metrics=[
            AlarmMetric(
                id="undelivered",
                name="ApproximateNumberOfMessagesVisible",
                namespace="AWS/SQS",
                dimensions={"QueueName": queue},
                stat="Maximum",
            )
        ],
    )


def _watch_cluster(scope: Scope, spec: MonitoringSpec, cluster: AwsCluster, gpus: bool) -> None:
    dimensions = {"ClusterName": cluster.name}
    rules = spec.alerts

    def metric(name: str, stat: str) -> AlarmMetric:
        return AlarmMetric(id="value", name=name, namespace=_INSIGHTS, dimensions=dimensions, stat=stat)

    make_alarm(
        scope,
        "nodes-failed",
        "critical",
        describe=f"{cluster.name}: nodes are not ready",
        threshold=0,
        metrics=[metric("cluster_failed_node_count", "Maximum")],
        periods=2,
    )
    for name in ("node_cpu_utilization", "node_memory_utilization"):
        make_alarm(
            scope,
            name.replace("_", "-"),
            "warning",
            describe=f"{cluster.name}: {name} over {rules.saturation_percent} % for fifteen minutes",
            threshold=rules.saturation_percent,
            metrics=[metric(name, "Average")],
            periods=3,
        )
    if not gpus:
        return
    make_alarm(
        scope,
        "gpu-idle",
        "warning",
        describe=f"{cluster.name}: GPUs below {rules.gpu_idle_percent} % for {rules.gpu_idle_minutes} minutes",
        threshold=rules.gpu_idle_percent,
        metrics=[metric("node_gpu_utilization", "Average")],
        periods=max(1, rules.gpu_idle_minutes * 60 // FIVE_MINUTES),
        below=True,
    )
    make_alarm(
        scope,
        "gpu-memory",
        "warning",
        describe=f"{cluster.name}: GPU memory over {rules.saturation_percent} % for fifteen minutes",
        threshold=rules.saturation_percent,
        metrics=[metric("node_gpu_memory_utilization", "Average")],
        periods=3,
    )


def _watch_pool(scope: Scope, pool: GpuNodePool | CpuNodePool) -> None:
    parts = native(pool.parts, AwsNodePool)
    role = pool.scope.name.removeprefix(f"{scope.context.prefix}-")
    failed = [
        AlarmMetric(
            id=f"failed_{zone.rpartition('-')[2]}",
            name="StatusCheckFailed",
            namespace="AWS/EC2",
            dimensions={"AutoScalingGroupName": group},
            stat="Maximum",
        )
        for zone, group in parts.autoscaling_group_names.items()
    ]
    make_alarm(
        scope,
        role,
        "critical",
        describe=f"{pool.scope.name}: a node fails its status checks",
        threshold=0,
        metrics=[*failed, formula("any", f"MAX([{', '.join(metric.id for metric in failed)}])")],
        periods=2,
    )
