"""Production's logs are kept for a year."""

from __future__ import annotations

from mlplatform.checks.predicates import is_at_least, production
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DAYS = 365
_QUARTER = 90
_REASON = "Logs are kept for less than a year."


def _for_ever(group: Resource) -> list[CheckFault]:
    # 0, and nothing, mean for ever
    days = group.number("retentionInDays")
    return [CheckFault(_REASON, "retentionInDays")] if 0 < days < _DAYS else []


def _flows(log: Resource) -> list[CheckFault]:
    days = log.number("retentionPolicy.days")
    if log.true("retentionPolicy.enabled") and 0 < days < _QUARTER:
        return [CheckFault("Flow logs are kept for less than 90 days.", "retentionPolicy.days")]
    return []


RULE = CheckRule(
    id="log-retention",
    level="medium",
    topic="logging",
    title="Production's logs are kept for a year",
    why="Intrusions are found months later on average.",
    fix="Keep logs for 365 days (monitoring.log_retention_days).",
    entries=(
        Entry(
            ("aws:cloudwatch/logGroup:LogGroup",),
            _for_ever,
            refs=("AWS FSBP CloudWatch.16",),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
            when=production,
        ),
        Entry(
            ("gcp:logging/projectBucketConfig:ProjectBucketConfig",),
            is_at_least("retentionDays", _DAYS, _REASON, default=30),
            link="https://cloud.google.com/logging/docs/buckets#custom-retention",
            # log buckets carry no labels
            when=lambda bucket: bucket.index.environment not in ("dev", "staging"),
            siblings=True,
        ),
        Entry(
            ("azure-native:operationalinsights:Workspace",),
            is_at_least("retentionInDays", _DAYS, _REASON, default=30),
            refs=("MCSB LT-6",),
            link="https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
            when=production,
        ),
        Entry(
            ("azure-native:network:FlowLog",),
            _flows,
            refs=("CIS Azure 4.0 8.8", "MCSB LT-6"),
            link="https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview",
            when=production,
        ),
    ),
)
