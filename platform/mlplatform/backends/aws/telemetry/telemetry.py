"""Log settings, Amazon Managed Service for Prometheus, Amazon Managed Grafana."""

from __future__ import annotations

import pulumi
from pulumi_aws import amp, grafana, iam

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.audit import make_audit_trail
from mlplatform.backends.aws.telemetry.log_group import make_log_group, offered_days
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.base import native
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
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
    """Create log settings and the metric stores that the spec asks for."""
    key = native(keys.parts, AwsKeys).ids["monitoring"]
    wanted = spec.log_retention_days or scope.defaults.log_retention_days
    days = offered_days(wanted)
    if days != wanted:
        scope.note(
            "monitoring.log_retention_days",
            f"CloudWatch Logs does not offer {wanted} days: logs are kept {days} days",
        )
    if scope.target(AwsTarget).audit_trail:
        make_audit_trail(scope, key, days)
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
    name = physical_name(scope.spec, "metrics", 100)
    logs = make_log_group(
        scope, "prometheus-logs", f"/aws/vendedlogs/prometheus/{name}", retention_days=days, key_arn=key
    )
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
        name=physical_name(scope.spec, "grafana", ROLE),
        assume_role_policy=service_trust(
            "grafana.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    statements = [
        # reading metrics takes no resource
        IamStatement(sid="CloudWatch", actions=_CLOUDWATCH_READ, resources="*"),
        IamStatement(
            sid="Alarms", actions=("cloudwatch:DescribeAlarms",), resources=target.arn("cloudwatch", "alarm:*")
        ),
    ]
    if prometheus:
        statements += [
            IamStatement(sid="Prometheus", actions=_AMP_READ, resources=prometheus.arn),
            IamStatement(
                sid="PrometheusList",
                actions=("aps:ListWorkspaces",),
                resources=target.arn("aps", "/workspaces"),
            ),
        ]
    rights = iam.RolePolicy(
        scope.child("grafana-rights"),
        name="read-metrics",
        role=role.name,
        policy=policy_document(*statements),
        opts=scope.opts(delete_before_replace=True),
    )
    if target.region not in _GRAFANA_REGIONS:
        scope.note(
            "monitoring.grafana",
            f"check that {target.region} offers Managed Grafana; known regions: {', '.join(_GRAFANA_REGIONS)}",
        )
    scope.note(
        "monitoring.grafana",
        "assign people to the Grafana workspace in "
        + ("IAM Identity Center" if target.grafana_login == "AWS_SSO" else "your SAML provider")
        + "; `mlplatform dashboards apply` gives it data sources and dashboards",
    )
    return grafana.Workspace(
        scope.child("grafana"),
        name=physical_name(scope.spec, "grafana", LONG),
        account_access_type="CURRENT_ACCOUNT",
        authentication_providers=[target.grafana_login],
        permission_type="CUSTOMER_MANAGED",
        role_arn=role.arn,
        kms_key_id=key,
        data_sources=["CLOUDWATCH", *(["PROMETHEUS"] if prometheus else [])],
        tags=scope.tags,
        opts=scope.opts(depends_on=[rights], protect=scope.defaults.protected or None),
    )
