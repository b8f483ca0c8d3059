"""Parts of the cluster and its pools, for the other rooms. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.components.base import native
from mlplatform.components.cluster import ClusterParts
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import NodePoolParts
from mlplatform.components.scope import Scope
from mlplatform.spec.teams import TeamSpec

if TYPE_CHECKING:
    from pulumi_aws import autoscaling, cloudwatch, ec2, eks

    from mlplatform.backends.aws.training.entry import AwsBroker


@dataclass(frozen=True, kw_only=True)
class AwsAnyCluster(ClusterParts):
    """An EKS cluster, created or existing, as pools, pods and people need it."""

    scope: Scope
    """The cluster's own scope: associations and access entries become its children."""

    version: pulumi.Output[str]
    """Kubernetes version."""

    security_group_id: pulumi.Output[str]
    """The group that EKS creates for the control plane and all managed nodes."""

    node_role_arn: pulumi.Output[str]
    """Role of the nodes."""

    nodes_after: tuple[pulumi.Resource, ...]
    """Resources before which no node can join: node rights, network add-ons, routes and endpoints."""

    pods_after: tuple[pulumi.Resource, ...]
    """Resources before which pods cannot act as an identity: the pod identity agent."""

    subnet_by_zone: Mapping[str, pulumi.Output[str]]
    """Private subnet for nodes of each zone, in the zones' order."""

    vpc_id: Callable[[], pulumi.Output[str]]
    """The VPC; a function, because only a fabric needs it and it may need a look-up."""

    def bind(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Let pods of a Kubernetes service account act as an identity."""
        from mlplatform.backends.aws.training.cluster_access import bind_service_account

        bind_service_account(self.scope, self.cluster_name, identity, namespace, service_account, self.pods_after)

    def trust_tokens(self, identity: Identity, namespace: str, service_account: str) -> None:
        """Nothing: the role itself says which tokens of the cluster it trusts."""

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows."""
        from mlplatform.backends.aws.training.cluster_access import admit_person

        admit_person(self.scope, self.cluster_name, identity)

    def admit_service(
        self, scope: Scope, role: AwsIdentity, group: str, security_group_id: pulumi.Output[str], who: str
    ) -> tuple[pulumi.Resource, ...]:
        """Let a service of AWS use the API from its own security group, as a member of a group of RBAC.

        Args:
            scope: the owner of the service.
            role: as whom it calls.
            group: the group, to which the layer gives rights.
            security_group_id: its security group.
            who: its name for people.
        """
        from mlplatform.backends.aws.training.cluster_access import admit_service

        return admit_service(scope, self, role, group, security_group_id, who)

    def admit_team(self, identity: Identity, team: TeamSpec) -> None:
        """Let the members of a team log in to the cluster."""
        from mlplatform.backends.aws.training.cluster_access import admit_members

        admit_members(self.scope, self.cluster_name, identity, team)


@dataclass(frozen=True, kw_only=True)
class AwsCluster(AwsAnyCluster):
    """An EKS cluster that the platform creates, with its system nodes."""

    cluster: eks.Cluster
    """The cluster."""

    name: str
    """Its physical name, known before deployment."""

    arn: pulumi.Output[str]
    """Its ARN."""

    agent: eks.Addon
    """The pod identity agent; associations come after it."""

    pod_logs: cloudwatch.LogGroup | None = None
    """The log of all pods, with a line of JSON for each of theirs; None until the add-on is there that writes it."""

    broker: AwsBroker | None
    """The machine of people's sessions; None where another entry leads to the API."""

    def admit(self, identity: Identity) -> None:
        """Let a person's role use the cluster's API, as its purpose allows, and the way to it."""
        AwsAnyCluster.admit(self, identity)
        self._lead_to_api(identity)

    def admit_team(self, identity: Identity, team: TeamSpec) -> None:
        """Let the members of a team log in to the cluster, and the way to it."""
        AwsAnyCluster.admit_team(self, identity, team)
        self._lead_to_api(identity)

    def _lead_to_api(self, identity: Identity) -> None:
        if self.broker:
            from mlplatform.backends.aws.training.entry import allow_sessions

            allow_sessions(self.scope, native(identity.parts, AwsIdentity), self.broker)


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
    """Hints with which the cluster autoscaler starts the groups from zero."""
