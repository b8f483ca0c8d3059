"""What the alerts of a monitor tell, alike on every cloud: the program says what it found in lines of JSON, which each
cloud's own log alerts read."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.monitoring import Severity

FIELD = "monitor"
"""Field of a line of the program's log that says what the line is."""

LOOK = "look"
"""The line at the end of a look that judged or said why it could not: without it there was none."""

METRIC = "metric"
"""A line with one figure: its name in `metric`, of which kind, input or slice in `part`, and `value`."""

SILENT_PERIODS = 2
"""Times `every_hours` without a finished look after which somebody is told."""


@record(kw_only=True)
class MonitorAlert:
    """One alert on lines of the program's log."""

    role: str
    """Distinguishes it among the monitor's."""

    lines: tuple[str, ...]
    """Values of the field `monitor` in the lines that it counts."""

    severity: Severity
    """Who is told."""

    words: str
    """What happened and where to look, for people."""


def monitor_alerts(spec: ModelMonitorSpec, endpoint: EndpointSpec) -> Sequence[MonitorAlert]:
    """The alerts on what is written.

    Args:
        spec: the monitor.
        endpoint: its endpoint.
    """
    report = f"the newest report below reports/{endpoint.name} of the store's monitoring place says"
    return (
        MonitorAlert(
            role="changed",
            lines=("change",),
            severity=spec.severity,
            words=f"What {endpoint.name} is asked, or what it means, is not as it was for its model: {report} what "
            "changed and by which inputs",
        ),
        MonitorAlert(
            role="broken",
            lines=("broken",),
            severity=spec.severity,
            words=f"The data of {endpoint.name} are broken: {report} which inputs. Mend their source; training again "
            "would make the model worse",
        ),
        MonitorAlert(
            role="failed",
            lines=("unjudged", "failure"),
            severity="warning",
            words=f"The monitor of {endpoint.name} could not judge, or could not do something: {report} why, or its "
            "log does",
        ),
    )


def silence_words(spec: ModelMonitorSpec, endpoint: EndpointSpec) -> str:
    """What the alert on silence tells.

    Args:
        spec: the monitor.
        endpoint: its endpoint.
    """
    return (
        f"The monitor of {endpoint.name} finished no look for {silent_hours(spec)} hours: nobody would notice a model "
        "that gets worse. Look at its schedule and its log. A new monitor is silent until its first look"
    )


def silent_hours(spec: ModelMonitorSpec) -> int:
    """Hours without a finished look after which somebody is told."""
    return SILENT_PERIODS * spec.every_hours
