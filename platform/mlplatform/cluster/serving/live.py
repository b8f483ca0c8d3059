"""What answers an endpoint that the cluster runs, as its API says it. Read only.

Argo Rollouts keeps the former replicas until the new ones were measured. Where it took a model back, the rollout is
aborted, and the replicas that answer are those of `status.stableRS`.
https://argo-rollouts.readthedocs.io/en/stable/features/specification/
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.components.labels import ENDPOINT_LABEL, VARIANT_LABEL
from mlplatform.components.live_traffic import Ask, LiveEndpoint, fields_of, items_of, text_of
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec

_KINDS = "deployments,replicasets,leaderworkersets.leaderworkerset.x-k8s.io,rollouts.argoproj.io"
_HASH = "rollouts-pod-template-hash"


def read_cluster(endpoint: EndpointSpec, ask: Ask, kinds: str = _KINDS) -> LiveEndpoint:
    """Ask the cluster of kubectl's present context about one endpoint.

    Args:
        endpoint: the endpoint.
        ask: runs the command.
        kinds: what to list. Omitted: all that can hold replicas.

    Raises:
        NotAnswered: the API does not answer.
    """
    where = ("--namespace", SERVING_NAMESPACE, "--output", "json")
    found = items_of(fields_of(ask(("kubectl", "get", kinds, *where))).get("items"))
    variants = [each.name for each in endpoint.all_variants()] + ([endpoint.shadow.name] if endpoint.shadow else [])
    serving: dict[str, tuple[object, ...]] = {}
    tried: dict[str, tuple[object, ...]] = {}
    moving = False
    for role in variants:
        own = [each for each in found if _is_of(each, endpoint.name, role)]
        rollouts = [each for each in own if each.get("kind") == "Rollout"]
        for rollout in rollouts:
            status = fields_of(rollout.get("status"))
            stable, current = text_of(status, "stableRS"), text_of(status, "currentPodHash")
            serving[role] = tuple(each for each in own if stable and _hash(each) == stable)
            settled = stable == current
            tried[role] = () if settled or not status.get("abort") else (_template(rollout),)
            moving = moving or (not settled and not status.get("abort"))
        if not rollouts:
            plain = [each for each in own if each.get("kind") in ("Deployment", "LeaderWorkerSet")]
            serving[role], tried[role] = tuple(_template(each) for each in plain), ()
            moving = moving or any(_is_updating(each) for each in plain)
    return LiveEndpoint(state="moving" if moving else "steady", serving=serving, tried=tried)


def _is_of(item: Mapping[str, object], endpoint: str, variant: str) -> bool:
    labels = fields_of(fields_of(fields_of(_template(item)).get("metadata")).get("labels"))
    return labels.get(ENDPOINT_LABEL) == endpoint and labels.get(VARIANT_LABEL) == variant


def _template(item: Mapping[str, object]) -> object:
    """The pods of an item; of a group, those of its workers."""
    spec = fields_of(item.get("spec"))
    return spec.get("template") or fields_of(spec.get("leaderWorkerTemplate")).get("workerTemplate")


def _hash(item: Mapping[str, object]) -> str:
    return text_of(item, "metadata", "labels", _HASH) if item.get("kind") == "ReplicaSet" else ""


def _is_updating(item: Mapping[str, object]) -> bool:
    """Whether replicas of a former template may still answer."""
    status, spec = fields_of(item.get("status")), fields_of(item.get("spec"))
    return bool(item.get("kind") == "Deployment" and status.get("updatedReplicas") != spec.get("replicas", 1))
