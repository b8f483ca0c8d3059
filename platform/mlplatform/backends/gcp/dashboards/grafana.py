"""Grafana on Cloud Run reads its dashboards from a bucket: it has no memory, and no login for programs."""

from __future__ import annotations

from pathlib import PurePosixPath

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.grafana_names import dashboards_bucket
from mlplatform.components.grafana import GrafanaFiles
from mlplatform.components.live_traffic import Ask, fields_of, items_of, text_of
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
        names=lambda ask: _names(
            ask(("gcloud", "storage", "objects", "list", f"{address}/*.json", "--format", "json", *project))
        ),
        read=lambda at: ("gcloud", "storage", "cat", at, *project),
        copy=lambda file, to: ("gcloud", "storage", "cp", file, to, *project),
        remove=lambda at: ("gcloud", "storage", "rm", at, *project),
    )


def _names(listed: object) -> frozenset[str]:
    """Names of the files that are there now.

    The command also lists what was overwritten or removed, because the bucket keeps it: that has `noncurrent_time`. It
    lists no digests, because the files have a key: https://cloud.google.com/sdk/gcloud/reference/storage/objects/list
    (2026-11), --fetch-encrypted-object-hashes.
    """
    return frozenset(
        PurePosixPath(text_of(each, "name")).name
        for each in items_of(listed)
        if "noncurrent_time" not in fields_of(each)
    )
