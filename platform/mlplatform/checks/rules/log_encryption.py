"""Logs and metrics are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Logs are encrypted with the cloud's key, not with a customer-managed one."
_METRICS = "Its data is encrypted with the cloud's key, not with a customer-managed one."

RULE = CheckRule(
    id="log-encryption",
    level="medium",
    topic="encryption",
    title="Logs and metrics are encrypted with customer-managed keys",
    why="Logs repeat inputs, names and errors of the workloads.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:cloudwatch/logGroup:LogGroup",),
            own_key("kmsKeyId", _REASON),
            link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        ),
        Entry(
            ("aws:amp/workspace:Workspace",),
            own_key("kmsKeyArn", _METRICS),
            link="https://docs.aws.amazon.com/prometheus/latest/userguide/encryption-at-rest-Amazon-Service-Prometheus.html",
        ),
        Entry(
            ("aws:grafana/workspace:Workspace",),
            own_key("kmsKeyId", _METRICS),
            link="https://docs.aws.amazon.com/grafana/latest/userguide/AMG-encryption-at-rest.html",
        ),
        Entry(
            ("gcp:logging/projectBucketConfig:ProjectBucketConfig",),
            own_key("cmekSettings.kmsKeyName", _REASON),
            link="https://cloud.google.com/logging/docs/routing/managed-encryption-storage",
        ),
    ),
)
