"""What may come in: from the control plane to the webhooks of add-ons, and nothing else."""

from __future__ import annotations

import pulumi
from pulumi_gcp import compute

from mlplatform.backends.gcp.naming import COMPUTE, physical
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.context import Scope
from mlplatform.spec.platform import PlatformSpec

WEBHOOK_PORTS = ("8443", "9443", "15017")
"""Admission webhooks of Kueue, cert-manager, KServe; GKE itself opens 443 and 10250 only."""


def node_tag(spec: PlatformSpec) -> str:
    """Network tag of all nodes."""
    return physical(spec, "node", COMPUTE)


def firewall(scope: Scope, vpc: compute.Network, nodes: str) -> list[pulumi.Resource]:
    """The rule for webhooks. The control plane's private address lies in the nodes' subnet.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/latest/network-isolation
    """
    return [
        compute.Firewall(
            scope.child("webhooks"),
            project=scope.target(GcpTarget).project,
            name=physical(scope.spec, "webhooks", COMPUTE),
            network=vpc.id,
            direction="INGRESS",
            source_ranges=[nodes],
            target_tags=[node_tag(scope.spec)],
            allows=[compute.FirewallAllowArgs(protocol="tcp", ports=list(WEBHOOK_PORTS))],
            log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
            opts=scope.opts(),
        )
    ]
