"""Kueue holds the jobs of exactly the namespaces that have a queue."""

from __future__ import annotations

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.queues import configuration, held_namespaces, queues_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_AT = "values.managerConfig.controllerManagerConfigYaml"


def _holds(release: Resource) -> list[CheckFault]:
    config = configuration(release)
    if config is None:
        return []
    held = held_namespaces(config)
    if held is None:
        return [
            CheckFault("It names no namespaces whose jobs it holds, so that it also holds up those of charts.", _AT)
        ]
    faults: list[CheckFault] = []
    others = {other.text("namespace") for other in release.index.of_type(RELEASE)} | {"kube-system"}
    faults += [
        CheckFault(f"It holds the jobs and pods of {shown(name)}, where a chart starts its own.", _AT)
        for name in sorted(held & others)
    ]
    queued = queues_of(release.index)
    faults += [
        CheckFault(f"{shown(name)} has a queue, and its jobs without one pass by every quota.", _AT)
        for name in sorted(queued.keys() - held)
        if config.get("manageJobsWithoutQueueName") is True
    ]
    if queued and config.get("manageJobsWithoutQueueName") is not True:
        faults.append(CheckFault("Jobs that name no queue pass by every quota.", _AT))
    return faults


RULE = CheckRule(
    id="managed-namespaces",
    level="high",
    topic="cluster",
    title="Kueue holds the jobs of the namespaces with a queue, and no others",
    why="In a namespace that it does not hold, a job without a queue's name takes every GPU; in one of a chart, it "
    "suspends the chart's own jobs, and the release waits for them until it fails.",
    fix="Name the namespaces with a queue in managedJobsNamespaceSelector, and set manageJobsWithoutQueueName.",
    entries=(
        Entry(
            (RELEASE,),
            _holds,
            link="https://kueue.sigs.k8s.io/docs/concepts/workload/#managed-jobs",
            when=lambda release: chart_of(release) == "kueue",
            siblings=True,
        ),
    ),
)
