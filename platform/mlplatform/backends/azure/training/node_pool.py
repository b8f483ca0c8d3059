"""GPU node pools: one accelerator decides machine, driver, labels and taints."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerservice

from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.naming import pool_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.parts import AzureAnyCluster, AzureNodePool
from mlplatform.backends.azure.training.pods import USUAL_PODS, pods_per_node
from mlplatform.backends.azure.training.pool_nodes import pool_labels, pool_taints
from mlplatform.catalog.catalog import Choice, GpuMachine
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.target import ReservationBinding
from mlplatform.spec.training import GpuPoolSpec


def build(scope: Scope, spec: GpuPoolSpec, choice: Choice, cluster: Cluster) -> AzureNodePool:
    """A pool that scales from zero; its name changes with whatever Azure cannot change in place.

    The cluster's disk encryption set covers every pool, so no key is needed.
    """
    parts = native(cluster.parts, AzureAnyCluster)
    reservation = scope.reservation(spec)
    rights = (_admit_to_reservation(scope, spec, reservation, parts),) if reservation else ()
    group_id = reservation.id if reservation else None
    machine, spot = choice.machine, spec.capacity == "spot"
    are_named = bool(scope.spec.network.zones or scope.target(AzureTarget).zones)
    zones = pool_zones(spec, parts.zones, reservation.zone if reservation else None, named=are_named)
    driver = _driver(machine)
    mig = f"MIG{spec.sharing.profile[0]}g" if isinstance(spec.sharing, Mig) else None
    encrypted = scope.target(AzureTarget).host_encryption
    fixed = (machine.machine_type, spot, mig, driver.value, *zones, spec.local_nvme, spec.disk_gib, encrypted)
    pods = pods_per_node(spec, machine)
    # most pools have the usual number, which is not in their names
    more = () if pods == USUAL_PODS else (f"pods {pods}",)
    name = pool_name(spec.name, "/".join(str(part) for part in (*fixed, group_id, *more)))
    pool = containerservice.AgentPool(
        scope.child("pool"),
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
        kubelet_disk_type=containerservice.KubeletDiskType.TEMPORARY
        if spec.local_nvme
        else containerservice.KubeletDiskType.OS,
        availability_zones=list(zones) or None,
        vnet_subnet_id=parts.node_subnet(zones[0] if zones else ""),
        enable_auto_scaling=True,
        count=spec.min_nodes,
        min_count=spec.min_nodes,
        max_count=spec.max_nodes,
        max_pods=pods,
        enable_node_public_ip=False,
        enable_encryption_at_host=encrypted,
        gpu_profile=containerservice.GPUProfileArgs(driver=driver),
        gpu_instance_profile=mig,
        scale_set_priority=containerservice.ScaleSetPriority.SPOT
        if spot
        else containerservice.ScaleSetPriority.REGULAR,
        scale_set_eviction_policy=containerservice.ScaleSetEvictionPolicy.DELETE if spot else None,
        spot_max_price=-1 if spot else None,
        capacity_reservation_group_id=group_id,
        node_labels=pool_labels(spec, machine),
        node_taints=[f"{taint.key}={taint.value}:{taint.effect}" for taint in pool_taints(spec, machine)],
        security_profile=containerservice.AgentPoolSecurityProfileArgs(
            ssh_access=containerservice.AgentPoolSSHAccess.DISABLED
        ),
        # spare quota for a surge of GPUs is rare: lose one node instead
        upgrade_settings=None
        if spot
        else containerservice.AgentPoolUpgradeSettingsArgs(
            max_surge="0", max_unavailable="1", drain_timeout_in_minutes=30
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=[*parts.ready, *rights], ignore_changes=["count"]),
    )
    _notes(scope, spec, machine, zones, parts.zones, driver)
    return AzureNodePool(pool_name=known_output(pool, name), pool_id=pool.id)


def pool_zones(spec: GpuPoolSpec, zones: tuple[str, ...], reserved: str | None, *, named: bool) -> tuple[str, ...]:
    """The zones that a pool is bound to: those it names, one for fabric and reservations, else named ones.

    Which zones have a GPU machine differs by subscription, and Azure refuses a pool in a zone without it. So without
    named zones the pool is unbound: its nodes come from any zone that has the machine,
    https://learn.microsoft.com/azure/aks/availability-zones-overview

    Args:
        spec: the pool.
        zones: the zones in use.
        reserved: the zone of its reservation.
        named: whether the spec or the target chose the zones in use.
    """
    if reserved:
        return (reserved,)
    if spec.zones:
        return tuple(zones[position - 1] for position in spec.zones)
    return zones[:1] if spec.fabric else zones if named else ()


def _admit_to_reservation(
    scope: Scope, spec: GpuPoolSpec, binding: ReservationBinding, cluster: AzureAnyCluster
) -> pulumi.Resource:
    """The control plane's right to the reservation; the pool comes after it."""
    if cluster.control is None:
        raise ValueError(
            f"training.pools[{spec.name}].capacity: the existing cluster's control plane needs a role on the "
            "reservation: give control_plane_principal_id"
        )
    return assign_role(scope, "reservation", "contributor", on=binding.id, to=cluster.control)


