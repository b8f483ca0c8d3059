"""Objects of a cluster that nobody named go with what contains them: a namespace, or the definition of their kind."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.cluster.charts.registry import chart, chart_names
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import mapping, text
from mlplatform.risk.consequence import STOPS
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.queues import cluster_goes, kind_in_cluster
from mlplatform.risk.rule import Hit, RiskRule


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if cluster_goes(evidence):
        return
    jobs = {
        text(mapping(step.inputs.get("metadata")).get("namespace"))
        for step in evidence.before.values()
        if kind_in_cluster(step) == "LocalQueue"
    }
    for change in evidence.of("delete", "replace"):
        step = change.before or change.step
        if found := _lost(step, jobs):
            level, what = found
            if step.retain_on_delete and change.kind == "delete":
                yield Hit("low", step.urn, f"It leaves the stack and stays in the cluster, with {what}.")
            elif step.protect:
                yield Hit(level, step.urn, f"It would be deleted with {what}. {STOPS}")
            else:
                yield Hit(level, step.urn, f"It is deleted with {what}.")


def _lost(step: Step, jobs: set[str]) -> tuple[Level, str] | None:
    """How bad it is that a resource goes, and what goes with it; None for everything that contains nothing."""
    name = text(mapping(step.inputs.get("metadata")).get("name"))
    match kind_in_cluster(step):
        case "Namespace" if name in jobs:
            return "critical", f"every job, volume and secret in {shown(name)}"
        case "Namespace":
            return "high", f"everything in {shown(name)}"
        case "CustomResourceDefinition":
            return "critical", f"every object of its kind {shown(name)}"
        case "Release":
            return _kinds_of(text(step.inputs.get("chart")).rpartition("/")[2])
        case _:
            return None


def _kinds_of(name: str) -> tuple[Level, str] | None:
    """The kinds that go with a release: those that its chart has among its templates."""
    if name not in chart_names() or (pinned := chart(name)).crds != "templates":
        return None
    kinds = ", ".join(kind.rpartition("/")[2] for kind in pinned.kinds[:3])
    return "critical", f"its kinds and every object of them ({kinds}, …): the jobs and queues of all teams"


RULE = RiskRule(
    id="objects-deleted",
    topic="data loss",
    title="No namespace and no kind of objects is deleted",
    fix="Move jobs, volumes and secrets out first; keep definitions of kinds while there are objects of them.",
    examine=_examine,
    headline="{things} [goes|go] with everything in [it|them]",
    link="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/"
    "#delete-a-customresourcedefinition",
)
