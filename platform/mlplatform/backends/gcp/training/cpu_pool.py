"""CPU node pools that scale from zero."""

from __future__ import annotations

import json

from pulumi_gcp import container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.pods import CPU_PODS
from mlplatform.backends.gcp.network.zones import cpu_pool_zones
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.node_config import node_config
from mlplatform.backends.gcp.training.parts import GcpAnyCluster, GcpNodePool
from mlplatform.backends.gcp.training.pool_nodes import cpu_pool_taints
from mlplatform.backends.gcp.training.system_pool import nodes_per_zone
from mlplatform.catalog.catalog import CpuMachine
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.names import short_hash
from mlplatform.components.scope import Scope
from mlplatform.spec.cpu_pool import CpuPoolSpec


def build(scope: Scope, spec: CpuPoolSpec, machine: CpuMachine, cluster: Cluster) -> GcpNodePool:
    """Build the pool. Its name changes with fields that only a replacement changes, so the new pool comes first."""
    target = scope.target(GcpTarget)
    gcp_cluster, keys = native(cluster.parts, GcpAnyCluster), native(scope.context.keys.parts, GcpKeys)
    zones = cpu_pool_zones(spec, machine, target, gcp_cluster.zones)
    spot = spec.capacity == "spot"
    name = f"{spec.name}-{short_hash(_immutable_fields(spec, machine), 6)}"
    pool = container.NodePool(
        scope.child("pool"),
        project=target.project,
        name=name,
        cluster=gcp_cluster.cluster_name,
        location=gcp_cluster.location,
        node_locations=list(zones),
        initial_node_count=nodes_per_zone(spec.min_nodes, zones),
        max_pods_per_node=CPU_PODS,
        autoscaling=container.NodePoolAutoscalingArgs(
            total_min_node_count=spec.min_nodes,
            total_max_node_count=spec.max_nodes,
            location_policy="ANY" if spot else "BALANCED",
        ),
        management=container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
        # these machines are easy to get: add a node before one is taken away
        upgrade_settings=container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0),
        node_drain_configs=[container.NodePoolNodeDrainConfigArgs(respect_pdb_during_node_pool_deletion=True)],
        network_config=container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
        node_config=node_config(
            scope,
            keys,
            gcp_cluster.node_email,
            machine.machine_type,
            pool=spec.name,
            disk_gib=spec.disk_gib,
            labels=spec.labels,
            taints=cpu_pool_taints(spec),
            spot=spot,
        ),
        opts=scope.opts(
            depends_on=(*gcp_cluster.ready, *keys.ready["volumes"]),
            ignore_changes=("initialNodeCount",),
        ),
    )
    return GcpNodePool(pool_name=pool.name, pool=pool, name=name)


def _immutable_fields(spec: CpuPoolSpec, machine: CpuMachine) -> str:
    # machines of another family may boot from other disks, and GKE changes only one of the two at a time
    return json.dumps({"capacity": spec.capacity, "family": machine.machine_type.partition("-")[0]}, sort_keys=True)
