"""Log settings, Amazon Managed Service for Prometheus, Amazon Managed Grafana."""

from __future__ import annotations

import pulumi
from pulumi_aws import amp, grafana, iam

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import LONG, ROLE, physical
from mlplatform.backends.aws.policy import Statement, document, trust
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.audit import audit
from mlplatform.backends.aws.telemetry.log_group import make, offered
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.keys import Keys
from mlplatform.spec.monitoring import MonitoringSpec

_AMP_READ = (
    "aps:QueryMetrics",
    "aps:GetSeries",
    "aps:GetLabels",
    "aps:GetMetricMetadata",
    "aps:DescribeWorkspace",
)
_CLOUDWATCH_READ = ("cloudwatch:DescribeAlarmsForMetric", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics")

_GRAFANA_REGIONS = (
    *("ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-west-1"),
    *("eu-west-2", "us-east-1", "us-east-2", "us-west-2"),
)
"""https://docs.aws.amazon.com/general/latest/gr/grafana-service.html"""


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> AwsTelemetry:
    """Make the metric stores that are asked for."""
    key = native(keys.parts, AwsKeys).ids["monitoring"]
    wanted = spec.log_retention_days or scope.defaults.log_retention_days
    days = offered(wanted)
    if days != wanted:
        scope.note("monitoring.log_retention_days", f"CloudWatch Logs offers {days} days next to {wanted}")
    if scope.target(AwsTarget).audit_trail:
        audit(scope, key, days)
    workspace = _prometheus(scope, key, days) if spec.prometheus else None
    dashboards = _grafana(scope, key, workspace) if spec.grafana else None
    return AwsTelemetry(
        prometheus_url=workspace.prometheus_endpoint if workspace else None,
        grafana_url=pulumi.Output.concat("https://", dashboards.endpoint) if dashboards else None,
        log_retention_days=days,
        log_key_arn=key,
        amp_workspace_id=workspace.id if workspace else None,
        amp_workspace_arn=workspace.arn if workspace else None,
        grafana_workspace_id=dashboards.id if dashboards else None,
    )


def _prometheus(scope: Scope, key: pulumi.Output[str], days: int) -> amp.Workspace:
    name = physical(scope.spec, "metrics", 100)
    logs = make(scope, "prometheus-logs", f"/aws/vendedlogs/prometheus/{name}", retention_days=days, key_arn=key)
    return amp.Workspace(
        scope.child("prometheus"),
        alias=name,
        kms_key_arn=key,
        logging_configuration=amp.WorkspaceLoggingConfigurationArgs(log_group_arn=pulumi.Output.concat(logs.arn, ":*")),
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None),
    )


def _grafana(scope: Scope, key: pulumi.Output[str], prometheus: amp.Workspace | None) -> grafana.Workspace:
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("grafana-role"),
        name=physical(scope.spec, "grafana", ROLE),
        assume_role_policy=trust(
            "grafana.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    statements = [
        # reading metrics takes no resource: the service knows none
        Statement(sid="CloudWatch", actions=_CLOUDWATCH_READ, resources="*"),
        Statement(sid="Alarms", actions=("cloudwatch:DescribeAlarms",), resources=target.arn("cloudwatch", "alarm:*")),
    ]
    if prometheus:
        statements += [
            Statement(sid="Prometheus", actions=_AMP_READ, resources=prometheus.arn),
            Statement(
                sid="PrometheusList",
                actions=("aps:ListWorkspaces",),
                resources=target.arn("aps", "/workspaces"),
            ),
        ]
    rights = iam.RolePolicy(
        scope.child("grafana-rights"),
        name="read-metrics",
        role=role.name,
        policy=document(*statements),
        opts=scope.opts(delete_before_replace=True),
    )
    if target.region not in _GRAFANA_REGIONS:
        scope.note(
            "monitoring.grafana",
            f"known in {', '.join(_GRAFANA_REGIONS)}: look up whether {target.region} has Managed Grafana",
        )
    scope.note(
        "monitoring.grafana",
        "assign people to the Grafana workspace in "
        + ("IAM Identity Center" if target.grafana_login == "AWS_SSO" else "your SAML provider")
        + "; its data sources and dashboards are put in through Grafana's own API",
    )
    return grafana.Workspace(
        scope.child("grafana"),
        name=physical(scope.spec, "grafana", LONG),
        account_access_type="CURRENT_ACCOUNT",
        authentication_providers=[target.grafana_login],
        permission_type="CUSTOMER_MANAGED",
        role_arn=role.arn,
        kms_key_id=key,
        data_sources=["CLOUDWATCH", *(["PROMETHEUS"] if prometheus else [])],
        tags=scope.tags,
        opts=scope.opts(depends_on=[rights], protect=scope.defaults.protected or None),
    )
