"""The figures of a monitor as metrics of CloudWatch: each line `metric` of its log is a value. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.names import platform_name
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

METRIC_NAME = "signal"
"""Name of the metric."""

SIGNAL, PART = "Signal", "Part"
"""Its dimensions: what is measured, and of which kind, input or slice."""


def signal_namespace(spec: PlatformSpec, endpoint: EndpointSpec) -> str:
    """Namespace of the metrics of one endpoint's monitor."""
    return f"{platform_name(spec)}/monitor-{endpoint.name}"
