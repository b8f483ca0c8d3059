"""Labels and taints of a pool's nodes. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.labels import POOL_LABEL, accelerator_labels, fabric_labels
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.gpu_sharing import TimeSlicing
from mlplatform.spec.nodes import TaintSpec
from mlplatform.spec.training import GpuPoolSpec

SPOT = "kubernetes.azure.com/scalesetpriority"
"""Label and taint of spot nodes, https://learn.microsoft.com/azure/aks/spot-node-pool"""


def pool_labels(spec: GpuPoolSpec, machine: GpuMachine) -> dict[str, str]:
    """Labels of a pool's nodes."""
    labels = {
        **spec.labels,
        POOL_LABEL: spec.name,
        **accelerator_labels(machine.accelerator),
        **fabric_labels(machine.fabric if spec.fabric else None),
    }
    if isinstance(spec.sharing, TimeSlicing):
        labels["nvidia.com/device-plugin.config"] = slicing_name(spec.sharing)
    if spec.capacity == "spot":
        labels[SPOT] = "spot"  # AKS sets it anyway
    return labels


def slicing_name(sharing: TimeSlicing) -> str:
    """Name of the device plugin's configuration that a pool's nodes select."""
    return f"time-slicing-{sharing.clients}"


def pool_taints(spec: GpuPoolSpec, machine: GpuMachine) -> tuple[TaintSpec, ...]:
    """Taints of a pool's nodes."""
    gpu = TaintSpec(key=machine.accelerator.model.resource, value="present")
    spot = (TaintSpec(key=SPOT, value="spot"),) if spec.capacity == "spot" else ()
    return (gpu, *spec.taints, *spot)


def cpu_pool_labels(spec: CpuPoolSpec) -> dict[str, str]:
    """Labels of a CPU pool's nodes."""
    spot = {SPOT: "spot"} if spec.capacity == "spot" else {}  # AKS sets it anyway
    return {**spec.labels, POOL_LABEL: spec.name, **spot}


def cpu_pool_taints(spec: CpuPoolSpec) -> tuple[TaintSpec, ...]:
    """Taints of a CPU pool's nodes."""
    spot = (TaintSpec(key=SPOT, value="spot"),) if spec.capacity == "spot" else ()
    return (*spec.taints, *spot)
