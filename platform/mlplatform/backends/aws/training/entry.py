"""The way to the cluster's API: sessions of Systems Manager through a small machine that lets nobody in.

A person's tunnel is a session that IAM allows and CloudTrail records; the machine itself opens a connection to Systems
Manager, and forwards to the API's private address alone.
https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import autoscaling, ec2, iam, vpc

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.security_groups import (
    ANYWHERE,
    HTTPS,
    allow_group,
    allow_https,
    allow_https_out,
    make_group,
)
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.tunnel import LOCAL_PORT
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_MACHINE = "t4g.micro"
_IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
"""The newest Amazon Linux whenever a machine starts; the agent of Systems Manager is in it.
https://docs.aws.amazon.com/linux/al2023/ug/ec2.html"""

_DISK_GIB = 8
_DAY = 86_400
_LIFE_DAYS = 14
"""A machine is replaced after these days, and so is patched."""

_DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost"
_TAG = "mlplatform-entry"

_AGENT = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""Least rights of the agent. AWS's own policy may also read every parameter of the account.
https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"""


@dataclass(frozen=True, slots=True)
class AwsBroker:
    """The machine that sessions go through."""

    name: str
    """Name of its Auto Scaling group."""

    tag: str
    """Value of the tag by which people's rights find it."""


def make_broker(
    scope: Scope,
    cluster_name: str,
    security_group_id: pulumi.Output[str],
    net: AwsNetwork,
    key_arn: pulumi.Output[str],
) -> AwsBroker:
    """Create the machine, in a group that replaces it when it fails.

    Args:
        scope: the cluster's.
        cluster_name: physical name of the cluster.
        security_group_id: the cluster's group, which then accepts the machine.
        net: the network; without private endpoints, the machine reaches Systems Manager by its NAT.
        key_arn: key of its disk.
    """
    name = physical_name(scope.spec, "entry", ROLE)
    group = _group(scope, net)
    let_in(scope, "entry", security_group_id, "people's sessions", group_id=group.id)
    profile, rights = _profile(scope, name)
    tags = {**scope.tags, "Name": name, _TAG: cluster_name}
    template = ec2.LaunchTemplate(
        scope.child("entry-template"),
        name=name,
        description="People's sessions to the cluster's API",
        update_default_version=True,
        image_id=_IMAGE,
        instance_type=_MACHINE,
        iam_instance_profile=ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
        vpc_security_group_ids=[group.id],
        metadata_options=ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
        ),
        ebs_optimized="true",
        block_device_mappings=[
            ec2.LaunchTemplateBlockDeviceMappingArgs(
                device_name="/dev/xvda",
                ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                    volume_size=_DISK_GIB,
                    volume_type="gp3",
                    encrypted="true",
                    kms_key_id=key_arn,
                    delete_on_termination="true",
                ),
            )
        ],
        tag_specifications=[
            ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
            for kind in ("instance", "volume", "network-interface")
        ],
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True),
    )
    autoscaling.Group(
        scope.child("entry"),
        name=name,
        min_size=1,
        max_size=1,
        desired_capacity=1,
        vpc_zone_identifiers=list(net.node_subnet_ids),
        launch_template=autoscaling.GroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
        max_instance_lifetime=_LIFE_DAYS * _DAY,
        # a new version of the template replaces the machine; open sessions end
        instance_refresh=autoscaling.GroupInstanceRefreshArgs(
            strategy="Rolling",
            preferences=autoscaling.GroupInstanceRefreshPreferencesArgs(min_healthy_percentage=0),
        ),
        tags=[
            autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=False)
            for key, value in sorted(scope.tags.items())
        ],
        # without them it would start, and never answer a session
        opts=scope.opts(depends_on=[*rights, *net.ready], delete_before_replace=True),
    )
    return AwsBroker(name, cluster_name)


def let_in(
    scope: Scope,
    role: str,
    security_group_id: pulumi.Output[str],
    who: str,
    *,
    group_id: pulumi.Output[str] | None = None,
    cidr: str | None = None,
) -> pulumi.Resource:
    """Let a security group or a range reach the API's private address; by itself, only the nodes' group may."""
    name, what, into = f"api-from-{role}", f"Kubernetes API from {who}", vpc.SecurityGroupIngressRule
    if group_id is not None:
        return allow_group(into, scope, name, security_group_id, what, group_id, HTTPS)
    return allow_https(into, scope, name, security_group_id, what, cidr=cidr)


