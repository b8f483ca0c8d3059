"""The CPU nodes: a pool per zone, so that each zone's nodes use that zone's gateway."""

from __future__ import annotations

from pulumi_azure_native import containerservice

from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.network.zones import spread_evenly
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_system_machine
from mlplatform.spec.training import TrainingSpec


def system_pool_profiles(
    scope: Scope, spec: TrainingSpec, net: AzureNetwork
) -> list[containerservice.ManagedClusterAgentPoolProfileArgs]:
    """The cluster's inline pools; bounds are spread over the zones.

    They have no taint: the cluster has no other nodes that always run, for its add-ons.
    """
    pool = spec.system_pool
    least = pool.min_nodes or scope.defaults.system_nodes
    machine = choose_system_machine(scope.context.backend, scope.context.target, pool)
    used = net.zones[:least] or ("",)
    scope.note(
        "training.system_pool",
        "vcpus, memory_gib and disk_gib are final once the cluster exists: AKS cannot change a pool's machine or disk, "
        "and a cluster's first pools cannot be replaced while it runs",
    )
    return [
        containerservice.ManagedClusterAgentPoolProfileArgs(
            name=f"system{zone}",
            mode=containerservice.AgentPoolMode.SYSTEM,
            type=containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
            vm_size=machine.machine_type,
            os_type=containerservice.OSType.LINUX,
            os_sku=containerservice.OSSKU.UBUNTU,
            os_disk_type=containerservice.OSDiskType.MANAGED,
            os_disk_size_gb=pool.disk_gib,
            availability_zones=[zone] if zone else None,
            vnet_subnet_id=net.node_subnet(zone),
            enable_auto_scaling=True,
            count=low,
            min_count=low,
            max_count=high,
            max_pods=110,
            enable_node_public_ip=False,
            enable_encryption_at_host=scope.target(AzureTarget).host_encryption,
            security_profile=containerservice.AgentPoolSecurityProfileArgs(
                enable_secure_boot=True,
                enable_vtpm=True,
                ssh_access=containerservice.AgentPoolSSHAccess.DISABLED,
            ),
            upgrade_settings=containerservice.AgentPoolUpgradeSettingsArgs(
                max_surge="33%", drain_timeout_in_minutes=30
            ),
            tags=scope.tags,
        )
        for zone, low, high in zip(
            used, spread_evenly(least, len(used)), spread_evenly(pool.max_nodes, len(used)), strict=True
        )
    ]


def autoscaler_profile() -> containerservice.ManagedClusterPropertiesAutoScalerProfileArgs:
    """Scaling of all pools; Azure expects numbers as text."""
    return containerservice.ManagedClusterPropertiesAutoScalerProfileArgs(
        balance_similar_node_groups="true",
        expander=containerservice.Expander.LEAST_WASTE,
        max_graceful_termination_sec="600",
        max_node_provision_time="20m",  # large GPU machines start slowly
        scale_down_delay_after_add="10m",
        scale_down_unneeded_time="10m",
        # scratch files must not pin an idle GPU
        skip_nodes_with_local_storage="false",
        skip_nodes_with_system_pods="true",
    )
