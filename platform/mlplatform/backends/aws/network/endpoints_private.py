"""Private endpoints: access to AWS's own services inside the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2

from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.network.security_groups import make_endpoint_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.platform import PlatformSpec

_ALWAYS = ("ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "secretsmanager", "sts")
_TRAINING = ("autoscaling", "ec2", "eks", "eks-auth", "elasticloadbalancing", "ssm", "ssmmessages")
_DOOR = ("sagemaker.api", "sqs")
_SERVING = ("sagemaker.api", "sagemaker.runtime")


@dataclass(frozen=True, slots=True)
class PrivateEndpoints:
    """The network's private endpoints."""

    s3_prefix_list_id: pulumi.Output[str]
    """Prefix list of S3's addresses, for security group rules."""

    ready: tuple[pulumi.Resource, ...]
    """All endpoints."""


def private_services(spec: PlatformSpec) -> tuple[str, ...]:
    """The services that this platform calls from inside its network, sorted."""
    services: set[str] = set(_ALWAYS)
    if spec.training:
        services.update(_TRAINING)
        if spec.monitoring.prometheus:
            services.add("aps-workspaces")
    if spec.managed_endpoints or spec.registry.models:
        services.update(_SERVING)
    if spec.door_pipelines and spec.network.nat == "none":
        # with a way out, its few requests are cheaper that way than an endpoint in each zone
        services.update(_DOOR)
    return tuple(sorted(services))


def make_private_endpoints(
    scope: Scope,
    vpc_id: pulumi.Output[str],
    cidrs: Sequence[str],
    subnets: Sequence[ec2.Subnet],
    tables: Sequence[ec2.RouteTable],
) -> PrivateEndpoints:
    """Create a gateway to S3, which costs nothing, and one interface per service and zone."""
    region = scope.target(AwsTarget).region
    group_id = make_endpoint_group(scope, vpc_id, cidrs)
    gateway = ec2.VpcEndpoint(
        scope.child("endpoint-s3"),
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id for table in tables],
        tags={**scope.tags, "Name": physical_name(scope.spec, "s3", LONG)},
        opts=scope.opts(),
    )
    interfaces = tuple(
        ec2.VpcEndpoint(
            scope.child(f"endpoint-{service.replace('.', '-')}"),
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group_id],
            private_dns_enabled=True,
            tags={**scope.tags, "Name": physical_name(scope.spec, service, LONG)},
            # a second endpoint of a service cannot take its private DNS name while the first one holds it
            opts=scope.opts(delete_before_replace=True),
        )
        for service in private_services(scope.spec)
    )
    return PrivateEndpoints(gateway.prefix_list_id, (gateway, *interfaces))
