"""Network policies: https://kubernetes.io/docs/concepts/services-networking/network-policies/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.fast.record import record


@record(kw_only=True)
class NetworkPort:
    """A port."""

    port: int
    """Its number."""

    protocol: Literal["TCP", "UDP"] = "TCP"
    """Its protocol."""


@record(kw_only=True)
class IpBlock:
    """Addresses outside of the cluster."""

    cidr: str
    """The range."""


@record(kw_only=True)
class NetworkPeer:
    """The other side: pods of the same namespace, of other namespaces, or addresses."""

    ip_block: IpBlock | None = None
    """Addresses. Omitted: pods."""

    namespace_selector: LabelSelector | None = None
    """Their namespaces. Omitted: the policy's own."""

    pod_selector: LabelSelector | None = None
    """The pods. Omitted: all of these namespaces."""


@record(kw_only=True)
class IngressRule:
    """Connections to the pods that are allowed."""

    from_: tuple[NetworkPeer, ...] | None = None
    """Where they come from. Omitted: anywhere."""

    ports: tuple[NetworkPort, ...] | None = None
    """Ports. Omitted: all."""


@record(kw_only=True)
class EgressRule:
    """Connections of the pods that are allowed."""

    to: tuple[NetworkPeer, ...] | None = None
    """Where they lead. Omitted: anywhere."""

    ports: tuple[NetworkPort, ...] | None = None
    """Ports. Omitted: all."""


@record(kw_only=True)
class NetworkPolicySpec:
    """The rules of a policy."""

    pod_selector: LabelSelector
    """The pods of its namespace that it is about."""

    policy_types: tuple[Literal["Ingress", "Egress"], ...]
    """Directions in which everything is refused that no rule allows."""

    ingress: tuple[IngressRule, ...] = ()
    """What may come in."""

    egress: tuple[EgressRule, ...] = ()
    """What may go out."""


@record(kw_only=True)
class NetworkPolicy(KubeObject):
    """Connections of the pods of a namespace. Pods on the network of their node, and a fabric's, are not held by it."""

    API = "networking.k8s.io/v1"
    KIND = "NetworkPolicy"

    metadata: Metadata
    """Name and namespace."""

    spec: NetworkPolicySpec
    """The rules."""
