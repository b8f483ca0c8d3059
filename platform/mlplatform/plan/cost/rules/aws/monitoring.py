"""Logs, alarms, dashboards, Prometheus, Grafana, and the channels of alerts."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_items, as_number, value_at
from mlplatform.plan.model import Step

_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_FLOW = "flow-logs"
_DOOR = "-door-logs"
_DOOR_GIB = Range(0.003, 0.01, 0.1)
"""A line or two each five minutes: what starts pipelines says what it decides."""
_REQUEST_METRICS = 16
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html"""
_COMPRESSED = 0.15
"""Logs are stored compressed to about this: AWS's own assumption, https://calculator.aws/#/createCalculator/CloudWatch"""


def _logs(step: Step, context: CostContext) -> Iterator[CostPart]:
    usage = context.usage.observability
    if step.name.endswith(_DOOR):
        read_in = _DOOR_GIB
    elif _tells_events(step):
        read_in = usage.logs_gib * (1 / context.count(_GROUP, _tells_events))
    else:
        read_in = usage.flow_logs_gib
    yield Charge("logs-ingested", "gib", read_in, "logs ingested")
    months = as_number(step.inputs.get("retentionInDays"), 365) / 30
    yield Charge("logs-stored", "gib-month", read_in * (months * _COMPRESSED), "logs stored, at full retention")


def _tells_events(step: Step) -> bool:
    return not step.name.endswith((_FLOW, _DOOR))


def _alarm(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    metrics = sum(value_at(query, "metric") is not None for query in as_items(step.inputs.get("metricQueries"))) or 1
    yield Charge("alarm", "month", Range.exactly(metrics), "metrics watched")


def _composite(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("composite-alarm", "month", Range.exactly(1), "composite alarm")


def _dashboard(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    yield Charge("dashboard", "month", Range.exactly(1), "dashboard")


def _bucket_metric(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step, context
    # a metric without requests of its kind is not billed
    yield Charge("metric", "month", Range(0, _REQUEST_METRICS, _REQUEST_METRICS), "request metrics")


def _prometheus(step: Step, context: CostContext) -> Iterator[CostPart]:
    samples = context.usage.observability.samples_million
    yield Charge("metric-samples", "million", samples * context.share(step), "samples ingested")


def _scraper(step: Step, context: CostContext) -> Iterator[CostPart]:
    samples = context.usage.observability.samples_million
    yield Charge("collector", "hour", Range.exactly(HOURS), "collector")
    yield Charge("collector-samples", "million", samples * context.share(step), "samples collected")


def _grafana(step: Step, context: CostContext) -> Iterator[CostPart]:
    del step
    usage = context.usage.observability
    editors = usage.grafana_editors
    paid = Range(max(1, editors.low), max(1, editors.expected), max(1, editors.high))
    yield Charge("grafana-editor", "month", paid, "editors, at least one")
    yield Charge("grafana-viewer", "month", usage.grafana_viewers, "viewers")


def _topic(step: Step, context: CostContext) -> Iterator[CostPart]:
    yield Charge("notifications", "million", context.usage.small.messages_million * context.share(step), "messages")


def _queue(step: Step, context: CostContext) -> Iterator[CostPart]:
    yield Charge("queue-requests", "million", context.usage.small.messages_million * context.share(step), "messages")


def _sent_out(step: Step, context: CostContext) -> Iterator[CostPart]:
    yield Charge("event-sent-out", "million", context.usage.small.messages_million * context.share(step), "events sent")


RULES: CostRules = {
    _GROUP: _logs,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:s3/bucketMetric:BucketMetric": _bucket_metric,
    "aws:amp/workspace:Workspace": _prometheus,
    "aws:amp/scraper:Scraper": _scraper,
    "aws:grafana/workspace:Workspace": _grafana,
    "aws:sns/topic:Topic": _topic,
    "aws:sqs/queue:Queue": _queue,
    "aws:cloudwatch/eventApiDestination:EventApiDestination": _sent_out,
}
