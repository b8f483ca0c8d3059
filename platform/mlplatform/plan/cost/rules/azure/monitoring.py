"""Logs, alerts and Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step

_INCLUDED_DAYS = 31
"""Days of retention that ingestion includes: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs"""

_TIERS = ("PT1M", "PT5M", "PT10M")
"""Rules that run less often are priced like those of 15 minutes: https://azure.microsoft.com/pricing/details/monitor/"""


def _logs(step: Step, context: CostContext) -> Iterator[CostPart]:
    read_in = context.usage.observability.logs_gib * context.share(step)
    yield Charge("logs-ingested", "gib", read_in, "logs ingested")
    months = max(0, as_number(step.inputs.get("retentionInDays"), _INCLUDED_DAYS) - _INCLUDED_DAYS) / 30
    yield Charge("logs-stored", "gib-month", read_in * months, "logs stored, at full retention")


def _metric_alert(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    if step.inputs.get("enabled") is not False:
        watched = max(1, len(as_items(value_at(step.inputs, "criteria", "allOf"))))
        yield Charge("metric-alert", "month", Range.exactly(watched), "time series watched, one per condition")


def _log_alert(step: Step, context: CostContext) -> Iterator[CostPart]:
    del context
    if step.inputs.get("enabled") is not False:
        every = as_text(step.inputs.get("evaluationFrequency")) or "PT5M"
        tier = every if every in _TIERS else "PT15M"
        yield Charge(f"log-alert/{tier}", "month", Range.exactly(1), f"rule run every {every.removeprefix('PT')}")


def _prometheus(step: Step, context: CostContext) -> Iterator[CostPart]:
    samples = context.usage.observability.samples_million * context.share(step)
    yield Charge("metric-samples", "million", samples, "samples ingested")


def _grafana(step: Step, context: CostContext) -> Iterator[CostPart]:
    sku, what = "grafana", "Grafana, one unit"
    if as_text(value_at(step.inputs, "properties", "zoneRedundancy")) == "Enabled":
        sku, what = "grafana+zones", "Grafana across zones, one unit"
    yield Charge(sku, "hour", Range.exactly(HOURS), what)
    seen = context.usage.observability
    yield Charge("grafana-user", "month", seen.grafana_editors + seen.grafana_viewers, "users who log in")


RULES: CostRules = {
    "azure-native:operationalinsights:Workspace": _logs,
    "azure-native:monitor:MetricAlert": _metric_alert,
    "azure-native:monitor:ScheduledQueryRule": _log_alert,
    "azure-native:monitor:AzureMonitorWorkspace": _prometheus,
    "azure-native:dashboard:Grafana": _grafana,
}
