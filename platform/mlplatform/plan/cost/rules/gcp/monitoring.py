"""Logs and the channels of alerts. Managed Prometheus has no resource of its own: it is priced with the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.values import as_number, value_at
from mlplatform.plan.model import Step

_INCLUDED_DAYS = 30
"""Days of storage that ingestion includes: https://cloud.google.com/stackdriver/pricing"""
_MESSAGE_GIB = 1_000_000 / 2**20
"""GiB of a million messages of 1 KiB."""


def _logs(step: Step, context: CostContext) -> Iterator[CostPart]:
    usage = context.usage.observability
    flows = any(value_at(subnet.inputs, "logConfig") is not None for subnet in context.of_type(_SUBNET))
    logs = usage.logs_gib * context.share(step)
    yield Charge("logs-ingested", "gib", logs, "logs ingested")
    kept = logs
    if flows:
        flow_logs = usage.flow_logs_gib * context.share(step)
        yield Charge("flow-logs-ingested", "gib", flow_logs, "flow logs ingested")
        kept = logs + flow_logs
    months = max(0, as_number(step.inputs.get("retentionDays"), _INCLUDED_DAYS) - _INCLUDED_DAYS) / 30
    yield Charge("logs-stored", "gib-month", kept * months, "logs stored, at full retention")


def _topic(step: Step, context: CostContext) -> Iterator[CostPart]:
    messages = context.usage.small.messages_million * context.share(step)
    yield Charge("messages", "gib", messages * _MESSAGE_GIB, "messages of 1 KiB")


_SUBNET = "gcp:compute/subnetwork:Subnetwork"
RULES: CostRules = {
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": _logs,
    "gcp:pubsub/topic:Topic": _topic,
}
