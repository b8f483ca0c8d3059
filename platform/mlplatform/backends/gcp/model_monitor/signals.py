"""The figures of a monitor as a metric of its log's lines. Imports no SDK."""

from __future__ import annotations

import re

from mlplatform.backends.gcp.naming import LONG
from mlplatform.components.names import physical_name
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

SIGNAL, PART = "signal", "part"
"""Labels of the metric: what is measured, and of which kind, input or slice."""


def signal_metric(spec: PlatformSpec, endpoint: EndpointSpec) -> str:
    """Name of the metric of one endpoint's monitor."""
    return physical_name(spec, f"monitor-{endpoint.name}", LONG)


def looks_metric(spec: PlatformSpec, endpoint: EndpointSpec) -> str:
    """Name of the metric that counts the looks of a monitor that the cluster runs."""
    return physical_name(spec, f"monitor-{endpoint.name}-looks", LONG)


def log_metric(name: str) -> str:
    """A metric of the log as PromQL has it, https://docs.cloud.google.com/monitoring/promql/promql-mapping"""
    return f"logging_googleapis_com:user_{re.sub('[^a-zA-Z0-9]', '_', name)}"


def mean_signal(spec: PlatformSpec, endpoint: EndpointSpec, signal: str, hours: int) -> str:
    """PromQL of the mean of what the looks of some hours told, by part.

    Metrics of logs have distributions: a sum and a count, https://docs.cloud.google.com/monitoring/promql/promql-mapping
    """
    name = log_metric(signal_metric(spec, endpoint))
    inside = endpoint.monitor is not None and endpoint.monitor.on == "cluster"
    whose = f'{{monitored_resource="{"k8s_container" if inside else "cloud_run_job"}",{SIGNAL}="{signal}"}}'
    total, count = (f"sum by ({PART}) (increase({name}_{end}{whose}[{hours}h]))" for end in ("sum", "count"))
    return f"{total} / {count}"
