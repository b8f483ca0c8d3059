"""GPU node pools that scale from zero."""

from __future__ import annotations

import json

from pulumi_gcp import compute, container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.network.pods import pods_per_node
from mlplatform.backends.gcp.network.zones import pool_zones
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.training.fabric import count_extra_networks
from mlplatform.backends.gcp.training.node_config import node_config
from mlplatform.backends.gcp.training.parts import GcpAnyCluster, GcpNodePool
from mlplatform.backends.gcp.training.pool_nodes import pool_labels, pool_taints, waits_in_queue
from mlplatform.backends.gcp.training.system_pool import nodes_per_zone
from mlplatform.catalog.catalog import Choice
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.names import physical_name, short_hash
from mlplatform.components.scope import Scope
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.training import GpuPoolSpec

_USUAL_PODS = 32
_LATEST_DRIVER = ("H200", "B200", "GB200", "RTX-PRO-6000")
_NVLINK_DOMAIN = "1x72"


def build(scope: Scope, spec: GpuPoolSpec, choice: Choice, cluster: Cluster) -> GcpNodePool:
    """Build the pool. Its name changes with fields that only a replacement changes, so the new pool comes first."""
    target, machine = scope.target(GcpTarget), choice.machine
    gcp_cluster, keys = native(cluster.parts, GcpAnyCluster), native(scope.context.keys.parts, GcpKeys)
    zones = pool_zones(spec, machine, target, gcp_cluster.zones)
    reserved = _reservation(scope, spec)
    spot, flex = spec.capacity == "spot", spec.capacity == "flex-start"
    queued = waits_in_queue(scope.spec, spec)
    name = f"{spec.name}-{short_hash(_immutable_fields(spec, machine, reserved, queued=queued), 6)}"
    pool = container.NodePool(
        scope.child("pool"),
        project=target.project,
        name=name,
        cluster=gcp_cluster.cluster_name,
        location=gcp_cluster.location,
        node_locations=list(zones),
        initial_node_count=nodes_per_zone(spec.min_nodes, zones),
        max_pods_per_node=pods_per_node(spec, machine),
        autoscaling=container.NodePoolAutoscalingArgs(
            total_min_node_count=spec.min_nodes,
            total_max_node_count=spec.max_nodes,
            # nodes of one job come where there are enough of them, and not in each zone alike
            location_policy="ANY",
        ),
        # a machine of flex-start is not replaced: the next one has to be waited for
        management=container.NodePoolManagementArgs(auto_repair=not flex, auto_upgrade=True),
        # nobody has spare GPUs for a surge; nodes of flex-start run out instead of being upgraded, in GKE's own way
        upgrade_settings=None
        if flex
        else container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=0, max_unavailable=1),
        queued_provisioning=container.NodePoolQueuedProvisioningArgs(enabled=True) if queued else None,
        node_drain_configs=[container.NodePoolNodeDrainConfigArgs(respect_pdb_during_node_pool_deletion=True)],
        placement_policy=_placement(scope, spec, machine, reserved, keys),
        network_config=_network(spec, machine, gcp_cluster),
        node_config=node_config(
            scope,
            keys,
            gcp_cluster.node_email,
            machine.machine_type,
            pool=spec.name,
            disk_gib=spec.disk_gib,
            fast=spec.disk_type == "fast",
            labels=pool_labels(spec, machine),
            taints=pool_taints(spec),
            accelerator=_accelerator(spec, machine),
            spot=spot,
            run_hours=spec.run_hours,
            reservation=_affinity(reserved, flex=flex),
            scratch_disks=machine.local_ssd_count if spec.local_nvme else None,
            # disks that come with a machine must be listed, or its reservation does not match
            raw_disks=None if spec.local_nvme or machine.local_ssd_optional else machine.local_ssd_count,
        ),
        opts=scope.opts(
            depends_on=(*gcp_cluster.ready, *keys.ready["volumes"]),
            ignore_changes=("initialNodeCount",),
            # a reservation's machines cannot be in two pools
            delete_before_replace=True if reserved else None,
        ),
    )
    return GcpNodePool(pool_name=pool.name, pool=pool, name=name)


def _reservation(scope: Scope, spec: GpuPoolSpec) -> str | None:
    """Resource path of the reservation that a pool takes its machines from; a calendar reservation is one too."""
    binding = scope.reservation(spec)
    if binding is None or binding.id.startswith("projects/"):
        return binding.id if binding else None
    return f"projects/{scope.target(GcpTarget).project}/reservations/{binding.id}"


