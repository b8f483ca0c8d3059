"""Volumes of Persistent Disk and of Hyperdisk under the platform's key."""

from __future__ import annotations

from mlplatform.backends.gcp.training.pool_nodes import needs_hyperdisk
from mlplatform.cluster.facts import CpuPoolNodes, LayerContext, PoolNodes
from mlplatform.cluster.objects.base import FromCloud, Metadata
from mlplatform.cluster.objects.storage import DEFAULT_CLASS, StorageClass, default_class

_DRIVER = "pd.csi.storage.gke.io"

HYPERDISK_CLASS = f"{DEFAULT_CLASS}-hyperdisk"
"""The class of pods on machines that take no Persistent Disk."""


def build(layer: LayerContext) -> tuple[StorageClass, ...]:
    """Balanced disks, and Hyperdisks where a pool's machines take nothing else: no class fits both kinds of machines.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/using-cmek,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/hyperdisk
    """
    key = FromCloud("layer.volumesKey")
    standard = default_class(_DRIVER, {"type": "pd-balanced", "disk-encryption-kms-key": key})
    if not any(needs_hyperdisk(_machine_type(nodes)) for nodes in layer.all_pools):
        return (standard,)
    hyperdisk = StorageClass(
        metadata=Metadata(name=HYPERDISK_CLASS),
        provisioner=_DRIVER,
        parameters={"type": "hyperdisk-balanced", "disk-encryption-kms-key": key},
    )
    return standard, hyperdisk


def _machine_type(nodes: PoolNodes | CpuPoolNodes) -> str:
    machine = nodes.choice.machine if isinstance(nodes, PoolNodes) else nodes.machine
    return machine.machine_type
