"""Names of what Grafana reads. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.platform import PlatformSpec


def dashboards_bucket(spec: PlatformSpec, target: GcpTarget) -> str:
    """Name of the bucket with Grafana's dashboards."""
    return bucket_name(spec, target, "grafana")
