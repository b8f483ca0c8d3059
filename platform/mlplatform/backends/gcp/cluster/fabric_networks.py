"""The fabric's networks in the cluster: the layer makes them, pods ask for them by name. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem, Stage
from mlplatform.cluster.objects.base import FromCloud, KubeObject, Metadata
from mlplatform.cluster.objects.gke import (
    GkeNetwork,
    GkeNetworkParams,
    GkeNetworkSpec,
    NetworkParamsSpec,
    ParamsRef,
)


def network_name(number: int) -> str:
    """The `Network` of one of the fabric's VPCs, which are numbered from 1."""
    return f"fabric-{number}"


def fabric_networks(layer: LayerContext) -> Iterator[LayerItem]:
    """A network for each fast interface of the machine with the most; RoCE's are GKE's own.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx
    """
    counts = (
        fabric.interfaces for nodes in layer.pools if (fabric := nodes.fabric) and fabric.kind in ("tcpx", "tcpxo")
    )
    for number in range(1, max(counts, default=0) + 1):
        metadata = Metadata(name=network_name(number))
        params = GkeNetworkParams(
            metadata=metadata,
            spec=NetworkParamsSpec(
                vpc=FromCloud(f"layer.fabric.{number}.network"), vpc_subnet=FromCloud(f"layer.fabric.{number}.subnet")
            ),
        )
        network = GkeNetwork(
            metadata=metadata, spec=GkeNetworkSpec(parameters_ref=ParamsRef(name=network_name(number)))
        )
        yield _item("base", f"network-params-{number}", params)
        yield _item("devices", f"network-{number}", network)


def _item(stage: Stage, role: str, body: KubeObject) -> LayerItem:
    return LayerItem(role=role, stage=stage, body=body)
