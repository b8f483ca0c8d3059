"""The namespaces of add-ons, with what may reach their pods."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata
from mlplatform.cluster.objects.network import (
    EgressRule,
    IngressRule,
    NetworkPeer,
    NetworkPolicy,
    NetworkPolicySpec,
    NetworkPort,
)
from mlplatform.cluster.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, Subject
from mlplatform.cluster.parts.base import NAMESPACE_LABEL, namespace
from mlplatform.cluster.people_facts import DescribesTeam, NamesPeople
from mlplatform.cluster.tracking.server import FRONT_PORT
from mlplatform.spec.tracking import TRACKING_NAMESPACE


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
        stage="devices",
        body=NetworkPolicy(
            metadata=Metadata(name="addon", namespace=name),
            spec=NetworkPolicySpec(pod_selector=LabelSelector(), policy_types=("Ingress",), ingress=tuple(rules)),
        ),
    )


def port_forward(layer: LayerContext, name: str, *, team: str | None = None) -> Iterator[LayerItem]:
    """The right to forward a port to the pods of an add-on. What people may do there, the add-on asks them itself.

    Args:
        layer: the layer.
        name: of its namespace.
        team: whose members may. Omitted: everybody who runs jobs somewhere.
    """
    people = _people(layer, team)
    if not people:
        return
    metadata = Metadata(name="port-forward", namespace=name)
    rules = (
        PolicyRule(api_groups=("",), resources=("services", "pods"), verbs=("get", "list", "watch")),
        PolicyRule(api_groups=("",), resources=("pods/portforward",), verbs=("get", "create")),
    )
    yield LayerItem(role=f"role-{name}-port-forward", stage="access", body=Role(metadata=metadata, rules=rules))
    binding = RoleBinding(metadata=metadata, role_ref=RoleRef(name="port-forward", kind="Role"), subjects=people)
    yield LayerItem(role=f"binding-{name}-port-forward", stage="access", body=binding)


def way_to_tracking() -> EgressRule:
    """The way of a pod to the server, where a policy holds what it reaches."""
    server = NetworkPeer(namespace_selector=LabelSelector(match_labels={NAMESPACE_LABEL: TRACKING_NAMESPACE}))
    return EgressRule(to=(server,), ports=(NetworkPort(port=FRONT_PORT),))


def _people(layer: LayerContext, only: str | None) -> tuple[Subject, ...]:
    backend = discovery.backend(layer.spec.targets[0].cloud)
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    named = [team for team in teams if only in {None, team.name}]
    members = [subject for team in named for subject in backend.load(DescribesTeam)(layer.spec, team).subjects]
    own = () if only else backend.load(NamesPeople)(layer.spec)
    return tuple(dict.fromkeys((*own, *members)))
