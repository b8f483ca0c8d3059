"""Rules of the artifact store."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.monitoring.alarms import AlertRule
from mlplatform.spec.monitoring import AlertsSpec


def store_rules(buckets: str, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Rules for requests to the store that fail, without the callers' mistakes, and for denied ones."""
    count = "storage_googleapis_com:api_request_count"
    matcher = f'bucket_name=~"{buckets}"'
    errors = 'response_code=~"INTERNAL|UNAVAILABLE|RESOURCE_EXHAUSTED"'
    failed = f"sum by (bucket_name) (rate({count}{{{matcher},{errors}}}[5m]))"
    total = f"sum by (bucket_name) (rate({count}{{{matcher}}}[5m]))"
    yield AlertRule(
        "storage-errors",
        f"More than {alerts.error_rate_percent:g} % of requests to a place of the store fail",
        f"100 * {failed} / {total} > {alerts.error_rate_percent:g}",
        "warning",
        minutes=10,
        advice="RESOURCE_EXHAUSTED: spread names or slow down. Others: look at Google Cloud's status.",
    )
    denied = f'sum by (bucket_name) (increase({count}{{{matcher},response_code="PERMISSION_DENIED"}}[10m]))'
    yield AlertRule(
        "storage-denied",
        "Requests to a place of the store are denied",
        f"{denied} > 20",
        "warning",
        advice="Somebody lacks a grant, or the key's grant to Cloud Storage is gone.",
    )
