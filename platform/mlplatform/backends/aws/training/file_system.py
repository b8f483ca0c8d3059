"""FSx for Lustre in the zone of the pools, with the key of volumes."""

from __future__ import annotations

import pulumi
from pulumi_aws import ec2, fsx, vpc

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.network.security_groups import Direction, allow_group, make_group
from mlplatform.backends.aws.training.file_system_sizes import TIERS
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.file_system import FileSystemParts
from mlplatform.components.file_system_sizes import capacity_taken, zone_number
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.file_system import SharedFileSystemSpec

PORTS = ((988, 988), (1018, 1023))
"""https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html"""


def build(scope: Scope, spec: SharedFileSystemSpec, cluster: Cluster) -> FileSystemParts:
    """The file system, and the ways between it and the nodes."""
    parts = native(cluster.parts, AwsCluster)
    zones = tuple(parts.subnet_by_zone)
    zone = zones[zone_number(scope.spec, scope.context.target, zones) - 1]
    group, rules = _guard(scope, parts)
    capacity = capacity_taken(spec, TIERS)
    lustre = fsx.LustreFileSystem(
        scope.child("lustre"),
        deployment_type="PERSISTENT_2",
        storage_type="SSD",
        storage_capacity=capacity,
        per_unit_storage_throughput=spec.throughput,
        # without it, the rate of file names is fixed for ever at what the first capacity has
        metadata_configuration=fsx.LustreFileSystemMetadataConfigurationArgs(mode="AUTOMATIC"),
        kms_key_id=native(scope.context.keys.parts, AwsKeys).ids["volumes"],
        subnet_ids=parts.subnet_by_zone[zone],
        security_group_ids=[group.id],
        automatic_backup_retention_days=0,
        skip_final_backup=True,
        weekly_maintenance_start_time="7:03:00",
        tags={**scope.tags, "Name": physical_name(scope.spec, "shared", LONG)},
        opts=scope.opts(depends_on=rules, protect=scope.defaults.protected or None),
    )
    return FileSystemParts(address={"dnsName": lustre.dns_name, "mountName": lustre.mount_name}, capacity_gib=capacity)


def _guard(scope: Scope, cluster: AwsCluster) -> tuple[ec2.SecurityGroup, list[pulumi.Resource]]:
    """A group whose members talk Lustre with each other and with the nodes, and with nobody else."""
    group = make_group(scope, "shared", cluster.vpc_id(), "The shared file system", child="group")
    nodes = cluster.security_group_id
    ways: tuple[tuple[Direction, str, pulumi.Output[str], pulumi.Output[str]], ...] = (
        (vpc.SecurityGroupIngressRule, "in-own", group.id, group.id),
        (vpc.SecurityGroupEgressRule, "out-own", group.id, group.id),
        (vpc.SecurityGroupIngressRule, "in-nodes", group.id, nodes),
        (vpc.SecurityGroupEgressRule, "out-nodes", group.id, nodes),
        # servers call clients back to take locks from them
        (vpc.SecurityGroupIngressRule, "nodes-in", nodes, group.id),
    )
    rules = [
        allow_group(direction, scope, f"{way}-{ports[0]}", at, "Lustre", other, ports)
        for direction, way, at, other in ways
        for ports in PORTS
    ]
    return group, rules
