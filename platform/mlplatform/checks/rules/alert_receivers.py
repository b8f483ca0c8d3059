"""Every alert reaches somebody."""

from __future__ import annotations

import re

from mlplatform.checks.index import Index
from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_NAMES = re.compile(r'"([^"]*)"|\(([^()"]*)\)')
"""Names in an alarm's rule: `ALARM("high errors") OR ALARM(slow)`."""


def _heard(alarm: Resource) -> list[CheckFault]:
    if not alarm.true("actionsEnabled", default=True):
        return [CheckFault("The alarm's actions are disabled.", "actionsEnabled")]
    if alarm.has("alarmActions[]"):
        return []
    return [CheckFault("The alarm notifies nobody.", "alarmActions")]


def _alone(alarm: Resource) -> bool:
    # an alarm that a composite alarm or a rollout watches need not notify by itself
    watched, unknown = alarm.index.once(_watched)
    name = alarm.text("name")
    if unknown and name not in watched:
        raise UnknownInput("name")
    return name not in watched


def _watched(index: Index) -> tuple[frozenset[str], bool]:
    """Names of the alarms that others watch, and whether there are more that cannot be known yet."""
    names: set[str] = set()
    unknown = False
    for one in (
        *index.of("aws:cloudwatch/compositeAlarm:CompositeAlarm"),
        *index.of("aws:sagemaker/endpoint:Endpoint"),
    ):
        try:
            names.update(quoted or plain for quoted, plain in _NAMES.findall(one.text("alarmRule")))
            names.update(one.texts("deploymentConfig.autoRollbackConfiguration.alarms[].alarmName"))
        except UnknownInput:
            unknown = True
    return frozenset(names), unknown


RULE = CheckRule(
    id="alert-receivers",
    level="low",
    topic="monitoring",
    title="Every alert reaches somebody",
    why="An alert that nobody receives is noticed after the outage.",
    fix="Send it to a route (monitoring.routes).",
    entries=(
        Entry(
            ("aws:cloudwatch/metricAlarm:MetricAlarm",),
            _heard,
            refs=("AWS FSBP CloudWatch.15", "AWS FSBP CloudWatch.17"),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
            when=_alone,
            siblings=True,
        ),
        Entry(
            ("aws:cloudwatch/compositeAlarm:CompositeAlarm",),
            _heard,
            refs=("AWS FSBP CloudWatch.15",),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
        ),
        Entry(
            ("gcp:monitoring/alertPolicy:AlertPolicy",),
            is_set("notificationChannels[]", "The alert notifies nobody."),
            link="https://cloud.google.com/monitoring/alerts",
        ),
        Entry(
            ("azure-native:monitor:MetricAlert",),
            is_set("actions[].actionGroupId", "The alert notifies nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
        Entry(
            ("azure-native:monitor:ScheduledQueryRule",),
            is_set("actions.actionGroups[]", "The alert notifies nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
    ),
)
