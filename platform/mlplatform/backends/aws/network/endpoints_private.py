"""Private endpoints: access to AWS's own services inside the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_FEATURES = "sagemaker.featurestore-runtime"
"""Look-ups in SageMaker's feature groups,
https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-storage-configurations-online-store.html"""


@dataclass(frozen=True, slots=True)
class PrivateEndpoints:
    """The network's private endpoints."""

    prefix_list_ids: Mapping[str, pulumi.Output[str]]
    """Prefix list of a service's addresses, by the service that has a gateway, for rules of security groups."""

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
    if _online_engine(spec) == "managed":
        services.add(_FEATURES)
    return tuple(sorted(services))


def gateway_services(spec: PlatformSpec) -> tuple[str, ...]:
    """The services that have a gateway: S3, and the tables of features that Feast keeps online."""
    return ("dynamodb", "s3") if _online_engine(spec) == "feast" else ("s3",)


def _online_engine(spec: PlatformSpec) -> str:
    """What keeps features online; empty where nothing does."""
    return spec.feature_store.engine if spec.feature_store and spec.feature_store.online_groups else ""


def make_private_endpoints(
    scope: Scope,
    vpc_id: pulumi.Output[str],
    cidrs: Sequence[str],
    subnets: Sequence[ec2.Subnet],
    tables: Sequence[ec2.RouteTable],
) -> PrivateEndpoints:
    """Create gateways, which cost nothing, and one interface per further service and zone."""
    region = scope.target(AwsTarget).region
    group_id = make_endpoint_group(scope, vpc_id, cidrs)
    gateways = {
        service: ec2.VpcEndpoint(
            scope.child(f"endpoint-{service}"),
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            tags={**scope.tags, "Name": physical_name(scope.spec, service, LONG)},
            opts=scope.opts(),
        )
        for service in gateway_services(scope.spec)
    }
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
    lists = {service: gateway.prefix_list_id for service, gateway in gateways.items()}
    return PrivateEndpoints(lists, (*gateways.values(), *interfaces))
