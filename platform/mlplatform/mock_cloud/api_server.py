"""What an API server of Kubernetes refuses because of other objects, and a controller because of its own.

What one object alone says is held against the tables of kinds before this; here are kinds that nobody installed,
namespaces, immutable fields, webhooks that do not answer yet, quotas of scopes, and finalizers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mlplatform.cluster.charts.registry import chart, chart_names
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import CloudRefused
from mlplatform.providers.kubernetes.check import (
    PACKAGE,
    RELEASE,
    check_kubernetes_change,
    is_object,
    kind_of_token,
    object_key,
)
from mlplatform.providers.kubernetes.tables import kind_of
from mlplatform.providers.wire import plain_value

OWN_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
"""Namespaces of every cluster, https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"""

WEBHOOK_SECONDS = 30
"""Time from a release until its webhook answers: its pods start, make a certificate and hand it to the API server."""

_CRITICAL = ("system-cluster-critical", "system-node-critical")
_CRD = "CustomResourceDefinition"
_DEFINITION = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/"
_QUEUE = "https://kueue.sigs.k8s.io/docs/tasks/troubleshooting/troubleshooting_delete_clusterqueue/"
_VOLUMES = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection"
_QUOTA = "https://kubernetes.io/docs/concepts/policy/resource-quotas/#limit-priority-class-consumption-by-default"
_WEBHOOK = "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy"


def is_in_cluster(token: str) -> bool:
    """Whether a type is an object or a release in a cluster."""
    return token.startswith(f"{PACKAGE}:")


def refuse_object(held: Held, others: Iterable[Held], now: float, cloud: str) -> None:
    """Raises CloudRefused if a new object or release cannot be made.

    Args:
        held: the object.
        others: everything that is there.
        now: second of the clock at which the run began.
        cloud: the cloud of the cluster.
    """
    present = [other for other in others if is_in_cluster(other.token)]
    _refuse_namespace(held, present)
    _refuse_scope(held, present, cloud)
    if held.token == RELEASE:
        return
    api, kind = kind_of_token(held.token)
    found = kind_of(api, kind)
    if found is None or found.own or found.brought_by == cloud:
        return
    makers = [other for other in present if _brings(other, api, kind)]
    if not makers:
        raise CloudRefused(
            "NoMatch",
            f'no matches for kind "{kind}" in version "{api}"',
            f"nothing has installed the kind yet: make the object after {_chart_of(api, kind)}",
            source=_DEFINITION,
        )
    if not any(maker.ready_at + WEBHOOK_SECONDS <= _begin(held, now) for maker in makers):
        # the real provider tries again until the object's own time is over
        held.ready_at = max(maker.ready_at for maker in makers) + WEBHOOK_SECONDS


def refuse_object_change(held: Held, inputs: Mapping[str, object]) -> None:
    """Raises CloudRefused if a change is one that the API server does not make."""
    if not is_object(held.token):
        return
    old, new = (cast("Mapping[str, object]", plain_value(dict(each))) for each in (held.inputs, inputs))
    for refusal in check_kubernetes_change(held.token, old, new):
        raise CloudRefused(
            "Invalid",
            f"{held.id}: {refusal.path}: field is immutable",
            f"{refusal.expected}; {refusal.fix}",
            source="https://kubernetes.io/docs/reference/using-api/api-concepts/",
        )


def refuse_object_deletion(held: Held, others: Iterable[Held]) -> None:
    """Raises CloudRefused if an object cannot go: a finalizer holds it, or objects of its kinds are still there."""
    present = [other for other in others if other is not held and is_in_cluster(other.token)]
    if held.token == RELEASE:
        for other in present:
            if is_object(other.token) and _brings(held, *kind_of_token(other.token)):
                raise CloudRefused(
                    "Timeout",
                    f"uninstalling {held.id}: {other.id} ({other.token}) has a finalizer, and its controller is gone",
                    f"{other.name} is of a kind that this release brings: it must go first, so make it depend on it",
                    source=_DEFINITION,
                )
        return
    _, kind = kind_of_token(held.token)
    if kind == "ResourceFlavor":
        own = object_key(held.token, held.inputs)
        for other in present:
            if other.token.endswith(":ClusterQueue") and own and own[-1] in set(_flavors(other.inputs)):
                raise CloudRefused(
                    "Timeout",
                    f"{held.id}: finalizer kueue.x-k8s.io/resource-in-use: the ClusterQueue {other.id} still uses it",
                    f"{other.name} must go or name other flavors first: make it depend on this one",
                    source=_QUEUE,
                )
    if kind == "PersistentVolume":
        key = object_key(held.token, held.inputs)
        for other in present:
            # a claim that was made again may have the same name and another volume
            bound = _below(other.inputs.get("spec"), "volumeName") if _is(other, "PersistentVolumeClaim") else None
            if key and bound == key[-1]:
                raise CloudRefused(
                    "Timeout",
                    f"{held.id}: finalizer kubernetes.io/pv-protection: the claim {other.id} is bound to it",
                    f"{other.name} must go first: make it depend on this one",
                    source=_VOLUMES,
                )


def _begin(held: Held, now: float) -> float:
    return max(now, held.ready_at)


def _refuse_namespace(held: Held, present: Iterable[Held]) -> None:
    key = object_key(held.token, held.inputs)
    namespace = key[-2] if key else ""
    if not namespace or namespace in OWN_NAMESPACES:
        return
    names = {key[-1] for other in present if _is(other, "Namespace") and (key := object_key(other.token, other.inputs))}
    if namespace not in names:
        raise CloudRefused(
            "NotFound",
            f'namespaces "{namespace}" not found',
            "make it after its namespace",
            source="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
        )


def _refuse_scope(held: Held, present: Iterable[Held], cloud: str) -> None:
    """GKE admits critical pods outside of kube-system only in namespaces with a quota for them."""
    priority = _priority(held)
    namespace = _namespace_of(held)
    if cloud != "gcp" or priority not in _CRITICAL or namespace == "kube-system":
        return
    quotas = (other for other in present if _is(other, "ResourceQuota"))
    if not any((key := object_key(other.token, other.inputs)) and key[-2] == namespace for other in quotas):
        raise CloudRefused(
            "Forbidden",
            f"pods of {held.id} are forbidden: insufficient quota to match these scopes: "
            f"[{{PriorityClass In [{' '.join(_CRITICAL)}]}}]",
            "give the namespace a ResourceQuota with a scopeSelector of these priority classes",
            source=_QUOTA,
        )


def _priority(held: Held) -> object:
    """The priority of the pods of a release or an object, as far as it is a critical one."""
    if held.token != RELEASE:
        template = _below(held.inputs.get("spec"), "template", "spec")
        return _below(template, "priorityClassName")
    if own := _below(held.inputs.get("values"), "priorityClassName"):
        return own
    name = str(held.inputs.get("chart") or "").rpartition("/")[2]
    return _CRITICAL[0] if name in chart_names() and chart(name).critical else None


def _namespace_of(held: Held) -> str:
    if held.token == RELEASE:
        return str(held.inputs.get("namespace") or "")
    return str(_below(held.inputs.get("metadata"), "namespace") or "")


def _below(value: object, *path: str) -> object:
    for name in path:
        value = cast("Mapping[str, object]", value).get(name) if isinstance(value, Mapping) else None
    return value


def _brings(maker: Held, api: str, kind: str) -> bool:
    """Whether a release or a definition installs a kind."""
    if maker.token == RELEASE:
        name = str(maker.inputs.get("chart") or "").rpartition("/")[2]
        return name in chart_names() and f"{api}/{kind}" in chart(name).kinds
    if _is(maker, _CRD):
        spec = cast("Mapping[str, object]", plain_value(maker.inputs.get("spec") or {}))
        names = cast("Mapping[str, object]", spec.get("names") or {})
        return (spec.get("group"), names.get("kind")) == (api.rpartition("/")[0], kind)
    return False


def _chart_of(api: str, kind: str) -> str:
    charts = [name for name in chart_names() if f"{api}/{kind}" in chart(name).kinds]
    return f"the release of {charts[0]}" if charts else "its CustomResourceDefinition"


def _is(held: Held, kind: str) -> bool:
    return is_object(held.token) and kind_of_token(held.token)[1] == kind


def _flavors(inputs: Mapping[str, object]) -> Iterator[str]:
    spec = cast("Mapping[str, object]", plain_value(inputs.get("spec") or {}))
    for group in cast("list[Mapping[str, object]]", spec.get("resourceGroups") or []):
        for flavor in cast("list[Mapping[str, object]]", group.get("flavors") or []):
            yield str(flavor.get("name"))
