"""CPU node pools: an agent pool per zone, as the system pools are."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
from pulumi_azure_native import containerservice

from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.naming import pool_name
from mlplatform.backends.azure.network.zones import spread_evenly
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import AzureAnyCluster, AzureCpuPool
from mlplatform.backends.azure.training.pods import USUAL_PODS
from mlplatform.backends.azure.training.pool_nodes import cpu_pool_labels, cpu_pool_taints
from mlplatform.catalog.catalog import CpuMachine
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.cpu_pool import CpuPoolSpec


def build(scope: Scope, spec: CpuPoolSpec, machine: CpuMachine, cluster: Cluster) -> AzureCpuPool:
    """A pool that scales from zero: an agent pool in each zone, which share its bounds.

    The autoscaler cannot choose the zone of a node in an agent pool of several: a notebook whose disk is in another
    zone would wait for ever, https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview. The cluster's disk
    encryption set covers every pool, so no key is needed.
    """
    parts = native(cluster.parts, AzureAnyCluster)
    pools = {
        zone: _agent_pool(scope, spec, machine, parts, zone, least, most)
        for zone, least, most in _shares(spec, parts.zones)
    }
    if len(pools) > 1:
        split = ", ".join(f"{most} in zone {zone}" for zone, _, most in _shares(spec, parts.zones))
        scope.note(
            f"training.cpu_pools[{spec.name}].max_nodes", f"at most {split}; name one zone to keep the nodes together"
        )
    names = pulumi.Output.all(*(known_output(pool, name) for name, pool in pools.values()))
    return AzureCpuPool(pool_name=names.apply(", ".join), pool_ids={zone: pool.id for zone, (_, pool) in pools.items()})


def _shares(spec: CpuPoolSpec, in_use: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Least and most nodes by zone, with the pool's as their sums; a zone without nodes has no agent pool."""
    zones = tuple(in_use[position - 1] for position in spec.zones) or in_use or ("",)
    count = len(zones)
    for zone, least, most in zip(
        zones, spread_evenly(spec.min_nodes, count), spread_evenly(spec.max_nodes, count), strict=True
    ):
        if most:
            yield zone, least, most


def _agent_pool(
    scope: Scope, spec: CpuPoolSpec, machine: CpuMachine, parts: AzureAnyCluster, zone: str, least: int, most: int
) -> tuple[str, containerservice.AgentPool]:
    """The agent pool of one zone; its name changes with whatever Azure cannot change in place."""
    spot, encrypted = spec.capacity == "spot", scope.target(AzureTarget).host_encryption
    fixed = (machine.machine_type, spot, zone, spec.disk_gib, encrypted)
    name = pool_name(spec.name, "/".join(str(part) for part in fixed))
    pool = containerservice.AgentPool(
        scope.child(f"pool-{zone}" if zone else "pool"),
        agent_pool_name=name,
        resource_name_=parts.name,
        resource_group_name=parts.group_name,
        mode=containerservice.AgentPoolMode.USER,
        type=containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        vm_size=machine.machine_type,
        # after the control plane, which is upgraded alone: the only order that AKS allows with spot pools,
        # https://learn.microsoft.com/azure/aks/spot-node-pool
        orchestrator_version=parts.kubernetes,
        os_type=containerservice.OSType.LINUX,
        os_sku=containerservice.OSSKU.UBUNTU,
        os_disk_type=containerservice.OSDiskType.MANAGED,
        os_disk_size_gb=spec.disk_gib,
        availability_zones=[zone] if zone else None,
        vnet_subnet_id=parts.node_subnet(zone),
        enable_auto_scaling=True,
        count=least,
        min_count=least,
        max_count=most,
        max_pods=USUAL_PODS,
        enable_node_public_ip=False,
        enable_encryption_at_host=encrypted,
        scale_set_priority=containerservice.ScaleSetPriority.SPOT
        if spot
        else containerservice.ScaleSetPriority.REGULAR,
        scale_set_eviction_policy=containerservice.ScaleSetEvictionPolicy.DELETE if spot else None,
        spot_max_price=-1 if spot else None,
        node_labels=cpu_pool_labels(spec),
        node_taints=[f"{taint.key}={taint.value}:{taint.effect}" for taint in cpu_pool_taints(spec)] or None,
        security_profile=containerservice.AgentPoolSecurityProfileArgs(
            enable_secure_boot=True, enable_vtpm=True, ssh_access=containerservice.AgentPoolSSHAccess.DISABLED
        ),
        # these machines are easy to get: add a node before one is taken away
        upgrade_settings=None
        if spot
        else containerservice.AgentPoolUpgradeSettingsArgs(max_surge="1", drain_timeout_in_minutes=30),
        tags=scope.tags,
        opts=scope.opts(depends_on=list(parts.ready), ignore_changes=["count"]),
    )
    return name, pool
