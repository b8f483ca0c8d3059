"""What the parts of an endpoint in the cluster share."""

from __future__ import annotations

from mlplatform.cluster.items import LayerItem, Stage
from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.network import EgressRule, IpBlock, NetworkPeer, NetworkPort
from mlplatform.cluster.objects.workloads import ReplicaBudget, ReplicaBudgetSpec
from mlplatform.cluster.serving_facts import ModelAccess
from mlplatform.components.labels import ENDPOINT_LABEL
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec

NO_WAIT = {"pulumi.com/skipAwait": "true"}
"""A service is there before its pods."""

_DNS, _HTTPS = 53, 443


def endpoint_item(
    stage: Stage,
    kind: str,
    name: str,
    body: KubeObject,
    minutes: int = 10,
    ignored: tuple[str, ...] = (),
    *,
    kept: bool = False,
) -> LayerItem:
    """One object of an endpoint.

    Args:
        stage: when it is made.
        kind: what it is, in its role.
        name: of the endpoint or variant.
        body: the object.
        minutes: in which it must be there.
        ignored: properties that somebody else changes.
        kept: whether the cluster keeps it when the stack has it no more.
    """
    return LayerItem(
        role=f"endpoint-{kind}-{name}", stage=stage, body=body, minutes=minutes, ignored=ignored, kept=kept
    )


def endpoint_metadata(endpoint: EndpointSpec, name: str, annotations: dict[str, str] | None = None) -> Metadata:
    """Name and place of an object of an endpoint."""
    labels = {ENDPOINT_LABEL: endpoint.name}
    return Metadata(name=name, namespace=SERVING_NAMESPACE, labels=labels, annotations=annotations)


def replica_budget(endpoint: EndpointSpec, name: str, selector: dict[str, str]) -> ReplicaBudget:
    """Drains of nodes take one pod at a time."""
    selected = ReplicaBudgetSpec(max_unavailable=1, selector=LabelSelector(match_labels=selector))
    return ReplicaBudget(metadata=endpoint_metadata(endpoint, name), spec=selected)


def identity_egress(access: ModelAccess) -> tuple[EgressRule, ...]:
    """The way to the credentials of a pod's identity, besides HTTPS."""
    return tuple(
        EgressRule(to=(NetworkPeer(ip_block=IpBlock(cidr=f"{address}/32")),), ports=(NetworkPort(port=port),))
        for address, port in access.identity_servers
    )


def names_and_https() -> tuple[EgressRule, ...]:
    """Names, and HTTPS anywhere."""
    names = (NetworkPort(port=_DNS, protocol="UDP"), NetworkPort(port=_DNS))
    return (EgressRule(ports=(*names, NetworkPort(port=_HTTPS))),)
