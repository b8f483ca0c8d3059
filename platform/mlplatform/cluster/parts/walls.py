"""The namespaces of add-ons, with what may reach their pods."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.network import (
    IngressRule,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.parts.base import namespace


def walled(name: str, *ports: int) -> Iterator[LayerItem]:
    """A namespace at the strictest level of pod security, whose pods only each other reach.

    Probes and `kubectl port-forward` come from the pod's own node, which no policy holds.

    Args:
        name: of the namespace.
        ports: those that everybody reaches: the API server calls webhooks from addresses that differ by cloud.
    """
    yield namespace(name, "restricted")
    rules = [IngressRule(from_=(NetworkPeer(pod_selector=LabelSelector()),))]
    if ports:
        rules.append(IngressRule(ports=tuple(NetworkPort(port=port) for port in ports)))
    yield LayerItem(
        role=f"wall-{name}",
        stage="base",
        body=NetworkPolicy(
            metadata=Metadata(name="addon", namespace=name),
            spec=NetworkPolicySpec(pod_selector=LabelSelector(), policy_types=("Ingress",), ingress=tuple(rules)),
        ),
    )
