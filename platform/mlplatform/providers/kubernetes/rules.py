"""Rules beyond fields, restated from the CEL rules of the published definitions; `data` has their versions.

The place and the source of each stand beside it. Rules about changes are the tables' `immutable`, and here where they
hang on another field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from mlplatform.providers.refusal import Refusal, show_value

Body = Mapping[str, object]
Rule = Callable[[Body], Iterator[Refusal]]
ChangeRule = Callable[[Body, Body], Iterator[Refusal]]


def check_rules(api: str, kind: str, body: Body) -> Iterator[Refusal]:
    """Refusals of an object by the rules of its kind."""
    for rule in _RULES.get((api, kind), ()):
        yield from rule(body)


def check_change(api: str, kind: str, old: Body, new: Body) -> Iterator[Refusal]:
    """Refusals of a change by the rules of its kind."""
    for rule in _CHANGES.get((api, kind), ()):
        yield from rule(old, new)


def _get(value: object, *path: str) -> object:
    for name in path:
        value = cast("Body", value).get(name) if isinstance(value, Mapping) else None
    return value


def _each(value: object, *path: str) -> Iterator[tuple[int, Body]]:
    found = _get(value, *path)
    for index, item in enumerate(cast("Iterable[object]", found) if isinstance(found, list) else ()):
        if isinstance(item, Mapping):
            yield index, cast("Body", item)


def _count(value: object, *path: str) -> int:
    found = _get(value, *path)
    return len(cast("list[object]", found)) if isinstance(found, list) else 0


def _borrowing(body: Body) -> Iterator[Refusal]:
    """ClusterQueue.spec: borrowingLimit must be nil when cohort is empty."""
    if _get(body, "spec", "cohortName"):
        return
    for at, group in _each(body, "spec", "resourceGroups"):
        for number, flavor in _each(group, "flavors"):
            for index, resource in _each(flavor, "resources"):
                if resource.get("borrowingLimit") is not None:
                    path = f"spec.resourceGroups[{at}].flavors[{number}].resources[{index}].borrowingLimit"
                    yield Refusal(
                        path,
                        show_value(resource["borrowingLimit"]),
                        "none without a cohort: there is nobody to borrow from",
                        "name a cohort in spec.cohortName, or remove it",
                    )


def _covered(body: Body) -> Iterator[Refusal]:
    """spec.resourceGroups[]: flavors must have the same number of resources as the coveredResources."""
    for at, group in _each(body, "spec", "resourceGroups"):
        covered = _count(group, "coveredResources")
        for number, flavor in _each(group, "flavors"):
            if (found := _count(flavor, "resources")) != covered:
                yield Refusal(
                    f"spec.resourceGroups[{at}].flavors[{number}].resources",
                    f"{found} resources",
                    f"{covered}, one for each of coveredResources",
                    "give every flavor a quota for each covered resource, 0 where it has none",
                )


def _covered_once(body: Body) -> Iterator[Refusal]:
    """By Kueue's webhook, pkg/webhooks/clusterqueue_webhook.go: a resource or flavor is in one group only."""
    seen: dict[tuple[str, str], int] = {}
    for at, group in _each(body, "spec", "resourceGroups"):
        names = [("resource", str(name)) for name in cast("list[object]", group.get("coveredResources") or ())]
        names += [("flavor", str(flavor.get("name"))) for _, flavor in _each(group, "flavors")]
        for what, name in names:
            if seen.setdefault((what, name), at) != at:
                yield Refusal(
                    f"spec.resourceGroups[{at}]",
                    f"the {what} {name!r} again",
                    f"each {what} in one group: group {seen[what, name]} has it",
                    "merge the groups",
                )


def _fungibility(body: Body) -> Iterator[Refusal]:
    """ClusterQueue.spec.flavorFungibility: preference only when both are TryNextFlavor."""
    found = _get(body, "spec", "flavorFungibility")
    if _get(found, "preference") is None:
        return
    if (_get(found, "whenCanBorrow"), _get(found, "whenCanPreempt")) != ("TryNextFlavor", "TryNextFlavor"):
        yield Refusal(
            "spec.flavorFungibility.preference",
            show_value(_get(found, "preference")),
            "whenCanBorrow and whenCanPreempt TryNextFlavor with a preference",
            "set both to TryNextFlavor, or remove it",
        )


