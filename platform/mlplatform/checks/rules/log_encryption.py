"""Logs and metrics are encrypted with a key of one's own."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import Entry, Rule

_REASON = "Logs are encrypted with the vendor's key, not with one of your own."
_METRICS = "What is kept here is encrypted with the vendor's key, not with one of your own."

RULE = Rule(
    id="log-encryption",
    level="medium",
    topic="encryption",
    title="Logs and metrics are encrypted with keys of your own",
    why="Logs repeat inputs, names and errors of what they watch.",
    fix="Name a key of the platform.",
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
