"""What a job's pods need on the nodes of AKS."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.backends.azure.cluster.topology import FILE, topology_map, topology_name
from mlplatform.cluster.facts import AnyNodes
from mlplatform.cluster.objects.containers import Mount
from mlplatform.cluster.objects.volumes import ConfigMapVolume, Volume
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.spec.platform import PlatformSpec

_SPOT_SECONDS = 25
"""Of the 30 seconds of notice, https://learn.microsoft.com/azure/aks/spot-node-pool; AKS drains as well as it can."""

IDENTITY_LABELS = {"azure.workload.identity/use": "true"}
"""AKS gives a token to pods with this label alone, https://learn.microsoft.com/azure/aks/workload-identity-overview"""

_TOPOLOGY = "/etc/nccl-topology"

_SECONDS = 600
"""Where nothing is interrupted but by people."""


def build(spec: PlatformSpec, nodes: AnyNodes) -> PodWiring:
    """The token of the platform's identity, and InfiniBand's devices,
    https://azure.github.io/aks-rdma-infiniband/"""
    fabric = nodes.fabric
    grace = _SPOT_SECONDS if nodes.pool.capacity == "spot" else _SECONDS
    account, container = place_container(spec, "pipelines")
    checkpoints = f"abfss://{container}@{account}.dfs.core.windows.net/checkpoints"
    labels = IDENTITY_LABELS
    if fabric is None:
        return PodWiring(grace_seconds=grace, checkpoints=checkpoints, labels=labels)
    machine = nodes.machine.machine_type
    known = bool(topology_name(machine))
    return PodWiring(
        grace_seconds=grace,
        checkpoints=checkpoints,
        labels=labels,
        volumes=(Volume(name="topology", config_map=ConfigMapVolume(name=topology_map(machine))),) if known else (),
        mounts=(Mount(name="topology", mount_path=_TOPOLOGY, read_only=True),) if known else (),
        resources={"rdma/ib": str(fabric.interfaces)},
        # relaxed ordering gives a virtual machine the full speed; sockets are for the first contact alone
        env={
            "NCCL_IB_PCI_RELAXED_ORDERING": "1",
            "NCCL_SOCKET_IFNAME": "eth0",
            **({"NCCL_TOPO_FILE": f"{_TOPOLOGY}/{FILE}"} if known else {}),
        },
        capabilities=("IPC_LOCK",),
    )
