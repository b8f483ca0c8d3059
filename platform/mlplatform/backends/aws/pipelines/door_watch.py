"""Alerts about the door: messages that nobody could read, failures, silence."""

from __future__ import annotations

from pulumi_aws import cloudwatch

from mlplatform.backends.aws.monitoring.alarms import AlarmMetric, count_lines, make_alarm
from mlplatform.backends.aws.pipelines.inbox import AwsInbox
from mlplatform.components.scope import Scope

_HOUR = 3600
_LINES = {"failures": "failure", "ticks": "tick"}
"""Metrics, and the lines of the program's log that they count."""


def watch_door(scope: Scope, inbox: AwsInbox, logs: cloudwatch.LogGroup) -> None:
    """Create the alerts.

    Args:
        scope: the door.
        inbox: its queues.
        logs: of its program, which writes lines of JSON: one per failure, and one at the end of each tick.
    """
    make_alarm(
        scope,
        "letters",
        "warning",
        describe="Messages that ask for runs could not be read, or the door could not be started: look at the queue of "
        "dead letters",
        threshold=0,
        metrics=[
            AlarmMetric(
                id="letters",
                name="ApproximateNumberOfMessagesVisible",
                namespace="AWS/SQS",
                dimensions={"QueueName": inbox.letters.name},
                stat="Maximum",
            )
        ],
    )
    counted = {
        metric: count_lines(scope, "door", metric, logs, f'{{ $.door = "{line}" }}') for metric, line in _LINES.items()
    }
    make_alarm(
        scope,
        "failures",
        "warning",
        describe="The program that decides which runs start could not do something: its log group says what",
        threshold=0,
        metrics=[counted["failures"]],
    )
    make_alarm(
        scope,
        "silence",
        "critical",
        describe="The door finished no tick for an hour, so that no run starts: look at its schedule, its tasks and "
        "its log group",
        threshold=1,
        below=True,
        period=_HOUR,
        missing="breaching",
        metrics=[counted["ticks"]],
    )
