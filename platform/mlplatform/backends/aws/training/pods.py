"""Most pods of a node: as many as its network interfaces have addresses. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.machine import GpuMachine

OWN_PODS = 12
"""Pods of a GPU node that EKS and its add-ons run themselves (network, proxy, identity, disks, health, logs, metrics),
with room for a few of the user's."""

_MANAGED_SMALL, _MANAGED_LARGE = 110, 250
_LARGE_VCPUS = 30
"""A managed node group sets at most 110 pods for machines below 30 vCPUs, and 250 for others,
https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html"""

_UNLISTED = 58
"""Least of all machines with GPUs of the generations since 2021, for types that the list does not have yet."""

_ADDRESSES = {
    "g4dn.xlarge": 29,
    "g4dn.2xlarge": 29,
    "g4dn.4xlarge": 29,
    "g4dn.8xlarge": 58,
    "g4dn.12xlarge": 234,
    "g4dn.16xlarge": 58,
    "g4dn.metal": 737,
    "g5g.xlarge": 58,
    "g5g.2xlarge": 58,
    "g5g.4xlarge": 234,
    "g5g.8xlarge": 234,
    "g5g.16xlarge": 737,
    "g5.xlarge": 58,
    "g5.2xlarge": 58,
    "g5.4xlarge": 234,
    "g5.8xlarge": 234,
    "g5.12xlarge": 737,
    "g5.16xlarge": 234,
    "g5.24xlarge": 737,
    "g5.48xlarge": 345,
    "g6.xlarge": 58,
    "g6.2xlarge": 58,
    "g6.4xlarge": 234,
    "g6.8xlarge": 234,
    "g6.12xlarge": 234,
    "g6.16xlarge": 737,
    "g6.24xlarge": 737,
    "g6.48xlarge": 737,
    "gr6.4xlarge": 234,
    "gr6.8xlarge": 234,
    "g6e.xlarge": 58,
    "g6e.2xlarge": 58,
    "g6e.4xlarge": 234,
    "g6e.8xlarge": 234,
    "g6e.12xlarge": 292,
    "g6e.16xlarge": 737,
    "g6e.24xlarge": 492,
    "g6e.48xlarge": 492,
    "p3dn.24xlarge": 737,
    "p4d.24xlarge": 737,
    "p4de.24xlarge": 737,
    "p5.4xlarge": 118,
    "p5.48xlarge": 100,
    "p5e.48xlarge": 100,
    "p5en.48xlarge": 198,
    "p6-b200.48xlarge": 198,
}
"""Pods by machine type: two of the host, and the addresses of the first network card's interfaces without the first,
https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/eni-max-pods.txt"""


def most_pods(machine: GpuMachine) -> int:
    """Most pods of a node of the machine type."""
    managed = _MANAGED_SMALL if machine.vcpus < _LARGE_VCPUS else _MANAGED_LARGE
    return min(_ADDRESSES.get(machine.machine_type, _UNLISTED), managed)
