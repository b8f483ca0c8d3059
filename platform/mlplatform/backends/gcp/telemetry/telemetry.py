"""Logs and metrics: the platform's log bucket, the project's Managed Prometheus, Grafana on Cloud Run."""

from __future__ import annotations

import pulumi
from pulumi_gcp import logging

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import CLUSTER, LOG, lasting_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry.parts import GcpTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform.spec.platform import PlatformSpec

NO_DATA_ACCESS = " AND ".join(
    f'NOT LOG_ID("{origin}.googleapis.com/data_access")' for origin in ("cloudaudit", "externalaudit")
)
"""Filter of logs that people see, like the project's default view: all but the record of who read which data.
https://docs.cloud.google.com/logging/docs/logs-views"""

_CLUSTER_LOGS = ("k8s_cluster", "k8s_node", "k8s_pod", "k8s_container", "k8s_control_plane_component")

AUTOSCALER_LOG = "container.googleapis.com/cluster-autoscaler-visibility"
"""Log of why the cluster's autoscaler did or did not add nodes."""


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> GcpTelemetry:
    """Build the log bucket, and route the platform's logs only there."""
    target = scope.target(GcpTarget)
    gcp_keys = native(keys.parts, GcpKeys)
    days = spec.log_retention_days or scope.defaults.log_retention_days
    name = lasting_name(scope.spec, target, "logs", LOG)
    bucket = logging.ProjectBucketConfig(
        scope.child("logs"),
        project=target.project,
        location=target.region,
        bucket_id=name,
        retention_days=days,
        enable_analytics=True,
        cmek_settings=logging.ProjectBucketConfigCmekSettingsArgs(kms_key_name=gcp_keys.ids["monitoring"]),
        opts=scope.opts(depends_on=gcp_keys.ready["monitoring"], protect=scope.defaults.protected or None),
    )
    view = logging.LogView(
        scope.child("work-logs"),
        parent=f"projects/{target.project}",
        location=target.region,
        bucket=bucket.bucket_id,
        name="work",
        description="All but the record of who read which data",
        filter=NO_DATA_ACCESS,
        opts=scope.opts(),
    )
    path = f"projects/{target.project}/locations/{target.region}/buckets/{name}"
    logs_filter = platform_logs(scope.spec)
    sink = logging.ProjectSink(
        scope.child("sink"),
        project=target.project,
        name=physical_name(scope.spec, "logs", LOG),
        destination=f"logging.googleapis.com/{path}",
        filter=f'{logs_filter} OR logName:"cloudaudit.googleapis.com"',
        unique_writer_identity=True,
        opts=scope.opts(depends_on=[bucket]),
    )
    # In the default bucket too, every log would be paid for twice. Audit logs stay there as well, and so do the
    # autoscaler's few decisions, so that the alert on them does not depend on exclusions.
    logging.ProjectExclusion(
        scope.child("not-twice"),
        project=target.project,
        name=physical_name(scope.spec, "kept-elsewhere", LOG),
        description="Kept in the platform's own log bucket",
        filter=f'({logs_filter}) AND NOT LOG_ID("{AUTOSCALER_LOG}")',
        opts=scope.opts(depends_on=[sink]),
    )
    return GcpTelemetry(
        prometheus_url=_prometheus(target) if spec.prometheus else None,
        grafana_url=_grafana(scope, gcp_keys, days) if spec.grafana else None,
        foundation=gcp_keys.foundation,
        log_bucket=path,
        log_view=view,
        log_retention_days=days,
    )


def platform_logs(spec: PlatformSpec) -> str:
    """Filter of the platform's own logs in the project."""
    prefix = physical_name(spec, "", CLUSTER)
    kinds = " OR ".join(f'"{kind}"' for kind in _CLUSTER_LOGS)
    return " OR ".join(
        (
            f'(resource.type=({kinds}) AND resource.labels.cluster_name="{prefix}")',
            f'(resource.type="cloud_run_revision" AND resource.labels.service_name=~"^{prefix}-")',
            f'(resource.type="gce_subnetwork" AND resource.labels.subnetwork_name=~"^{prefix}")',
            f'(resource.type="nat_gateway" AND resource.labels.gateway_name=~"^{prefix}")',
            '(resource.type="dns_query")',
            # of steps, whose jobs have ids that Vertex AI makes, and of the program that starts runs
            *(
                (
                    '(resource.type=("ml_job" OR "aiplatform.googleapis.com/PipelineJob"))',
                    f'(resource.type="cloud_run_job" AND resource.labels.job_name=~"^{prefix}-")',
                )
                if spec.pipelines
                else ()
            ),
        )
    )


def _prometheus(target: GcpTarget) -> pulumi.Output[str]:
    # https://docs.cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui
    return pulumi.Output.from_input(
        f"https://monitoring.googleapis.com/v1/projects/{target.project}/location/global/prometheus"
    )


def _grafana(scope: Scope, keys: GcpKeys, days: int) -> pulumi.Output[str]:
    from mlplatform.backends.gcp.telemetry.grafana import build_grafana as build_grafana

    return build_grafana(scope, keys, days)
