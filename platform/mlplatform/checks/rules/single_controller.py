"""One controller per kind: a chart that another one contains is installed once."""

from __future__ import annotations

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.cluster.charts.registry import chart, chart_names

_CONTAINED = {"kubeflow-trainer": ("jobset", "jobset.install")}
"""By chart: another that it contains, and the value that leaves it out; without the value it is installed."""


def _once(release: Resource) -> list[CheckFault]:
    name = chart_of(release)
    others = {chart_of(other) for other in release.index.of_type(RELEASE) if other.step.urn != release.step.urn}
    faults = [
        CheckFault(f"The release of {shown(other)} brings the same kinds.", "chart")
        for other in sorted(others)
        if other in chart_names() and name in chart_names() and set(chart(other).kinds) & set(chart(name).kinds)
    ]
    contained, value = _CONTAINED.get(name, ("", ""))
    if contained and release.true(f"values.{value}", default=True) and contained in others:
        faults.append(CheckFault(f"It contains {shown(contained)}, which has a release of its own.", f"values.{value}"))
    if name in others:
        faults.append(CheckFault(f"The chart {shown(name)} is released twice.", "chart"))
    return faults


RULE = CheckRule(
    id="single-controller",
    level="high",
    topic="cluster",
    title="Every kind has one controller",
    why="Two controllers of one kind undo each other's changes, and two releases that own one kind refuse to install.",
    fix="Leave the contained chart out by its value, for example jobset.install=false.",
    entries=(
        Entry(
            (RELEASE,),
            _once,
            link="https://github.com/kubeflow/trainer/blob/v2.3.0/charts/kubeflow-trainer/Chart.yaml",
            siblings=True,
        ),
    ),
)
