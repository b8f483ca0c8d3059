"""Ingress: from the control plane to the webhooks of add-ons, and nothing else."""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.parts import node_tag
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope

WEBHOOK_PORTS = ("8443", "9443", "15017")
"""Admission webhooks of Kueue, cert-manager, KServe; GKE itself opens 443 and 10250 only."""


def build_firewall(scope: Scope, vpc: compute.Network, nodes: str) -> list[pulumi.Resource]:
    """The rule for webhooks. The control plane's private address lies in the nodes' subnet.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/latest/network-isolation
    """
    return [
        compute.Firewall(
            scope.child("webhooks"),
            project=scope.target(GcpTarget).project,
            name=physical_name(scope.spec, "webhooks", COMPUTE),
            network=vpc.id,
            direction="INGRESS",
            source_ranges=[nodes],
            target_tags=[node_tag(scope.spec)],
            allows=[compute.FirewallAllowArgs(protocol="tcp", ports=list(WEBHOOK_PORTS))],
            log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
            opts=scope.opts(),
        )
    ]
