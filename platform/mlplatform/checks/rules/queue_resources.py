"""Every resource that jobs ask for has a quota, or is not counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import RELEASE, chart_of, containers
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_QUEUE = "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue"
_JOBS = (
    "kubernetes:argoproj.io/v1alpha1:WorkflowTemplate",
    "kubernetes:batch/v1:Job",
    "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet",
    "kubernetes:ray.io/v1:RayCluster",
    "kubernetes:ray.io/v1:RayJob",
    "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime",
    "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob",
    "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
)


def _covered(index: PlanIndex) -> frozenset[str]:
    queues = index.of_type(_QUEUE)
    return frozenset(text for queue in queues for text in queue.texts("spec.resourceGroups[].coveredResources[]"))


def _uncounted(index: PlanIndex) -> tuple[str, ...]:
    return tuple(prefix for release in index.of_type(RELEASE) for prefix in _prefixes(release))


def _prefixes(release: Resource) -> Iterator[str]:
    if chart_of(release) != "kueue":
        return
    text = release.text("values.managerConfig.controllerManagerConfigYaml")
    try:
        found = cast("Mapping[str, Mapping[str, list[str]]]", json.loads(text))
        yield from found.get("resources", {}).get("excludeResourcePrefixes", [])
    except (ValueError, AttributeError):
        return


def _asked(job: Resource) -> Iterator[tuple[str, str]]:
    for path, container in containers(job.get("spec"), "spec"):
        resources = cast("Mapping[str, Mapping[str, object]]", container.get("resources") or {})
        for field in ("requests", "limits"):
            for name in resources.get(field) or {}:
                yield f"{path}.resources.{field}", name


def _counted(job: Resource) -> list[CheckFault]:
    covered, uncounted = job.index.cached(_covered), job.index.cached(_uncounted)
    return [
        CheckFault(f"It asks for {shown(name)}, for which no queue has a quota.", path)
        for path, name in dict.fromkeys(_asked(job))
        if name not in covered and not name.startswith(uncounted)
    ]


RULE = CheckRule(
    id="queue-resources",
    level="high",
    topic="cluster",
    title="Every resource that jobs ask for has a quota or is not counted",
    why="A job that asks for one more resource than its queue covers is inadmissible, and waits for ever.",
    fix="Cover the resource in the queue's group, or exclude its prefix in Kueue's configuration.",
    entries=(
        Entry(
            _JOBS,
            _counted,
            link="https://github.com/kubernetes-sigs/kueue/issues/4848",
            when=lambda job: bool(job.index.of_type(_QUEUE)),
            siblings=True,
        ),
    ),
)
