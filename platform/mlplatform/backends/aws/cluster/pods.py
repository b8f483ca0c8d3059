"""What a job's pods need on the nodes of EKS."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.cluster.facts import AnyNodes
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.spec.platform import PlatformSpec

_SPOT_SECONDS = 110
"""Of the two minutes of notice, in which the managed node group drains,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html"""

_SECONDS = 600
"""Where nothing is interrupted but by people."""


_NEURON_EFA = {
    "FI_PROVIDER": "efa",
    "FI_EFA_USE_DEVICE_RDMA": "1",
    "FI_EFA_FORK_SAFE": "1",
    "CCOM_SOCKET_IFNAME": "eth0",
}
"""Neuron's collectives over EFA; the pods of EKS have their own network at eth0,
https://awsdocs-neuron.readthedocs-hosted.com/en/latest/frameworks/torch/torch-neuronx/setup-trn1-multi-node-execution.html"""


def build(spec: PlatformSpec, nodes: AnyNodes) -> PodWiring:
    """EFA's interfaces and huge pages, https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html"""
    grace = _SPOT_SECONDS if nodes.pool.capacity == "spot" else _SECONDS
    checkpoints = f"{addresses.place_uri(spec, 'pipelines')}/checkpoints"
    fabric = nodes.fabric
    if fabric is None:
        return PodWiring(grace_seconds=grace, checkpoints=checkpoints)
    resources = {"vpc.amazonaws.com/efa": str(fabric.interfaces)}
    if nodes.hardware == "nvidia":
        # libfabric's buffers; the nodes' image reserves 5128 pages of 2 MiB
        resources["hugepages-2Mi"] = "5Gi"
        # without the provider NCCL takes TCP, at a hundredth of the speed and without an error
        env = {"FI_PROVIDER": "efa", "NCCL_SOCKET_IFNAME": "^lo,docker,veth"}
    else:
        env = _NEURON_EFA
    return PodWiring(
        grace_seconds=grace,
        checkpoints=checkpoints,
        resources=resources,
        env=env,
        capabilities=("IPC_LOCK",),
    )
