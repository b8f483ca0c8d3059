"""What AWS components hand to each other about the cluster and its pools. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.cluster import ClusterParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import NodePoolParts

if TYPE_CHECKING:
    from pulumi_aws import autoscaling, ec2, eks


@dataclass(frozen=True, kw_only=True)
class AwsAnyCluster(ClusterParts):
    """An EKS cluster, made here or there before: what pools, pods and people need of it."""

    scope: Scope
    """The cluster's own scope: associations and access entries become its children."""

    version: pulumi.Output[str]
    """Kubernetes version."""

    security_group_id: pulumi.Output[str]
    """The group EKS makes for the control plane and all managed nodes."""

    node_role_arn: pulumi.Output[str]
    """Role of the nodes."""

    nodes_after: tuple[pulumi.Resource, ...]
    """What must stand before a node can join: node rights, network add-ons, routes and endpoints."""

    pods_after: tuple[pulumi.Resource, ...]
    """What must stand before pods can act as an identity: the pod identity agent."""

    subnet_by_zone: Mapping[str, pulumi.Output[str]]
    """Private subnet for nodes of each zone, in the zones' order."""

    vpc_id: Callable[[], pulumi.Output[str]]
    """The VPC; a function, because only a fabric asks for it and it may have to be looked up."""

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.aws.training.cluster_access import bind

        bind(self, identity, namespace, service_account)

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows."""
        from mlplatform.backends.aws.training.cluster_access import admit

        admit(self, identity)


@dataclass(frozen=True, kw_only=True)
class AwsCluster(AwsAnyCluster):
    """An EKS cluster made here, with its system nodes."""

    cluster: eks.Cluster
    """The cluster."""

    name: str
    """Its physical name, known beforehand."""

    arn: pulumi.Output[str]
    """Its ARN."""

    agent: eks.Addon
    """The pod identity agent; associations come after it."""


@dataclass(frozen=True, kw_only=True)
class AwsNodePool(NodePoolParts):
    """Managed node groups, one per zone."""

    groups: Mapping[str, eks.NodeGroup]
    """Node group of each zone."""

    most_nodes: Mapping[str, int]
    """Most nodes of each zone's group."""

    autoscaling_group_names: Mapping[str, pulumi.Output[str]]
    """Auto Scaling group of each zone, the dimension of its EC2 metrics; known after creation."""

    template: ec2.LaunchTemplate
    """Their launch template."""

    tags: tuple[autoscaling.Tag, ...]
    """Hints that let the cluster autoscaler start the groups from zero."""
