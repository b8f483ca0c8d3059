"""Grafana's dashboards as files of a bucket: they outlive the instance, which has no memory of its own.

The bucket is mounted where Grafana looks for dashboards. `up` writes only where they are; `mlplatform dashboards apply`
writes the dashboards, and Grafana sees a change within a minute.
https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
"""

from __future__ import annotations

import json

from pulumi_gcp import cloudrunv2, serviceaccount, storage

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.storage.access_logs import build_access_logs
from mlplatform.backends.gcp.storage.bucket import make_bucket
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.grafana_names import dashboards_bucket
from mlplatform.components.scope import Scope

MOUNT = "/etc/grafana/provisioning/dashboards"
"""Where Grafana looks for lists of dashboards, and where its list says that they are."""

_FORMER_DAYS = 30


def build_dashboard_files(
    scope: Scope, keys: GcpKeys, target: GcpTarget, account: serviceaccount.Account, days: int
) -> tuple[cloudrunv2.ServiceTemplateVolumeArgs, tuple[storage.BucketIAMMember, storage.BucketObject]]:
    """Build the bucket, with a record of who changed what; a service that mounts it depends on the returned resources.

    Args:
        scope: its owner.
        keys: the platform's.
        target: where it is.
        account: Grafana's.
        days: for which that record is kept.
    """
    logs = build_access_logs(scope, keys, "grafana-access", days)
    bucket = make_bucket(
        scope,
        keys,
        "grafana-dashboards",
        name=dashboards_bucket(scope.spec, target),
        deleted=storage.BucketLifecycleRuleConditionArgs(
            days_since_noncurrent_time=_FORMER_DAYS, with_state="ARCHIVED"
        ),
        logging=storage.BucketLoggingArgs(log_bucket=logs.bucket.name, log_object_prefix="grafana"),
        after=[logs.writer],
    )
    reader = storage.BucketIAMMember(
        scope.child("grafana-dashboards-reader"),
        bucket=bucket.name,
        role="roles/storage.objectViewer",
        member=account.member,
        opts=scope.opts(),
    )
    provider = {
        "name": "mlplatform",
        "type": "file",
        "folder": scope.spec.name,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": MOUNT},
    }
    listed = storage.BucketObject(
        scope.child("grafana-dashboards-list"),
        bucket=bucket.name,
        name="mlplatform.yaml",
        # JSON is YAML
        content=json.dumps({"apiVersion": 1, "providers": [provider]}, sort_keys=True),
        content_type="application/yaml",
        opts=scope.opts(),
    )
    volume = cloudrunv2.ServiceTemplateVolumeArgs(
        name="dashboards", gcs=cloudrunv2.ServiceTemplateVolumeGcsArgs(bucket=bucket.name, read_only=True)
    )
    return volume, (reader, listed)
