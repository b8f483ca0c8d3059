"""Launch templates of nodes: IMDSv2, encrypted disks, tags of instances, and GPU settings.

Every new version of a template replaces all nodes of its groups, and tags are part of a version. So a template keeps
the tags with which it was made, for the first nodes and for policies that refuse machines and disks without tags, and
`tag_new_nodes` gives later tags to later nodes by way of the group, which replaces none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import autoscaling, ec2, eks

from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

_OS_DISK_GIB = 10
"""Bottlerocket's own read-only disk; everything else is on the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTemplatePlan:
    """The settings in which pools differ."""

    role: str
    """Part of the logical name."""

    pool: str
    """Part of the physical name and the nodes' names."""

    disk_gib: int
    """Disk for images, containers and scratch."""

    fast_disk: bool = False
    """16,000 operations and 1,000 MiB a second instead of 3,000 and 125."""

    two_disks: bool = True
    """True for Bottlerocket, which keeps its system on a separate disk."""

    user_data: str | None = None
    """Base64; settings of the image beyond joining the cluster."""

    security_groups: Sequence[pulumi.Input[str]]
    """Security groups of every interface."""

    interfaces: Sequence[ec2.LaunchTemplateNetworkInterfaceArgs] = ()
    """Interfaces. Omitted: a single plain one."""

    placement: ec2.LaunchTemplatePlacementArgs | None = None
    """The placement group, if any."""

    reservation_id: str | None = None
    """Capacity reservation or block to use."""

    block_type: str | None = None
    """Machine type, for a capacity block only: there the template names it."""


def make_node_template(scope: Scope, plan: NodeTemplatePlan, key_arn: pulumi.Output[str]) -> ec2.LaunchTemplate:
    """Create the template."""
    name = physical_name(scope.spec, plan.pool, 128)
    tags = {**scope.tags, "Name": name, "pool": plan.pool}
    disks = [_disk("/dev/xvda", plan, _OS_DISK_GIB if plan.two_disks else plan.disk_gib, key_arn)]
    if plan.two_disks:
        disks.append(_disk("/dev/xvdb", plan, plan.disk_gib, key_arn))
    reservation = None
    if plan.reservation_id:
        reserved = ec2.LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgs(
            capacity_reservation_id=plan.reservation_id
        )
        reservation = ec2.LaunchTemplateCapacityReservationSpecificationArgs(capacity_reservation_target=reserved)
    market = None
    if plan.block_type:
        market = ec2.LaunchTemplateInstanceMarketOptionsArgs(market_type="capacity-block")
    return ec2.LaunchTemplate(
        scope.child(plan.role),
        name=name,
        description=f"Nodes of pool {plan.pool}",
        update_default_version=True,
        instance_type=plan.block_type,
        instance_market_options=market,
        capacity_reservation_specification=reservation,
        # one hop: pods get credentials from the pod identity agent and never from the node's metadata
        metadata_options=ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
        ),
        monitoring=ec2.LaunchTemplateMonitoringArgs(enabled=True),
        ebs_optimized="true",
        block_device_mappings=disks,
        network_interfaces=list(plan.interfaces) or None,
        # interfaces carry the groups themselves
        vpc_security_group_ids=None if plan.interfaces else list(plan.security_groups),
        placement=plan.placement,
        user_data=plan.user_data,
        tag_specifications=[
            ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
            for kind in ("instance", "volume", "network-interface")
        ],
        tags=scope.tags,
        opts=scope.opts(delete_before_replace=True, ignore_changes=["tagSpecifications"]),
    )


def autoscaling_group(group: eks.NodeGroup) -> pulumi.Output[str]:
    """Name of the Auto Scaling group that EKS makes for a node group; known after creation."""
    return group.resources.apply(_first_name)


def tag_new_nodes(scope: Scope, role: str, group: pulumi.Output[str]) -> tuple[autoscaling.Tag, ...]:
    """Give the nodes that a group starts from now on the tags that may change in the life of a platform.

    The group's tags win over those of the launch template. Disks get the template's only:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html

    Args:
        scope: owner of the group.
        role: distinguishes the group in the scope.
        group: name of the Auto Scaling group.
    """
    return tuple(
        autoscaling.Tag(
            scope.child(f"{role}-{key}"),
            autoscaling_group_name=group,
            tag=autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=True),
            opts=scope.opts(),
        )
        for key, value in scope.tags.items()
        if key not in scope.lasting_tags
    )


def _first_name(resources: Sequence[eks.outputs.NodeGroupResource]) -> str:
    groups = resources[0].autoscaling_groups or []
    return groups[0].name or ""


def _disk(
    device: str, plan: NodeTemplatePlan, gib: int, key_arn: pulumi.Output[str]
) -> ec2.LaunchTemplateBlockDeviceMappingArgs:
    fast = plan.fast_disk and gib != _OS_DISK_GIB
    return ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=device,
        ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_size=gib,
            volume_type="gp3",
            iops=16000 if fast else 3000,
            throughput=1000 if fast else 125,
            encrypted="true",
            kms_key_id=key_arn,
            delete_on_termination="true",
        ),
    )