def _preemption(body: Body) -> Iterator[Refusal]:
    """ClusterQueue.spec.preemption: not reclaimWithinCohort=Never with borrowWithinCohort other than Never."""
    found = _get(body, "spec", "preemption")
    policy = _get(found, "borrowWithinCohort", "policy")
    if _get(found, "reclaimWithinCohort") in (None, "Never") and policy not in (None, "Never"):
        yield Refusal(
            "spec.preemption.borrowWithinCohort.policy",
            show_value(policy),
            "Never while reclaimWithinCohort is Never",
            "set reclaimWithinCohort to LowerPriority or Any",
        )


def _topology_labels(body: Body) -> Iterator[Refusal]:
    """ResourceFlavor.spec: at least one nodeLabel is required when topology is set."""
    if _get(body, "spec", "topologyName") and not _get(body, "spec", "nodeLabels"):
        yield Refusal("spec.nodeLabels", "none", "at least one with topologyName", "set the pool's label")


def _tolerations(body: Body) -> Iterator[Refusal]:
    """ResourceFlavor.spec.tolerations: a key but for Exists, no value with Exists, seconds with NoExecute only."""
    for index, each in _each(body, "spec", "tolerations"):
        path = f"spec.tolerations[{index}]"
        if not each.get("key") and each.get("operator") != "Exists":
            yield Refusal(f"{path}.operator", show_value(each.get("operator")), "Exists without a key", "set Exists")
        if each.get("operator") == "Exists" and each.get("value") is not None:
            yield Refusal(f"{path}.value", show_value(each["value"]), "none with Exists", "remove it, or set Equal")
        if each.get("tolerationSeconds") is not None and each.get("effect") != "NoExecute":
            yield Refusal(f"{path}.effect", show_value(each.get("effect")), "NoExecute with seconds", "set NoExecute")


def _taints(body: Body) -> Iterator[Refusal]:
    """ResourceFlavor.spec.nodeTaints: the effects that Kubernetes has."""
    for index, each in _each(body, "spec", "nodeTaints"):
        if each.get("effect") not in (effects := ("NoSchedule", "PreferNoSchedule", "NoExecute")):
            path = f"spec.nodeTaints[{index}].effect"
            yield Refusal(path, show_value(each.get("effect")), f"one of {', '.join(effects)}", "correct it")


def _levels(body: Body) -> Iterator[Refusal]:
    """Topology.spec.levels: unique, and kubernetes.io/hostname only at the end."""
    labels = [str(each.get("nodeLabel")) for _, each in _each(body, "spec", "levels")]
    for index, label in enumerate(labels):
        path = f"spec.levels[{index}].nodeLabel"
        if label in labels[:index]:
            yield Refusal(path, show_value(label), "each level once", "remove it")
        if label == "kubernetes.io/hostname" and index < len(labels) - 1:
            yield Refusal(path, show_value(label), "the host's name at the lowest level only", "move it to the end")


def _start_order(spec: object, path: str) -> Iterator[Refusal]:
    """JobSet.spec: StartupPolicy and DependsOn APIs are mutually exclusive."""
    if _get(spec, "startupPolicy", "startupPolicyOrder") != "InOrder":
        return
    for index, job in _each(spec, "replicatedJobs"):
        if job.get("dependsOn") is not None:
            yield Refusal(
                f"{path}.replicatedJobs[{index}].dependsOn",
                "a dependency",
                "none while startupPolicy is InOrder",
                "keep one of the two",
            )


def _jobset(body: Body) -> Iterator[Refusal]:
    yield from _start_order(body.get("spec"), "spec")


def _runtime(body: Body) -> Iterator[Refusal]:
    """(Cluster)TrainingRuntime.spec.mlPolicy: one policy at most; and the rule of the JobSet in it."""
    yield from _start_order(_get(body, "spec", "template", "spec"), "spec.template.spec")
    policy = _get(body, "spec", "mlPolicy")
    kinds = [kind for kind in ("torch", "mpi", "jax", "xgboost", "flux") if _get(policy, kind) is not None]
    if len(kinds) > 1:
        yield Refusal("spec.mlPolicy", ", ".join(kinds), "one policy", "keep one")


def _train_job(body: Body) -> Iterator[Refusal]:
    """TrainJob: the name is a DNS label that begins with a letter; addresses have a scheme."""
    name = _get(body, "metadata", "name")
    if isinstance(name, str) and (not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name) or len(name) > 63):
        yield Refusal(
            "metadata.name",
            show_value(name),
            "at most 63 lower-case letters, digits and inner hyphens, with a letter first",
            "rename it",
        )
    for part in ("dataset", "model"):
        uri = _get(body, "spec", "initializer", part, "storageUri")
        if isinstance(uri, str) and uri and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://.+$", uri):
            yield Refusal(
                f"spec.initializer.{part}.storageUri", show_value(uri), "an address with a scheme", "write it"
            )


