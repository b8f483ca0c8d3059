"""CPU nodes for the cluster's own services."""

from __future__ import annotations

import pulumi
from pulumi_gcp import container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.pods import SYSTEM_PODS
from mlplatform.backends.gcp.network.zones import startable_zones
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.node_config import node_config
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_system_machine
from mlplatform.spec.training import SystemPoolSpec


def build_system_pool(
    scope: Scope,
    spec: SystemPoolSpec,
    cluster: container.Cluster,
    zones: tuple[str, ...],
    keys: GcpKeys,
    email: pulumi.Input[str],
) -> container.NodePool:
    """Build the system pool. GKE taints GPU nodes only if a pool without GPUs exists."""
    target = scope.target(GcpTarget)
    machine = choose_system_machine(scope.context.backend, target, spec)
    min_nodes = spec.min_nodes or min(scope.defaults.system_nodes, spec.max_nodes)
    zones = zones[: startable_zones(min_nodes, spec.max_nodes, len(zones))]
    return container.NodePool(
        scope.child("system"),
        project=target.project,
        name="system",
        cluster=cluster.name,
        location=target.region,
        node_locations=list(zones),
        initial_node_count=nodes_per_zone(min_nodes, zones),
        max_pods_per_node=SYSTEM_PODS,
        autoscaling=container.NodePoolAutoscalingArgs(
            total_min_node_count=min_nodes, total_max_node_count=spec.max_nodes, location_policy="BALANCED"
        ),
        management=container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
        upgrade_settings=container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0),
        network_config=container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
        node_config=node_config(scope, keys, email, machine.machine_type, pool="system", disk_gib=spec.disk_gib),
        opts=scope.opts(depends_on=keys.ready["volumes"], ignore_changes=("initialNodeCount",)),
    )


def nodes_per_zone(nodes: int, zones: tuple[str, ...]) -> int:
    """Nodes per zone with which a pool starts; GKE's autoscaler never starts the first ones itself."""
    return -(-nodes // len(zones))
