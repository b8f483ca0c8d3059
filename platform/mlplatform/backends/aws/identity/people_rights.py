"""Rights of people's roles on the account itself; components grant access to data."""

from __future__ import annotations

from typing import cast

from pulumi_aws import iam

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import CLUSTER
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.identity import Purpose
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.access import CLUSTER_ROLES, Role

_MANAGED: dict[Role, tuple[str, ...]] = {
    "operator": ("CloudWatchReadOnlyAccess", "AmazonVPCReadOnlyAccess"),
    "auditor": ("SecurityAudit",),
}
"""Read-only policies that AWS manages; neither reads objects of the store."""

_LOGS = (
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "logs:StartQuery",
)
_METRICS = ("cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics")
_NODES = ("eks:ListNodegroups", "eks:DescribeNodegroup", "eks:ListAddons", "eks:DescribeAddon")


def grant_people_rights(scope: Scope, purpose: Purpose, identity: AwsIdentity) -> None:
    """Attach the rights that a person of this role needs to find and watch the platform."""
    role = cast("Role", purpose)
    target = scope.target(AwsTarget)
    for name in _MANAGED.get(role, ()):
        attachment = iam.RolePolicyAttachment(
            scope.child(f"managed-{name.lower()}"),
            role=identity.role_name,
            policy_arn=target.managed_policy(name),
            opts=scope.opts(),
        )
        identity.grants.append(attachment)
    if role == "auditor":
        return
    cluster = physical_name(scope.spec, "cluster", CLUSTER)
    platform = platform_name(scope.spec)
    actions = ("eks:DescribeCluster", *(_NODES if role == "operator" else ()))
    kinds = ("cluster", *(("nodegroup", "addon") if role == "operator" else ()))
    in_cluster = IamStatement(
        sid="Cluster",
        actions=actions,
        resources=[target.arn("eks", f"{kind}/{cluster}" + ("" if kind == "cluster" else "/*")) for kind in kinds],
    )
    statements = [
        *((in_cluster,) if role in CLUSTER_ROLES else ()),
        # metrics take no resource; alarms do, but composite alarms are shown only to roles that may see all,
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        IamStatement(sid="Metrics", actions=_METRICS, resources="*"),
    ]
    if role not in ("data-engineer", "domain-expert"):
        statements += [
            IamStatement(
                sid="Logs",
                actions=_LOGS,
                resources=[
                    target.arn("logs", f"log-group:/aws/sagemaker/*{platform}*"),
                    target.arn("logs", f"log-group:/aws/containerinsights/{cluster}/*"),
                ],
            ),
            # a running query takes no resource
            IamStatement(sid="Queries", actions=("logs:StopQuery",), resources="*"),
        ]
    identity.allow(scope, "watch", statements)
