"""Pods of a node. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.training import GpuPoolSpec

USUAL_PODS = 110
"""Pods of a node, unless shared GPUs need more."""

MOST_PODS = 250
"""Most pods of a node; its part of the pods' range, a /24, has room for them,
https://learn.microsoft.com/azure/aks/quotas-skus-regions"""

OWN_PODS = 25
"""Pods of a GPU node that AKS and its add-ons run themselves (network, identity, disks, logs, metrics, policy,
defender), with room for a few of the user's."""


def pods_per_node(pool: GpuPoolSpec, machine: GpuMachine) -> int:
    """Pods of a node; AKS cannot change the number of a pool."""
    return USUAL_PODS if gpu_clients(pool, machine) + OWN_PODS <= USUAL_PODS else MOST_PODS
