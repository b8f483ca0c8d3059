"""What AKS does not bring: NVIDIA's device plugin, and InfiniBand. The driver and the autoscaler are its own."""

from __future__ import annotations

from mlplatform.backends.azure.cluster.file_system import lustre_driver
from mlplatform.backends.azure.cluster.gpu_metrics import gpu_metrics
from mlplatform.backends.azure.cluster.infiniband import infiniband
from mlplatform.backends.azure.training.pool_nodes import slicing_name
from mlplatform.cluster.daemons import EVERY_TAINT, on_pools
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.parts.base import namespace
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing

NAMESPACE = "gpu-devices"


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The plugin, on the nodes of every pool with NVIDIA's GPUs, InfiniBand where it is, and Lustre's driver."""
    return (*_plugin(layer), *infiniband(layer), *lustre_driver(layer))


def _plugin(layer: LayerContext) -> tuple[LayerItem, ...]:
    pools = [nodes for nodes in layer.pools if nodes.choice.machine.accelerator.model.vendor == "nvidia"]
    if not pools:
        return ()
    slicing = {
        slicing_name(sharing): _configuration(sharing.clients)
        for nodes in pools
        if isinstance(sharing := nodes.pool.sharing, TimeSlicing)
    }
    values: dict[str, object] = {
        # the chart's own affinity asks for labels that only NVIDIA's feature discovery sets
        "tolerations": EVERY_TAINT,
        "affinity": on_pools(pools),
    }
    if any(isinstance(nodes.pool.sharing, Mig) for nodes in pools):
        # every instance of a node has the same profile, and pods ask for nvidia.com/gpu as elsewhere
        values["migStrategy"] = "single"
    if slicing:
        # nodes choose by the label nvidia.com/device-plugin.config; those without it take the default
        values["config"] = {"default": "whole", "map": {"whole": "version: v1\n", **slicing}}
    release = ChartRelease(chart="nvidia-device-plugin", namespace=NAMESPACE, values=values)
    return (
        namespace(NAMESPACE, "privileged"),
        LayerItem(role="release-device-plugin", stage="devices", body=release),
        *gpu_metrics(layer, pools, NAMESPACE),
    )


def _configuration(clients: int) -> str:
    """The plugin's configuration of shared GPUs: pods ask for nvidia.com/gpu, and one that asks for two is refused.

    https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0#shared-access-to-gpus
    """
    return (
        "version: v1\nsharing:\n  timeSlicing:\n    renameByDefault: false\n    failRequestsGreaterThanOne: true\n"
        f"    resources:\n    - name: nvidia.com/gpu\n      replicas: {clients}\n"
    )
