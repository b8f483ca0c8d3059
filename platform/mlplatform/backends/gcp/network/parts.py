"""Outputs of the network for the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.components.names import physical_name
from mlplatform.components.network import NetworkParts
from mlplatform.spec.platform import PlatformSpec


@dataclass(frozen=True, kw_only=True)
class GcpNetwork(NetworkParts):
    """A VPC with one subnet for all zones; `node_subnet_ids` holds that one."""

    subnet_id: pulumi.Output[str]
    """`projects/P/regions/R/subnetworks/S` of nodes."""

    pods_range: pulumi.Input[str]
    """Name of the secondary range for pods."""

    services_range: pulumi.Input[str]
    """Name of the secondary range for services."""

    apps_subnet_id: pulumi.Output[str]
    """Subnet for Cloud Run's direct egress."""

    ready: tuple[pulumi.Resource, ...]
    """Egress, private DNS and routes: machines and instances come after these."""


def node_tag(spec: PlatformSpec) -> str:
    """Network tag of all nodes."""
    return physical_name(spec, "node", COMPUTE)
