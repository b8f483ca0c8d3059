"""Labels and taints of a pool's nodes. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.labels import accelerator_labels, fabric_labels
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.nodes import TaintSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec

GPU_TAINT = TaintSpec(key="nvidia.com/gpu", value="present")
"""GKE's own taint of GPU nodes; it adds the toleration to pods that ask for GPUs."""

SPOT_TAINT = TaintSpec(key="cloud.google.com/gke-spot", value="true")
"""GKE only labels spot nodes: without this taint, any pod could run on them."""


QUEUED_TAINT = TaintSpec(key="cloud.google.com/gke-queued", value="true")
"""GKE's own taint of nodes that only a request of the queue brings,
https://github.com/GoogleCloudPlatform/cluster-toolkit/blob/v1.95.0/modules/compute/gke-node-pool/main.tf"""

FLEX_START_LABEL = "cloud.google.com/gke-flex-start"
"""Label that GKE sets on machines of flex-start, and that their pods select,
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest"""


_HYPERDISK_ONLY = ("a3-ultragpu-", "a4-", "a4x-", "g4-", "n4-", "c4-")


def needs_hyperdisk(machine_type: str) -> bool:
    """Whether a machine takes no other disks than Hyperdisks,
    https://docs.cloud.google.com/compute/docs/disks/hyperdisks"""
    return machine_type.startswith(_HYPERDISK_ONLY)


def waits_in_queue(spec: PlatformSpec, pool: GpuPoolSpec) -> bool:
    """Whether the pool's nodes come together, for a request of Kueue; without the layer nobody makes such requests."""
    return pool.capacity == "flex-start" and spec.cluster is not None


def pool_labels(spec: GpuPoolSpec, machine: GpuMachine) -> dict[str, str]:
    """Labels of a pool's nodes, without the pool's own label."""
    fabric = machine.fabric if spec.fabric else None
    labels = {**accelerator_labels(machine.accelerator), **fabric_labels(fabric)}
    if fabric and fabric.kind == "roce":
        labels["cloud.google.com/gke-networking-dra-driver"] = "true"
    return {**labels, **spec.labels}


def pool_taints(spec: GpuPoolSpec) -> tuple[TaintSpec, ...]:
    """Taints of a pool's nodes."""
    return (GPU_TAINT, *((SPOT_TAINT,) if spec.capacity == "spot" else ()), *spec.taints)


def cpu_pool_taints(spec: CpuPoolSpec) -> tuple[TaintSpec, ...]:
    """Taints of a CPU pool's nodes."""
    return (*((SPOT_TAINT,) if spec.capacity == "spot" else ()), *spec.taints)
