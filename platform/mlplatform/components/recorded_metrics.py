"""Metrics that the cloud's Prometheus records by rules: what pictures of weeks are drawn from, alike on every cloud.

Raw series of a week are too many to read for each picture. Names are `level:what:how`, as
https://prometheus.io/docs/practices/rules/ has them. Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlplatform.components.cluster_rollouts import answering_upstreams
from mlplatform.components.endpoint_metrics import ENDPOINT_TAG, failed_percent, response_time
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

GROUP = "recorded"
"""Name of the group of these rules."""

MOST_RULES = 20
"""Rules of a group, alike in the managed Prometheus of AWS and of Azure (2026-11-30):
https://docs.aws.amazon.com/prometheus/latest/userguide/AMP_quotas.html
https://learn.microsoft.com/azure/azure-monitor/service-limits#prometheus-metrics"""

_ENDPOINT = "endpoint"
"""Label of what is recorded of one endpoint: its name."""

PENDING = "cluster_queue:pending_workloads:sum"
"""Jobs that wait in each queue."""

HELD = "flavor:held_devices:sum"
"""Devices and other resources that each queue's jobs hold of each pool."""

GPU_USE = "node:gpu_use_percent:avg"
"""Use of each node's GPUs, per cent."""

REQUESTS = "endpoint:requests_per_second:rate5m"
"""Requests per second of each endpoint on the cluster, without those of its shadow."""

FAILED = "endpoint:failed_percent:rate5m"
"""Failed requests of each endpoint on the cluster, per cent."""

P99 = "endpoint:p99_milliseconds:rate5m"
"""99th percentile of the response time of each endpoint on the cluster, milliseconds."""


@record(kw_only=True)
class RecordedMetric:
    """A metric that a rule makes of others."""

    name: str
    """Its name."""

    query: str
    """PromQL of its values."""

    labels: Mapping[str, str] | None = None
    """Labels that it has beside those of the query. Omitted: none."""

    def rule(self) -> dict[str, object]:
        """The rule as Prometheus' files have it."""
        return {"record": self.name, "expr": self.query, **({"labels": dict(self.labels)} if self.labels else {})}


def recorded_metrics(spec: PlatformSpec, gpu_node: str) -> tuple[RecordedMetric, ...]:
    """What is recorded of the training cluster; nothing without managed Prometheus or without a cluster.

    Args:
        spec: the platform.
        gpu_node: labels that name the node of a GPU in the exporter's series; empty where there is no exporter.
    """
    if spec.training is None or not spec.monitoring.prometheus:
        return ()
    return (
        *(_gpus(gpu_node) if gpu_node and spec.training.pools else ()),
        *(_queues() if spec.cluster else ()),
        *(each for endpoint in spec.endpoints if endpoint.on == "cluster" for each in _endpoint(endpoint)),
    )


def recorded_groups(spec: PlatformSpec, gpu_node: str) -> Mapping[str, Sequence[RecordedMetric]]:
    """What is recorded, by name of its group: one while all fit into it, else the cluster's and one of each endpoint.

    Args:
        spec: as of `recorded_metrics`.
        gpu_node: as there.
    """
    recorded = recorded_metrics(spec, gpu_node)
    groups: dict[str, list[RecordedMetric]] = {}
    for each in recorded:
        endpoint = (each.labels or {}).get(_ENDPOINT) if len(recorded) > MOST_RULES else None
        groups.setdefault(f"{GROUP}-{endpoint}" if endpoint else GROUP, []).append(each)
    return groups


def _gpus(node: str) -> Iterator[RecordedMetric]:
    yield RecordedMetric(name=GPU_USE, query=f"avg by ({node}) (DCGM_FI_DEV_GPU_UTIL)")


def _queues() -> Iterator[RecordedMetric]:
    """Two replicas of Kueue report the same numbers: https://kueue.sigs.k8s.io/docs/reference/metrics/"""
    yield RecordedMetric(
        name=PENDING,
        query="sum by (cluster_queue) (max by (cluster_queue, status) (kueue_pending_workloads))",
    )
    yield RecordedMetric(
        name=HELD,
        query="max by (cluster_queue, flavor, resource) (kueue_cluster_queue_resource_usage)",
    )


def _endpoint(endpoint: EndpointSpec) -> Iterator[RecordedMetric]:
    names = "|".join(answering_upstreams(endpoint))
    series = f'{ENDPOINT_TAG}="{endpoint.name}",envoy_cluster_name=~"{names}"'
    labels = {_ENDPOINT: endpoint.name}
    requests = f"sum(rate(envoy_cluster_upstream_rq_xx{{{series}}}[5m]))"
    yield RecordedMetric(name=REQUESTS, query=requests, labels=labels)
    yield RecordedMetric(name=FAILED, query=failed_percent(series, "5m"), labels=labels)
    yield RecordedMetric(name=P99, query=response_time(series, 0.99, "5m"), labels=labels)
