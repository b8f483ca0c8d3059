"""Alarms of the door: it says what it does in lines of JSON, which its environment sends to the log workspace."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_azure_native import app, eventgrid, monitor

from mlplatform.backends.azure.monitoring.alarms import log_alarm, metric_alarm
from mlplatform.components.scope import Scope

_LINES = "ContainerAppConsoleLogs | extend said = parse_json(Log) | where tostring(said.door) in ({words})"
_TOPIC_METRICS = "Microsoft.EventGrid/systemTopics"


def watch_door(scope: Scope, job: app.Job, topics: Mapping[str, eventgrid.SystemTopic]) -> None:
    """Alert on what went wrong at the door, on failed runs, on the door's silence, and on notices that were lost.

    Args:
        scope: the door's.
        job: the door.
        topics: the topics of new data, by account of the store.
    """
    failed = _LINES.format(words="'failure', 'run-failed'")
    log_alarm(
        scope,
        "failures",
        severity="warning",
        description="The door could not do something, put a message away that nobody can read, or a run failed: its "
        "log and its records below door/ of the store's pipelines say what",
        kql=f"{failed} | summarize failures = count()",
        column="failures",
        above=0,
        window="PT15M",
        every="PT15M",
        depends_on=[job],
    )
    ticks = _LINES.format(words="'tick'")
    log_alarm(
        scope,
        "silence",
        severity="critical",
        description="The door has not finished a look for an hour: nothing starts runs",
        kql=f"{ticks} | summarize ticks = count() | extend silent = iff(ticks == 0, 1, 0)",
        column="silent",
        above=0,
        window="PT1H",
        every="PT15M",
        depends_on=[job],
    )
    for role, topic in topics.items():
        metric_alarm(
            scope,
            f"lost-{role}",
            severity="warning",
            description="Event Grid could not deliver notices of new data: they are in the container lost-notices",
            on=topic.id,
            namespace=_TOPIC_METRICS,
            name="DeadLetteredCount",
            above=0,
            aggregation=monitor.AggregationTypeEnum.TOTAL,
            window="PT15M",
            every="PT5M",
        )
