"""Pods of a node, and the part of the pods' range that it takes. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.training import GpuPoolSpec

SYSTEM_PODS = 110
"""Pods of a system node."""

CPU_PODS = 110
"""Pods of a node of a CPU pool."""

OWN_PODS = 20
"""Pods of a GPU node that GKE runs itself (about 14: network, metadata, logs, metrics, disks, devices, drivers), with
room for a few of the user's."""

MOST_PODS = 256
"""Most pods of a node, https://docs.cloud.google.com/kubernetes-engine/quotas"""

_STEPS = (32, 64, SYSTEM_PODS, MOST_PODS)
"""Numbers of pods that use up the range they take: /26, /25, /24 and /23."""


def pods_per_node(pool: GpuPoolSpec, machine: GpuMachine) -> int:
    """Pods of a node: room for GKE's own and for one on each GPU, or on each part of a shared GPU.

    The number belongs to the pool for ever. Above `MOST_PODS`, which validation refuses, it is that.
    """
    needed = gpu_clients(pool, machine) + OWN_PODS
    return next((step for step in _STEPS if needed <= step), MOST_PODS)


def addresses_of_node(pods: int) -> int:
    """Addresses of the pods' range that a node takes: the power of two that is at least twice its pods,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr"""
    return 1 << (2 * pods - 1).bit_length()