def _driver(machine: GpuMachine) -> containerservice.GPUDriver:
    """AKS's own driver for every NVIDIA machine. For fabric too: it does GPUDirect RDMA with `nvidia-peermem` loaded.

    It and NVIDIA's GPU operator exclude each other in one cluster, so all pools have the same:
    https://github.com/Azure/aks-rdma-infiniband/blob/main/website/docs/configurations/02-gpu-drivers.md
    """
    nvidia = machine.accelerator.model.vendor == "nvidia"
    return containerservice.GPUDriver.INSTALL if nvidia else containerservice.GPUDriver.NONE


def _notes(
    scope: Scope,
    spec: GpuPoolSpec,
    machine: GpuMachine,
    zones: tuple[str, ...],
    net_zones: tuple[str, ...],
    driver: containerservice.GPUDriver,
) -> None:
    path = f"training.pools[{spec.name}]"
    if driver is containerservice.GPUDriver.NONE:
        scope.note(f"{path}.accelerator", "AKS installs no driver for AMD: install AMD's GPU operator for these nodes")
    elif spec.fabric:
        scope.note(
            f"{path}.fabric",
            "AKS installs NVIDIA's driver: install no GPU operator beside it"
            + (
                ""
                if scope.spec.cluster
                else "; for GPUDirect RDMA run NVIDIA's network operator, and load nvidia-peermem on the nodes"
            ),
        )
    if isinstance(spec.sharing, TimeSlicing) and scope.spec.cluster is None:
        scope.note(
            f"{path}.sharing",
            f"install NVIDIA's device plugin with a configuration named time-slicing-{spec.sharing.clients}: "
            "the nodes' label selects it",
        )
    if spec.local_nvme and machine.local_ssd_count:
        scope.note(
            f"{path}.local_nvme",
            "the kubelet uses the machine's temporary disk; its raw NVMe disks need a volume driver",
        )
    if spec.fabric and not spec.zones and zones:
        scope.note(
            f"{path}.zones",
            f"uses zone {zones[0]}: if the subscription has {machine.machine_type} in another zone, name that one; "
            f"see az vm list-skus --location {scope.target(AzureTarget).location} --size {machine.machine_type} --zone",
        )
    elif not zones and net_zones:
        scope.note(
            f"{path}.zones",
            f"not bound to zones: nodes come from any zone that has {machine.machine_type}, and use the gateway of "
            f"zone {net_zones[0]}; name zones to bind them",
        )
    elif len(zones) > 1:
        scope.note(
            f"{path}.zones",
            f"nodes of all zones use the gateway of zone {zones[0]}, and each zone must have the machine: "
            "name one zone if egress must survive the loss of another",
        )
