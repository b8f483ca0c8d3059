"""Rules of the artifact store."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.monitoring.alerts import AlertRule
from mlplatform.spec.monitoring import AlertsSpec


def store_rules(buckets: str, alerts: AlertsSpec) -> Iterator[AlertRule]:
    """Requests to the store that fail, the callers' own mistakes left out."""
    count = "storage_googleapis_com:api_request_count"
    ours = f'bucket_name=~"{buckets}"'
    failed = (
        f'sum by (bucket_name) (rate({count}{{{ours},response_code=~"INTERNAL|UNAVAILABLE|RESOURCE_EXHAUSTED"}}[5m]))'
    )
    every = f"sum by (bucket_name) (rate({count}{{{ours}}}[5m]))"
    yield AlertRule(
        "storage-errors",
        f"More than {alerts.error_rate_percent:g} % of requests to a place of the store fail",
        f"100 * {failed} / {every} > {alerts.error_rate_percent:g}",
        "warning",
        minutes=10,
        advice="RESOURCE_EXHAUSTED: spread names or slow down. Others: look at Google Cloud's status.",
    )
    denied = f'sum by (bucket_name) (increase({count}{{{ours},response_code="PERMISSION_DENIED"}}[10m]))'
    yield AlertRule(
        "storage-denied",
        "Requests to a place of the store are denied",
        f"{denied} > 20",
        "warning",
        advice="Somebody lacks a grant, or the key's grant to Cloud Storage is gone.",
    )
