"""Further networks of GKE's nodes: https://docs.cloud.google.com/kubernetes-engine/docs/reference/crds/network"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata, Text
from mlplatform.fast.record import record


@record(kw_only=True)
class NetworkParamsSpec:
    """What a network is in the cloud."""

    vpc: Text
    """Name of the VPC."""

    vpc_subnet: Text
    """Name of its subnet."""

    device_mode: Literal["NetDevice"] = "NetDevice"
    """How pods get the node's interface: as a network device, for itself alone."""


@record(kw_only=True)
class GkeNetworkParams(KubeObject):
    """What a network of the cluster is in the cloud."""

    API = "networking.gke.io/v1"
    KIND = "GKENetworkParamSet"

    metadata: Metadata
    """Name."""

    spec: NetworkParamsSpec
    """VPC and subnet."""


@record(kw_only=True)
class ParamsRef:
    """The parameters of a network."""

    name: str
    """Their name."""

    group: Literal["networking.gke.io"] = "networking.gke.io"
    """Group of their kind."""

    kind: Literal["GKENetworkParamSet"] = "GKENetworkParamSet"
    """Their kind."""


@record(kw_only=True)
class GkeNetworkSpec:
    """A network."""

    parameters_ref: ParamsRef
    """What it is in the cloud."""

    type: Literal["Device"] = "Device"
    """A pod gets a whole interface of the node."""


@record(kw_only=True)
class GkeNetwork(KubeObject):
    """A network that pods ask for by annotation."""

    API = "networking.gke.io/v1"
    KIND = "Network"

    metadata: Metadata
    """Name."""

    spec: GkeNetworkSpec
    """The network."""
