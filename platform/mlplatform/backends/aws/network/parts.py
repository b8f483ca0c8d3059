"""Parts of the network, for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from mlplatform.components.network import NetworkParts


@dataclass(frozen=True, kw_only=True)
class AwsNetwork(NetworkParts):
    """A VPC; `node_subnet_ids` holds one private subnet per zone, in the zones' order."""

    mark: str
    """Its known identity before deployment: resources in it are replaced when this changes."""

    cidrs: tuple[str, ...]
    """IPv4 ranges of the VPC."""

    subnet_by_zone: Mapping[str, pulumi.Output[str]]
    """Private subnet of each zone."""

    workload_security_group_id: pulumi.Output[str]
    """Group of workloads without one of their own (SageMaker): no ingress, HTTPS egress."""

    ready: tuple[pulumi.Resource, ...]
    """Routes and endpoints that must exist before anything in a subnet can reach a service."""

    runner_security_group_id: pulumi.Output[str] | None = None
    """Group of the machines of CI's jobs; None where they run outside."""