def _managers(*names: str) -> Rule:
    """spec.managedBy of jobs: one of two controllers."""

    def rule(body: Body) -> Iterator[Refusal]:
        value = _get(body, "spec", "managedBy")
        if value is not None and value not in names:
            yield Refusal("spec.managedBy", show_value(value), f"one of {', '.join(names)}", "correct it")

    return rule


def _deletion(body: Body) -> Iterator[Refusal]:
    """RayJob.spec.deletionStrategy: either both policies, or rules."""
    strategy = _get(body, "spec", "deletionStrategy")
    if strategy is None:
        return
    legacy = [name for name in ("onSuccess", "onFailure") if _get(strategy, name) is not None]
    has_rules = _get(strategy, "deletionRules") is not None
    if (legacy and has_rules) or (not has_rules and len(legacy) < 2):
        yield Refusal(
            "spec.deletionStrategy",
            ", ".join([*legacy, *(["deletionRules"] if has_rules else [])]) or "nothing",
            "both onSuccess and onFailure, or deletionRules",
            "keep one of the two ways",
        )
    for index, each in _each(strategy, "deletionRules"):
        told = [name for name in ("jobStatus", "jobDeploymentStatus") if _get(each, "condition", name) is not None]
        if len(told) != 1:
            yield Refusal(
                f"spec.deletionStrategy.deletionRules[{index}].condition",
                ", ".join(told) or "nothing",
                "one of jobStatus and jobDeploymentStatus",
                "keep one",
            )


def _flavor_change(old: Body, new: Body) -> Iterator[Refusal]:
    """ResourceFlavor.spec: with a topology, labels, tolerations and the topology itself are immutable."""
    if not _get(old, "spec", "topologyName"):
        return
    for name in ("nodeLabels", "tolerations", "topologyName"):
        before, after = _get(old, "spec", name), _get(new, "spec", name)
        if before != after:
            yield Refusal(f"spec.{name}", show_value(after), f"{show_value(before)}: it has a topology", "make another")


_MOST_HELD = 1024 * 1024
"""Bytes of all values of a ConfigMap: MaxSecretSize, pkg/apis/core/validation/validation.go of Kubernetes."""

_MOST_STORED = 1_572_864
"""Bytes of a request to etcd, its default: https://etcd.io/docs/v3.5/dev-guide/limit/"""


def _held(body: Body) -> Iterator[Refusal]:
    """ConfigMap: may not have more than 1048576 bytes."""
    data = _get(body, "data")
    texts = cast("Body", data).values() if isinstance(data, Mapping) else ()
    if (size := sum(len(text.encode()) for text in texts if isinstance(text, str))) > _MOST_HELD:
        yield Refusal("data", f"{size} bytes", f"at most {_MOST_HELD}", "hold less in it, or make several of it")


def _stored(body: Body) -> Iterator[Refusal]:
    """What grows with a spec: an API server cannot keep an object that is larger than a request to etcd."""
    if (size := len(json.dumps(body, ensure_ascii=False, default=str).encode())) > _MOST_STORED:
        yield Refusal("spec", f"{size} bytes", f"at most {_MOST_STORED}, what etcd takes", "use fewer or shorter parts")


_KUEUE, _TRAINER = "kueue.x-k8s.io/v1beta2", "trainer.kubeflow.org/v1alpha1"
_RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("v1", "ConfigMap"): (_held,),
    ("argoproj.io/v1alpha1", "WorkflowTemplate"): (_stored,),
    (_KUEUE, "ClusterQueue"): (_borrowing, _covered, _covered_once, _fungibility, _preemption),
    (_KUEUE, "Cohort"): (_covered,),
    (_KUEUE, "ResourceFlavor"): (_topology_labels, _taints, _tolerations),
    (_KUEUE, "Topology"): (_levels,),
    ("jobset.x-k8s.io/v1alpha2", "JobSet"): (_jobset,),
    (_TRAINER, "ClusterTrainingRuntime"): (_runtime,),
    (_TRAINER, "TrainingRuntime"): (_runtime,),
    (_TRAINER, "TrainJob"): (
        _train_job,
        _managers("trainer.kubeflow.org/trainjob-controller", "kueue.x-k8s.io/multikueue"),
    ),
    ("ray.io/v1", "RayCluster"): (_managers("ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"),),
    ("ray.io/v1", "RayJob"): (_managers("ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"), _deletion),
    ("ray.io/v1", "RayService"): (_managers("ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"),),
}
_CHANGES: Mapping[tuple[str, str], tuple[ChangeRule, ...]] = {(_KUEUE, "ResourceFlavor"): (_flavor_change,)}