def _affinity(reserved: str | None, *, flex: bool) -> container.NodePoolNodeConfigReservationAffinityArgs | None:
    if flex:
        return container.NodePoolNodeConfigReservationAffinityArgs(consume_reservation_type="NO_RESERVATION")
    if reserved is None:
        return None
    return container.NodePoolNodeConfigReservationAffinityArgs(
        consume_reservation_type="SPECIFIC_RESERVATION",
        key="compute.googleapis.com/reservation-name",
        values=[reserved],
    )


def _immutable_fields(spec: GpuPoolSpec, machine: GpuMachine, reserved: str | None, *, queued: bool) -> str:
    return json.dumps(
        {
            "accelerator": [machine.accelerator_type, machine.accelerator.count],
            "capacity": reserved or str(spec.capacity),
            "fabric": spec.fabric,
            "local_nvme": spec.local_nvme,
            "local_ssd": machine.local_ssd_count,
            "sharing": spec.sharing.model_dump() if spec.sharing else None,
            **({"queued": queued, "run_hours": spec.run_hours} if spec.run_hours else {}),
            # most pools have 32, which is not in their names
            **({"pods": pods} if (pods := pods_per_node(spec, machine)) != _USUAL_PODS else {}),
        },
        sort_keys=True,
    )


def _accelerator(spec: GpuPoolSpec, machine: GpuMachine) -> container.NodePoolNodeConfigGuestAcceleratorArgs:
    accelerator_type = machine.accelerator_type
    if accelerator_type is None:
        raise ValueError(f"the catalogue has no accelerator type for {machine.machine_type}")
    driver = "LATEST" if machine.accelerator.name in _LATEST_DRIVER else "DEFAULT"
    sharing = (
        container.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs(
            gpu_sharing_strategy="TIME_SHARING", max_shared_clients_per_gpu=spec.sharing.clients
        )
        if isinstance(spec.sharing, TimeSlicing)
        else None
    )
    return container.NodePoolNodeConfigGuestAcceleratorArgs(
        type=accelerator_type,
        count=machine.accelerator.count,
        gpu_driver_installation_config=container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
            gpu_driver_version=driver
        ),
        gpu_partition_size=spec.sharing.profile if isinstance(spec.sharing, Mig) else None,
        gpu_sharing_config=sharing,
    )


def _network(spec: GpuPoolSpec, machine: GpuMachine, cluster: GcpAnyCluster) -> container.NodePoolNetworkConfigArgs:
    if not spec.fabric:
        return container.NodePoolNetworkConfigArgs(enable_private_nodes=True)
    count = count_extra_networks(machine)
    if not count:
        return container.NodePoolNetworkConfigArgs(enable_private_nodes=True, accelerator_network_profile="auto")
    if count > len(cluster.fabric):
        raise ValueError(
            f"training.pools[{spec.name}].fabric: {machine.machine_type} has {count} fast interfaces, but the "
            f"cluster has {len(cluster.fabric)} networks for them: list the pool in the cluster's spec, or give "
            "fabric_networks of an existing cluster, one per interface"
        )
    return container.NodePoolNetworkConfigArgs(
        enable_private_nodes=True,
        additional_node_network_configs=[
            container.NodePoolNetworkConfigAdditionalNodeNetworkConfigArgs(
                network=extra.network, subnetwork=extra.subnet
            )
            for extra in cluster.fabric[:count]
        ],
    )


def _placement(
    scope: Scope, spec: GpuPoolSpec, machine: GpuMachine, reserved: str | None, keys: GcpKeys
) -> container.NodePoolPlacementPolicyArgs | None:
    if machine.accelerator.name == "GB200":
        domain = compute.ResourcePolicy(
            scope.child("domain"),
            project=scope.target(GcpTarget).project,
            name=physical_name(scope.spec, f"{spec.name}-domain", COMPUTE),
            region=scope.target(GcpTarget).region,
            workload_policy=compute.ResourcePolicyWorkloadPolicyArgs(
                type="HIGH_THROUGHPUT", accelerator_topology=_NVLINK_DOMAIN
            ),
            opts=scope.opts(depends_on=keys.foundation.after("compute")),
        )
        return container.NodePoolPlacementPolicyArgs(type="COMPACT", policy_name=domain.name)
    # a reservation has its own placement, and nodes of flex-start come in one zone where there is room for all of them
    compact = spec.fabric and not reserved and spec.capacity != "flex-start"
    return container.NodePoolPlacementPolicyArgs(type="COMPACT") if compact else None
