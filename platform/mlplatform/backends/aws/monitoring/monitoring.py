"""Platform-wide rules: GPUs, node pools, the store, quotas; metrics of the cluster into managed Prometheus."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from mlplatform.backends.aws.artifact_store.parts import AwsBucket, AwsStore
from mlplatform.backends.aws.monitoring.alerts import FIVE_MINUTES, Metric, alarm, formula
from mlplatform.backends.aws.monitoring.dashboards import cluster_dashboard
from mlplatform.backends.aws.monitoring.prometheus_rules import rules as prometheus_rules
from mlplatform.backends.aws.monitoring.quota_alarms import quotas
from mlplatform.backends.aws.monitoring.service_events import failed_launches, rollbacks
from mlplatform.backends.aws.training.parts import AwsCluster, AwsNodePool
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.components.node_pool import GpuNodePool
from mlplatform.spec.monitoring import MonitoringSpec

_INSIGHTS = "ContainerInsights"


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    """Make the rules and dashboards."""
    _store(scope, native(watched.store.parts, AwsStore))
    rollbacks(scope)
    dashboards: dict[str, pulumi.Output[str]] = {}
    if watched.cluster:
        cluster = native(watched.cluster.parts, AwsCluster)
        _cluster(scope, spec, cluster, bool(watched.pools))
        for pool in watched.pools:
            _pool(scope, pool)
        failed_launches(scope, watched.pools)
        quotas(scope, spec, watched.pools)
        if spec.prometheus:
            prometheus_rules(scope, spec)
        if spec.dashboards:
            dashboards["cluster"] = cluster_dashboard(scope, cluster.name)
    return MonitoringParts(dashboards=dashboards)


def _store(scope: Scope, store: AwsStore) -> None:
    for place, bucket in store.buckets.items():
        if not isinstance(bucket, AwsBucket):
            continue
        metric = s3.BucketMetric(
            scope.child(f"requests-{place}"),
            bucket=bucket.bucket.bucket,
            name="EntireBucket",
            opts=scope.opts(),
        )
        alarm(
            scope,
            f"store-{place}",
            "warning",
            describe=f"{bucket.name}: S3 answers requests with server errors",
            threshold=5,
            metrics=[
                Metric(
                    id="errors",
                    name="5xxErrors",
                    namespace="AWS/S3",
                    dimensions={"BucketName": bucket.name, "FilterId": metric.name},
                )
            ],
        )


def _cluster(scope: Scope, spec: MonitoringSpec, cluster: AwsCluster, gpus: bool) -> None:
    where = {"ClusterName": cluster.name}
    rules = spec.alerts

    def metric(name: str, stat: str) -> Metric:
        return Metric(id="value", name=name, namespace=_INSIGHTS, dimensions=where, stat=stat)

    alarm(
        scope,
        "nodes-failed",
        "critical",
        describe=f"{cluster.name}: nodes are not ready",
        threshold=0,
        metrics=[metric("cluster_failed_node_count", "Maximum")],
        periods=2,
    )
    for name in ("node_cpu_utilization", "node_memory_utilization"):
        alarm(
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
    alarm(
        scope,
        "gpu-idle",
        "warning",
        describe=f"{cluster.name}: GPUs below {rules.gpu_idle_percent} % for {rules.gpu_idle_minutes} minutes",
        threshold=rules.gpu_idle_percent,
        metrics=[metric("node_gpu_utilization", "Average")],
        periods=max(1, rules.gpu_idle_minutes * 60 // FIVE_MINUTES),
        below=True,
    )
    alarm(
        scope,
        "gpu-memory",
        "warning",
        describe=f"{cluster.name}: GPU memory over {rules.saturation_percent} % for fifteen minutes",
        threshold=rules.saturation_percent,
        metrics=[metric("node_gpu_memory_utilization", "Average")],
        periods=3,
    )


def _pool(scope: Scope, pool: GpuNodePool) -> None:
    parts = native(pool.parts, AwsNodePool)
    role = pool.scope.name.removeprefix(f"{scope.spec.name}-")
    failed = [
        Metric(
            id=f"failed_{zone.rpartition('-')[2]}",
            name="StatusCheckFailed",
            namespace="AWS/EC2",
            dimensions={"AutoScalingGroupName": group},
            stat="Maximum",
        )
        for zone, group in parts.autoscaling_group_names.items()
    ]
    alarm(
        scope,
        role,
        "critical",
        describe=f"{pool.scope.name}: a node fails its status checks",
        threshold=0,
        metrics=[*failed, formula("any", f"MAX([{', '.join(metric.id for metric in failed)}])")],
        periods=2,
    )
