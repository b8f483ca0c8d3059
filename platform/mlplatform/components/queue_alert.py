"""The alert for a queue that does not move, in the PromQL of Kueue's metrics; alike on every cloud. Imports no SDK."""

from __future__ import annotations

_ADMISSIONS = "15m"
"""Time in which one admission shows that a queue moves."""

TITLE = "Jobs wait and none is admitted, although devices of their queue are free"
"""Heading of the alert."""

ADVICE = (
    "Look at why a job waits: `kubectl describe workload --all-namespaces`. Usually it asks for more than is free, or "
    "the nodes of its pool do not come."
)
"""What to do about it."""


def stalled_queues(matcher: str = "") -> str:
    """PromQL: jobs that wait in each queue in which nothing is admitted while it has unused quota.

    A queue whose devices all work is not stalled, whatever waits in it. Two replicas report the same numbers:
    https://kueue.sigs.k8s.io/docs/reference/metrics/

    Args:
        matcher: what selects the cluster's series. Omitted: all are of one cluster.
    """

    def gauge(name: str, *labels: str) -> str:
        by = ", ".join(("cluster_queue", *labels))
        return f"sum by (cluster_queue) (max by ({by}) (kueue_{name}{{{matcher}}}))"

    waiting = gauge("pending_workloads", "status")
    admitted = f"sum by (cluster_queue) (increase(kueue_admitted_workloads_total{{{matcher}}}[{_ADMISSIONS}]))"
    used = gauge("cluster_queue_resource_usage", "flavor", "resource")
    quota = gauge("cluster_queue_nominal_quota", "flavor", "resource")
    return f"{waiting} > 0 unless on (cluster_queue) ({admitted} > 0) unless on (cluster_queue) ({used} >= {quota})"