def allow_sessions(scope: Scope, identity: AwsIdentity, broker: AwsBroker) -> None:
    """Let a person's role open a tunnel through the machine, and nothing else: no shell on it."""
    target = scope.target(AwsTarget)
    identity.allow(
        scope,
        "entry",
        (
            IamStatement(
                sid="Session",
                actions=("ssm:StartSession",),
                resources=target.arn("ec2", "instance/*"),
                conditions={
                    "StringEquals": {f"ssm:resourceTag/{_TAG}": broker.tag},
                    # otherwise the right to an instance includes a shell by the default document
                    "BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"},
                },
            ),
            IamStatement(
                sid="Tunnel",
                actions=("ssm:StartSession",),
                resources=f"arn:{target.partition}:ssm:{target.region}::document/{_DOCUMENT}",
            ),
            IamStatement(
                sid="OwnSessions",
                actions=("ssm:ResumeSession", "ssm:TerminateSession"),
                resources=target.arn("ssm", "session/${aws:userid}-*"),
            ),
            # cannot be limited to a resource
            IamStatement(sid="Find", actions=("autoscaling:DescribeAutoScalingGroups",), resources="*"),
        ),
    )


def tunnel_command(target: AwsTarget, broker: AwsBroker, cluster_name: str) -> str:
    """The command that opens a tunnel and stays; it needs the AWS CLI's session-manager-plugin."""
    machine = (
        f"aws autoscaling describe-auto-scaling-groups --region {target.region} "
        f"--auto-scaling-group-names {broker.name} --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text"
    )
    return (
        f'aws ssm start-session --region {target.region} --target "$({machine})" --document-name {_DOCUMENT} '
        f'--parameters "host=$({_host(target, cluster_name)}),portNumber=443,localPortNumber={LOCAL_PORT}"'
    )


def credentials_command(target: AwsTarget, cluster_name: str, *, by_tunnel: bool) -> str:
    """The command for a kubeconfig, by the tunnel or by the API's own name.

    The API's certificate is for its own name, which kubectl then expects at the tunnel's end.
    """
    command = f"aws eks update-kubeconfig --region {target.region} --name {cluster_name}"
    if not by_tunnel:
        return command
    entry = target.arn("eks", f"cluster/{cluster_name}")
    return (
        f"{command} && kubectl config set-cluster {entry} --server https://localhost:{LOCAL_PORT} "
        f'--tls-server-name "$({_host(target, cluster_name)})"'
    )


def _host(target: AwsTarget, cluster_name: str) -> str:
    return (
        f"aws eks describe-cluster --region {target.region} --name {cluster_name} "
        "--query cluster.endpoint --output text | cut -d/ -f3"
    )


def _group(scope: Scope, net: AwsNetwork) -> ec2.SecurityGroup:
    what = "The machine of people's sessions: nothing in, HTTPS out"
    group = make_group(scope, "entry", net.network_id, what, child="entry-group")
    allow_https_out(scope, "entry", group, _reachable(scope, net))
    return group


def _reachable(scope: Scope, net: AwsNetwork) -> Sequence[str]:
    """The network, where Systems Manager has private endpoints; else everything, because it has no fixed range."""
    own = scope.target(AwsTarget).network is None and scope.context.existing.network is None
    return net.cidrs if own and scope.spec.network.private_endpoints else (ANYWHERE,)


def _profile(scope: Scope, name: str) -> tuple[iam.InstanceProfile, tuple[pulumi.Resource, ...]]:
    role = iam.Role(
        scope.child("entry-role"),
        name=name,
        description=f"{scope.spec.name} {scope.spec.environment}: sessions to the cluster's API",
        assume_role_policy=service_trust("ec2.amazonaws.com"),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = iam.RolePolicy(
        scope.child("entry-rights"),
        name="own",
        role=role.name,
        policy=policy_document(
            # none of these can be limited to a resource
            IamStatement(sid="Agent", actions=_AGENT, resources="*"),
            IamStatement(
                sid="Report",
                actions=("ssm:UpdateInstanceInformation",),
                resources=scope.target(AwsTarget).arn("ec2", "instance/*"),
            ),
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    profile = iam.InstanceProfile(
        scope.child("entry-profile"), name=name, role=role.name, tags=scope.tags, opts=scope.opts()
    )
    return profile, (rights,)
