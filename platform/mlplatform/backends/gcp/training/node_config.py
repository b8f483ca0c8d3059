"""Settings of all nodes: image, account, encryption, shielding, disks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import container

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.parts import node_tag
from mlplatform.backends.gcp.training.pool_nodes import needs_hyperdisk
from mlplatform.components.labels import POOL_LABEL
from mlplatform.components.scope import Scope
from mlplatform.spec.nodes import TaintSpec

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_FAST_IOPS = 16_000
_FAST_MIB_PER_SECOND = 1_000
_FIRST_GIB = 50

_TAINT_EFFECTS = {
    "NoSchedule": "NO_SCHEDULE",
    "PreferNoSchedule": "PREFER_NO_SCHEDULE",
    "NoExecute": "NO_EXECUTE",
}


def node_config(
    scope: Scope,
    keys: GcpKeys,
    email: pulumi.Input[str],
    machine_type: str,
    *,
    pool: str,
    disk_gib: int,
    fast: bool = False,
    labels: Mapping[str, str] | None = None,
    taints: Sequence[TaintSpec] = (),
    accelerator: container.NodePoolNodeConfigGuestAcceleratorArgs | None = None,
    spot: bool = False,
    run_hours: int | None = None,
    reservation: container.NodePoolNodeConfigReservationAffinityArgs | None = None,
    scratch_disks: int | None = None,
    raw_disks: int | None = None,
) -> container.NodePoolNodeConfigArgs:
    """The configuration of a pool's nodes.

    Args:
        scope: scope of the cluster or pool.
        keys: `volumes` encrypts the disks.
        email: account of the nodes.
        machine_type: Compute Engine's name of the machine.
        pool: value of the pool's label.
        disk_gib: boot disk, GiB.
        fast: an SSD with provisioned performance.
        labels: more Kubernetes labels.
        taints: Kubernetes taints.
        accelerator: GPUs. Omitted: none.
        spot: reclaimable machines.
        run_hours: hours after which machines of flex-start end. Omitted: the machines are of another kind.
        reservation: the only reservation to use. Omitted: any or none.
        scratch_disks: local NVMe disks used as the nodes' ephemeral storage. Omitted: none.
        raw_disks: local NVMe disks of the machine that pods use directly. Omitted: none.
    """
    hyper = needs_hyperdisk(machine_type)
    disk = "hyperdisk-balanced" if hyper else "pd-ssd" if fast else "pd-balanced"
    tuned = container.NodePoolNodeConfigBootDiskArgs(
        disk_type=disk,
        size_gb=disk_gib,
        provisioned_iops=_FAST_IOPS,
        provisioned_throughput=_FAST_MIB_PER_SECOND,
    )
    return container.NodePoolNodeConfigArgs(
        machine_type=machine_type,
        image_type="COS_CONTAINERD",
        boot_disk=tuned if hyper and fast else None,
        disk_size_gb=None if hyper and fast else disk_gib,
        disk_type=None if hyper and fast else disk,
        boot_disk_kms_key=keys.ids["volumes"],
        service_account=email,
        oauth_scopes=[_SCOPE],
        spot=spot or None,
        flex_start=True if run_hours else None,
        max_run_duration=f"{run_hours * 3600}s" if run_hours else None,
        reservation_affinity=reservation,
        guest_accelerators=[accelerator] if accelerator else None,
        gvnic=container.NodePoolNodeConfigGvnicArgs(enabled=True),
        ephemeral_storage_local_ssd_config=container.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs(
            local_ssd_count=scratch_disks
        )
        if scratch_disks
        else None,
        local_nvme_ssd_block_config=container.NodePoolNodeConfigLocalNvmeSsdBlockConfigArgs(local_ssd_count=raw_disks)
        if raw_disks
        else None,
        shielded_instance_config=container.NodePoolNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        workload_metadata_config=container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        kubelet_config=container.NodePoolNodeConfigKubeletConfigArgs(insecure_kubelet_readonly_port_enabled="FALSE"),
        metadata={"disable-legacy-endpoints": "true"},
        labels={POOL_LABEL: pool, **(labels or {})},
        taints=[
            container.NodePoolNodeConfigTaintArgs(key=taint.key, value=taint.value, effect=_TAINT_EFFECTS[taint.effect])
            for taint in taints
        ]
        or None,
        tags=[node_tag(scope.spec)],
        resource_labels=scope.tags,
    )


def first_node_config(scope: Scope, keys: GcpKeys, email: pulumi.Input[str]) -> container.ClusterNodeConfigArgs:
    """Nodes that a cluster is created with and that are removed at once; they too must not use the default account."""
    return container.ClusterNodeConfigArgs(
        machine_type="e2-medium",
        image_type="COS_CONTAINERD",
        disk_size_gb=_FIRST_GIB,
        disk_type="pd-balanced",
        boot_disk_kms_key=keys.ids["volumes"],
        service_account=email,
        oauth_scopes=[_SCOPE],
        shielded_instance_config=container.ClusterNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        workload_metadata_config=container.ClusterNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        metadata={"disable-legacy-endpoints": "true"},
        tags=[node_tag(scope.spec)],
        resource_labels=scope.tags,
    )
