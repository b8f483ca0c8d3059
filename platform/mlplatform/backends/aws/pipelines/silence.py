"""The alarm that a scheduled task has said for long that it ended well."""

from __future__ import annotations

from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, make_alarm
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import Severity

_HOUR = 3600


def watch_silence(scope: Scope, ends: AlarmMetric, *, hours: int, severity: Severity, words: str) -> None:
    """Create the alarm.

    Args:
        scope: the owner of the task.
        ends: how often the task said so.
        hours: so long. At most seven days in all,
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        severity: who is told.
        words: what the alarm tells.
    """
    make_alarm(
        scope,
        "silence",
        severity,
        describe=words,
        threshold=1,
        below=True,
        period=_HOUR,
        periods=hours,
        missing="breaching",
        metrics=[ends],
    )
