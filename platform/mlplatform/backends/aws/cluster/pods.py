"""What a job's pods need on the nodes of EKS."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.cluster.facts import PodWiring, PoolNodes
from mlplatform.spec.platform import PlatformSpec

_SPOT_SECONDS = 110
"""Of the two minutes of notice, in which the managed node group drains,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html"""

_SECONDS = 600
"""Where nothing is interrupted but by people."""


def build(spec: PlatformSpec, nodes: PoolNodes) -> PodWiring:
    """EFA's interfaces and huge pages, https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html"""
    grace = _SPOT_SECONDS if nodes.pool.capacity == "spot" else _SECONDS
    checkpoints = f"{addresses.place_uri(spec, 'pipelines')}/checkpoints"
    fabric = nodes.choice.machine.fabric
    if not nodes.pool.fabric or fabric is None:
        return PodWiring(grace_seconds=grace, checkpoints=checkpoints)
    resources = {"vpc.amazonaws.com/efa": str(fabric.interfaces)}
    if nodes.choice.machine.accelerator.model.vendor == "nvidia":
        # libfabric's buffers; the nodes' image reserves 5128 pages of 2 MiB
        resources["hugepages-2Mi"] = "5120Mi"
    return PodWiring(
        grace_seconds=grace,
        checkpoints=checkpoints,
        resources=resources,
        # without the provider NCCL takes TCP, at a hundredth of the speed and without an error
        env={"FI_PROVIDER": "efa", "NCCL_SOCKET_IFNAME": "^lo,docker,veth"},
        capabilities=("IPC_LOCK",),
    )
