"""Steps of a pipeline fit the pool that they choose, and find the queue, the account and the claims that they name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.nodes_and_pods import Nodes, containers, pools
from mlplatform.checks.placement import device_faults, flavor_tolerations, own_tolerations
from mlplatform.checks.queues import ACCOUNT, LOCAL_QUEUE
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import POOL_LABEL

_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
_QUEUE_LABEL = "kueue.x-k8s.io/queue-name"


def _fits(pipeline: Resource) -> Iterator[CheckFault]:
    by_name = {nodes.name: nodes for nodes in pools(pipeline.index)}
    for path, template in pipeline.each("spec.templates[]"):
        step = pipeline.inside("spec", _pod(template))
        if not isinstance(step.get("container"), Mapping):
            continue
        yield from _named(pipeline, step, path)
        name = _map(step.get("nodeSelector")).get(POOL_LABEL)
        if name is None:
            yield CheckFault("Its pods choose no pool: with another accelerator all of their counts are wrong.", path)
        elif str(name) not in by_name:
            yield CheckFault(f"Its pods choose the pool {shown(str(name))}, which there is not.", path)
        else:
            yield from _on_pool(step, by_name[str(name)], path)


def _pod(template: object) -> Mapping[str, object]:
    """A template with one container; that of the pods of a set, where it makes one."""
    given = _map(template)
    try:
        made = _map(json.loads(str(_map(given.get("resource")).get("manifest"))))
        (job,) = cast("list[object]", _map(made["spec"])["replicatedJobs"])
        pod = _map(_map(_map(_map(_map(job)["template"])["spec"])["template"])["spec"])
        (container,) = cast("list[object]", pod["containers"])
    except (KeyError, TypeError, ValueError):
        return given
    return {**pod, "container": container, "metadata": _map(made.get("metadata"))}


def _on_pool(step: Resource, nodes: Nodes, path: str) -> Iterator[CheckFault]:
    found = tuple(containers({"container": step.get("container")}, path))
    # Kueue finds no flavor for pods without devices, and adds nothing to them
    limits = [_map(_map(container.get("resources")).get("limits")) for _, container in found]
    given = flavor_tolerations(step.index, nodes) if any(limits) else []
    for taint in nodes.untolerated([*own_tolerations(step, "tolerations[]"), *given]):
        yield CheckFault(f"Its pods do not tolerate {shown(taint)} of the pool {shown(nodes.name)}.", path)
    yield from device_faults(step.index, found, nodes)


def _named(pipeline: Resource, step: Resource, path: str) -> Iterator[CheckFault]:
    """What a step names in its namespace and what must be there: a pod with an unknown name waits, or is refused."""
    namespace = pipeline.text("metadata.namespace")
    queue = _map(step.get("metadata.labels")).get(_QUEUE_LABEL)
    account = step.text("serviceAccountName") or pipeline.text("spec.serviceAccountName")
    claims = step.texts("volumes[].persistentVolumeClaim.claimName")
    named = [("queue", LOCAL_QUEUE, str(queue or "default")), ("account", ACCOUNT, account)]
    named += [("claim", _CLAIM, claim) for claim in claims]
    for what, token, name in named:
        there = {
            (each.text("metadata.namespace"), each.text("metadata.name")) for each in pipeline.index.of_type(token)
        }
        if name and (namespace, name) not in there:
            yield CheckFault(f"It names the {what} {shown(name)}, which {shown(namespace)} does not have.", path)


def _map(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


RULE = CheckRule(
    id="step-placement",
    level="high",
    topic="cluster",
    title="Steps of a pipeline fit the pool that they choose, and what they name is there",
    why="A pod on a pool that lacks what it asks for, or in a queue that is not there, waits until the run is stopped; "
    "one without its account or its claim never starts.",
    fix="Choose a pool by its label, tolerate its taints here or in its flavor, ask for at most what one node has, and "
    "name a queue, an account and claims of the template's namespace.",
    entries=(
        Entry(
            ("kubernetes:argoproj.io/v1alpha1:WorkflowTemplate",),
            _fits,
            link="https://argo-workflows.readthedocs.io/en/latest/fields/#template",
            when=lambda pipeline: bool(pools(pipeline.index)),
            siblings=True,
        ),
    ),
)
