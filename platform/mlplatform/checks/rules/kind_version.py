"""Objects are written at the version that their chart stores."""

from __future__ import annotations

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.cluster.charts.registry import chart, chart_names

_GROUPS = (
    "acme.cert-manager.io",
    "argoproj.io",
    "cert-manager.io",
    "disaggregatedset.x-k8s.io",
    "external-secrets.io",
    "generators.external-secrets.io",
    "jobset.x-k8s.io",
    "kueue.x-k8s.io",
    "leaderworkerset.x-k8s.io",
    "mellanox.com",
    "nfd.k8s-sigs.io",
    "ray.io",
    "trainer.kubeflow.org",
)
"""Groups of kinds that charts bring. Written out, because reading every chart's facts takes time at each start."""


def _installed(index: PlanIndex) -> frozenset[str]:
    names = (chart_of(release) for release in index.of_type(RELEASE))
    return frozenset(kind for name in names if name in chart_names() for kind in chart(name).kinds)


def _stored(item: Resource) -> list[CheckFault]:
    kind = f"{item.text('apiVersion')}/{item.text('kind')}"
    installed = item.index.cached(_installed)
    if kind in installed:
        return []
    group, _, name = kind.partition("/")[0], "", kind.rpartition("/")[2]
    other = next((each for each in installed if each.startswith(f"{group}/") and each.endswith(f"/{name}")), "")
    if other:
        return [CheckFault(f"It is written as {shown(kind)}, and its chart stores {shown(other)}.", "apiVersion")]
    return [CheckFault(f"No release of the plan brings the kind {shown(kind)}.", "kind")]


RULE = CheckRule(
    id="kind-version",
    level="high",
    topic="cluster",
    title="Objects have the version that their chart stores",
    why="Decoding is strict: a field of another version is an error at apply, and nobody knows a kind that nothing "
    "installs.",
    fix="Write the object at the stored version, and install its chart before it.",
    entries=(
        Entry(
            tuple(f"kubernetes:{group}/*" for group in _GROUPS),
            _stored,
            link="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/",
            when=lambda item: bool(item.index.of_type(RELEASE)),
            siblings=True,
        ),
    ),
)
