"""Bounds on the instances of a service, and the target at which Cloud Run adds one."""

from __future__ import annotations

from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.serving.sizes import target_utilization
from mlplatform.spec.endpoints import EndpointSpec


def scaling_args(endpoint: EndpointSpec) -> cloudrunv2.ServiceTemplateScalingArgs:
    """Bounds and target of one model's service.

    A CPU target leaves concurrency at its bound; a target in requests leaves CPU at Cloud Run's own 60 per cent.
    """
    share = target_utilization(endpoint.autoscaling, endpoint.max_concurrency)
    by_cpu = endpoint.autoscaling.metric == "cpu"
    return cloudrunv2.ServiceTemplateScalingArgs(
        min_instance_count=endpoint.replicas[0],
        max_instance_count=endpoint.replicas[1],
        concurrency_utilization=None if by_cpu else share,
        cpu_utilization=share if by_cpu else None,
    )
