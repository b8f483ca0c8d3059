"""The cluster autoscaler is of the cluster's own minor version, and looks for that cluster's groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.nodes_and_pods import RELEASE, chart_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_CLUSTER = "aws:eks/cluster:Cluster"
_MINOR = re.compile(r"v?(1\.\d+)(\.|$)")


def _fits(release: Resource) -> Iterator[CheckFault]:
    clusters = release.index.of_type(_CLUSTER)
    tag = release.text("values.image.tag")
    found = _MINOR.match(tag)
    minors = {cluster.text("version") for cluster in clusters}
    if found is None or found[1] not in minors:
        yield CheckFault(
            f"Its image is {shown(tag or 'the one of the chart')}, the cluster is {shown(', '.join(sorted(minors)))}.",
            "values.image.tag",
        )
    name = release.text("values.autoDiscovery.clusterName")
    names = {cluster.text("name") for cluster in clusters} - {""}
    if names and name not in names:
        yield CheckFault(f"It looks for groups of {shown(name or 'no cluster')}.", "values.autoDiscovery.clusterName")


RULE = CheckRule(
    id="autoscaler-version",
    level="medium",
    topic="cluster",
    title="The cluster autoscaler fits its cluster",
    why="It simulates the scheduler of its own minor version: with another it wakes nodes that no pod fits, or "
    "none. Groups of a cluster that it does not look for never scale.",
    fix="Set values.image.tag to a release of the cluster's minor, and autoDiscovery.clusterName to its name.",
    entries=(
        Entry(
            (RELEASE,),
            _fits,
            link="https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler#releases",
            when=lambda release: chart_of(release) == "cluster-autoscaler" and bool(release.index.of_type(_CLUSTER)),
            siblings=True,
        ),
    ),
)
