"""Machines for CI's jobs inside the network: CodeBuild starts one for each job that asks for it.

https://docs.aws.amazon.com/codebuild/latest/userguide/action-runner.html
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import codebuild, ec2, iam, vpc

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.network.security_groups import ANYWHERE, allow_https, make_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.parts import AwsTelemetry
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.access import CiSpec

_IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
"""https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html"""

_LOOK = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html"""


def make_runner(
    scope: Scope,
    ci: CiSpec,
    connection_arn: str,
    vpc_id: pulumi.Output[str],
    subnet_ids: Sequence[pulumi.Output[str]],
    telemetry: AwsTelemetry,
    after: Sequence[pulumi.Resource],
) -> pulumi.Output[str]:
    """Create the project and its webhook; returns the machines' security group, which reaches HTTPS everywhere.

    A job still logs in as the platform's CI identity by its own token: the machine has no rights on the platform.
    """
    name = physical_name(scope.spec, "runner", ROLE)
    group = _group(scope, vpc_id)
    logs = telemetry.log_group(scope, "runner-logs", f"/aws/codebuild/{name}")
    role, rights = _role(scope, name, connection_arn, subnet_ids, logs.arn)
    host = "github.com" if ci.system == "github" else "gitlab.com"
    project = codebuild.Project(
        scope.child("runner"),
        name=name,
        description=f"Jobs of {ci.repository} inside the network",
        service_role=role.arn,
        source=codebuild.ProjectSourceArgs(
            type="GITHUB" if ci.system == "github" else "GITLAB",
            location=f"https://{host}/{ci.repository}.git",
            auth=codebuild.ProjectSourceAuthArgs(type="CODECONNECTIONS", resource=connection_arn),
        ),
        artifacts=codebuild.ProjectArtifactsArgs(type="NO_ARTIFACTS"),
        environment=codebuild.ProjectEnvironmentArgs(
            type="LINUX_CONTAINER",
            compute_type="BUILD_GENERAL1_MEDIUM",
            image=_IMAGE,
            # jobs build images
            privileged_mode=True,
        ),
        vpc_config=codebuild.ProjectVpcConfigArgs(
            vpc_id=vpc_id, subnets=list(subnet_ids), security_group_ids=[group.id]
        ),
        logs_config=codebuild.ProjectLogsConfigArgs(
            cloudwatch_logs=codebuild.ProjectLogsConfigCloudwatchLogsArgs(group_name=logs.name)
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*rights, *after], delete_before_replace=True),
    )
    codebuild.Webhook(
        scope.child("runner-jobs"),
        project_name=project.name,
        build_type="BUILD",
        filter_groups=[
            codebuild.WebhookFilterGroupArgs(
                filters=[codebuild.WebhookFilterGroupFilterArgs(type="EVENT", pattern="WORKFLOW_JOB_QUEUED")]
            )
        ],
        opts=scope.opts(delete_before_replace=True),
    )
    label = (
        f"`runs-on: codebuild-{name}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}`"
        if ci.system == "github"
        else f"`tags: [codebuild-{name}-$CI_PROJECT_ID-$CI_PIPELINE_IID-$CI_JOB_NAME]`"
    )
    scope.note(
        "access.ci.runner", f"a job runs inside the network where it says {label}; the repository must be private"
    )
    return group.id


def _group(scope: Scope, vpc_id: pulumi.Output[str]) -> ec2.SecurityGroup:
    group = make_group(scope, "runner", vpc_id, "Jobs of CI: nothing in, HTTPS out", child="runner-group")
    what = "HTTPS: the CI system, and the platform"
    allow_https(vpc.SecurityGroupEgressRule, scope, "runner-to-anywhere", group.id, what, cidr=ANYWHERE)
    return group


def _role(
    scope: Scope,
    name: str,
    connection_arn: str,
    subnet_ids: Sequence[pulumi.Output[str]],
    log_group_arn: pulumi.Output[str],
) -> tuple[iam.Role, tuple[pulumi.Resource, ...]]:
    target = scope.target(AwsTarget)
    role = iam.Role(
        scope.child("runner-role"),
        name=name,
        description=f"{scope.spec.name} {scope.spec.environment}: starts the machines of CI's jobs",
        assume_role_policy=service_trust(
            "codebuild.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": target.account_id}}
        ),
        tags=scope.tags,
        opts=scope.opts(),
    )
    subnets = [pulumi.Output.concat(target.arn("ec2", "subnet/"), subnet) for subnet in subnet_ids]
    rights = iam.RolePolicy(
        scope.child("runner-rights"),
        name="own",
        role=role.name,
        policy=policy_document(
            IamStatement(
                sid="Connection",
                actions=(
                    "codeconnections:GetConnection",
                    "codeconnections:GetConnectionToken",
                    "codeconnections:UseConnection",
                ),
                resources=connection_arn,
            ),
            IamStatement(
                sid="Logs",
                actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                resources=pulumi.Output.concat(log_group_arn, ":*"),
            ),
            # none of these can be limited to a resource
            IamStatement(sid="Look", actions=_LOOK, resources="*"),
            IamStatement(
                sid="Interfaces",
                actions=("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
                resources=[
                    target.arn("ec2", f"{kind}/*") for kind in ("network-interface", "security-group", "subnet")
                ],
            ),
            IamStatement(
                sid="InterfacePermission",
                actions=("ec2:CreateNetworkInterfacePermission",),
                resources=target.arn("ec2", "network-interface/*"),
                conditions={
                    "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
                    "ArnEquals": {"ec2:Subnet": subnets},
                },
            ),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    return role, (rights,)
