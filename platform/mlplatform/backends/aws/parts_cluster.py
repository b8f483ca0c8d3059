"""What AWS components hand to each other about the cluster and its pools. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.cluster import ClusterParts, NodePoolParts
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity

if TYPE_CHECKING:
    from pulumi_aws import autoscaling, ec2, eks


@dataclass(frozen=True, kw_only=True)
class AwsCluster(ClusterParts):
    """An EKS cluster with its system nodes."""

    scope: Scope
    """The cluster's own scope: associations and access entries become its children."""

    cluster: eks.Cluster
    """The cluster."""

    name: str
    """Its physical name, known beforehand."""

    arn: pulumi.Output[str]
    """Its ARN."""

    security_group_id: pulumi.Output[str]
    """The group EKS makes for the control plane and all managed nodes."""

    node_role_arn: pulumi.Output[str]
    """Role of the nodes."""

    nodes_after: tuple[pulumi.Resource, ...]
    """What must stand before a node can join: node rights, network add-ons, routes and endpoints."""

    agent: eks.Addon
    """The pod identity agent; associations come after it."""

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.aws.cluster_access import bind

        bind(self, identity, namespace, service_account)

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows."""
        from mlplatform.backends.aws.cluster_access import admit

        admit(self, identity)


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
