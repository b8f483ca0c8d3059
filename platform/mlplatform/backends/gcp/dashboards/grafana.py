"""Grafana on Cloud Run reads its dashboards from a bucket: it has no memory, and no login for programs."""

from __future__ import annotations

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.grafana_names import dashboards_bucket
from mlplatform.components.grafana import GrafanaFiles
from mlplatform.components.live_traffic import Ask
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, ask: Ask) -> GrafanaFiles:
    """Name the bucket. Whoever runs it needs the right to write objects of the bucket."""
    del ask
    target = typed_target(spec.targets[0], GcpTarget)
    project = ("--project", target.project)
    address = f"gs://{dashboards_bucket(spec, target)}"
    return GrafanaFiles(
        address=address,
        listing=("gcloud", "storage", "objects", "list", f"{address}/*.json", "--format", "json", *project),
        copy=lambda file, to: ("gcloud", "storage", "cp", file, to, *project),
        remove=lambda at: ("gcloud", "storage", "rm", at, *project),
    )
