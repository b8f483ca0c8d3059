"""The lines of a monitor in the log workspace. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.monitor_alerts import FIELD
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import MONITORS_NAMESPACE, ModelMonitorSpec

_OF_JOB = "ContainerAppConsoleLogs | extend said = parse_json(Log)"

_OF_PODS = (
    f"ContainerLogV2 | where PodNamespace == '{MONITORS_NAMESPACE}' | extend said = parse_json(tostring(LogMessage))"
)
"""Lines of other namespaces do not count: any pod can write them. A message is text, or JSON that was read already,
https://learn.microsoft.com/azure/azure-monitor/reference/tables/containerlogv2"""


def monitor_lines(spec: ModelMonitorSpec, endpoint: EndpointSpec, *lines: str) -> str:
    """The query of some lines of a monitor, with what they say in the column `said`.

    Args:
        spec: the monitor.
        endpoint: its endpoint.
        lines: what they tell.
    """
    words = ", ".join(f"'{line}'" for line in lines)
    source = _OF_PODS if spec.on == "cluster" else _OF_JOB
    return f"{source} | where tostring(said.{FIELD}) in ({words}) and tostring(said.endpoint) == '{endpoint.name}'"
