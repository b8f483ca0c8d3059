"""Image, settings, labels and taints of a pool's node, all derived from the chosen machine."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from textwrap import dedent

from mlplatform.catalog.catalog import Choice, CpuMachine
from mlplatform.components.labels import POOL_LABEL, SPOT_TAINT_KEY, accelerator_labels, fabric_labels
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.training import GpuPoolSpec

_MIG_MODELS = {
    "A100-40GB": "a100.40gb",
    "A100-80GB": "a100.80gb",
    "H100": "h100.80gb",
    "H200": "h200.141gb",
    "B200": "b200.180gb",
    "B300": "b300.269gb",
    "RTX-PRO-6000": "rtxpro6000.96gb",
}
"""Bottlerocket's names of the models that it can partition,
https://bottlerocket.dev/en/os/1.54.x/api/settings/kubelet-device-plugins"""

_HUGE_PAGES = 5128
"""Pages of 2 MiB, as many as in AWS's own EFA images, https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html"""

SPOT_TAINT = (SPOT_TAINT_KEY, "true", "NoSchedule")
"""Taint of spot nodes without GPUs. EKS only labels them, and without a taint any pod could run on them."""

_GPU_LABEL = "k8s.amazonaws.com/accelerator"
EFA = "vpc.amazonaws.com/efa"
"""The resource of the EFA device plugin: one per interface."""


@dataclass(frozen=True, slots=True)
class NodeImage:
    """The image and properties of a pool's nodes."""

    ami_type: str
    """EKS's name of the image, which contains the driver."""

    two_disks: bool
    """True if the image keeps its system on a separate disk."""

    user_data: str | None
    """Base64; None if the image needs no settings."""

    labels: dict[str, str]
    """Kubernetes labels."""

    taints: tuple[tuple[str, str, str], ...]
    """Kubernetes taints: key, value, effect."""

    resources: dict[str, str]
    """Resources for pods beyond CPU and memory; the autoscaler cannot know them while there is no node."""


def choose_node_image(pool: GpuPoolSpec, choice: Choice) -> NodeImage:
    """Derive the image and its settings from the accelerator.

    NVIDIA machines boot Bottlerocket, which contains driver, fabric manager and device plugin; Trainium and Inferentia
    boot Amazon Linux with the Neuron driver.
    """
    machine, model = choice.machine, choice.machine.accelerator.model
    nvidia = model.vendor == "nvidia"
    if nvidia:
        ami_type = "BOTTLEROCKET_ARM_64_NVIDIA" if machine.arch == "arm64" else "BOTTLEROCKET_x86_64_NVIDIA"
        settings = _bottlerocket(pool, choice)
    else:
        ami_type, settings = "AL2023_x86_64_NEURON", _amazon_linux(pool)
    storage = machine.local_ssd_gib if pool.local_nvme else pool.disk_gib
    resources = {model.resource: str(gpu_clients(pool, machine)), "ephemeral-storage": f"{storage}Gi"}
    fabric = machine.fabric if pool.fabric else None
    if fabric:
        resources[EFA] = str(fabric.interfaces)
    labels = {
        **pool.labels,
        POOL_LABEL: pool.name,
        **accelerator_labels(machine.accelerator),
        **fabric_labels(fabric),
    }
    if nvidia:
        # the cluster autoscaler holds a node with this label for not ready until it has `nvidia.com/gpu`: right while a
        # GPU's driver starts, and for ever on a node whose devices are Neuron's,
        # https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.35.0/cluster-autoscaler/utils/gpu/gpu.go
        labels[_GPU_LABEL] = model.name.lower()
    taints = ((model.resource, "present", "NoSchedule"), *((t.key, t.value, t.effect) for t in pool.taints))
    return NodeImage(
        ami_type=ami_type,
        two_disks=nvidia,
        user_data=base64.b64encode(settings.encode()).decode() if settings else None,
        labels=labels,
        taints=taints,
        resources=resources,
    )


def choose_cpu_image(pool: CpuPoolSpec, machine: CpuMachine) -> NodeImage:
    """The image of a node without accelerator: Bottlerocket, as the system pool's."""
    spot = (SPOT_TAINT,) if pool.capacity == "spot" else ()
    return NodeImage(
        ami_type="BOTTLEROCKET_ARM_64" if machine.arch == "arm64" else "BOTTLEROCKET_x86_64",
        two_disks=True,
        user_data=None,
        labels={**pool.labels, POOL_LABEL: pool.name},
        taints=(*spot, *((taint.key, taint.value, taint.effect) for taint in pool.taints)),
        resources={"ephemeral-storage": f"{pool.disk_gib}Gi"},
    )


def _bottlerocket(pool: GpuPoolSpec, choice: Choice) -> str:
    parts: list[str] = []
    match pool.sharing:
        case TimeSlicing(clients=clients):
            # pods request nvidia.com/gpu as elsewhere, and a pod that requests two is refused
            parts.append(
                dedent(f"""\
                [settings.kubelet-device-plugins.nvidia]
                device-sharing-strategy = "time-slicing"

                [settings.kubelet-device-plugins.nvidia.time-slicing]
                replicas = {clients}
                rename-by-default = false
                fail-requests-greater-than-one = true
                """)
            )
        case Mig(profile=profile):
            parts.append(
                dedent(f"""\
                [settings.kubelet-device-plugins.nvidia]
                device-partitioning-strategy = "mig"

                [settings.kubelet-device-plugins.nvidia.mig.profile]
                "{_MIG_MODELS[choice.machine.accelerator.name]}" = "{profile}"
                """)
            )
        case None:
            pass
    if pool.local_nvme:
        parts.append(
            dedent("""\
            [settings.bootstrap-commands.k8s-ephemeral-storage]
            commands = [
              ["apiclient", "ephemeral-storage", "init"],
              ["apiclient", "ephemeral-storage", "bind", "--dirs",
               "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
            ]
            essential = true
            mode = "always"
            """)
        )
    if pool.fabric:
        parts.append(f'[settings.kernel.sysctl]\n"vm.nr_hugepages" = "{_HUGE_PAGES}"\n')
    return "\n".join(parts)


def _amazon_linux(pool: GpuPoolSpec) -> str:
    if not pool.local_nvme:
        return ""
    return dedent("""\
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="node"

        --node
        Content-Type: application/node.eks.aws

        apiVersion: node.eks.aws/v1alpha1
        kind: NodeConfig
        spec:
          instance:
            localStorage:
              strategy: RAID0

        --node--
        """)
