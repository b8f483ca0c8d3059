"""Every alert reaches somebody."""

from __future__ import annotations

from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import Entry, Fault, Rule


def _heard(alarm: Resource) -> list[Fault]:
    if not alarm.true("actionsEnabled", default=True):
        return [Fault("The alarm's actions are switched off.", "actionsEnabled")]
    if alarm.has("alarmActions[]"):
        return []
    return [Fault("The alarm tells nobody.", "alarmActions")]


def _alone(alarm: Resource) -> bool:
    # what a composite alarm or a rollout watches need not speak for itself
    name = alarm.text("name")
    composites = alarm.index.of("aws:cloudwatch/compositeAlarm:CompositeAlarm")
    endpoints = alarm.index.of("aws:sagemaker/endpoint:Endpoint")
    watched = "deploymentConfig.autoRollbackConfiguration.alarms[].alarmName"
    return not any(
        f'"{name}"' in one.text("alarmRule") or f"({name})" in one.text("alarmRule") for one in composites
    ) and not any(name in endpoint.texts(watched) for endpoint in endpoints)


RULE = Rule(
    id="alert-receivers",
    level="low",
    topic="monitoring",
    title="Every alert reaches somebody",
    why="An alert that nobody hears is found after the outage.",
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
            is_set("notificationChannels[]", "The alert tells nobody."),
            link="https://cloud.google.com/monitoring/alerts",
        ),
        Entry(
            ("azure-native:monitor:MetricAlert",),
            is_set("actions[].actionGroupId", "The alert tells nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
        Entry(
            ("azure-native:monitor:ScheduledQueryRule",),
            is_set("actions.actionGroups[]", "The alert tells nobody."),
            link="https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        ),
    ),
)
