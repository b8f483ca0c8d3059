"""Where daemons of nodes run, as values of a chart: on the pools that they are for, whatever their taints.

Charts have tolerations of their own, which leave out spot nodes and the pools' own taints, and affinities that ask for
labels of feature discovery, or for machine types that the chart knew when it was made. Either keeps a daemon off a node
without an error.
"""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.cluster.facts import PoolNodes
from mlplatform.components.labels import POOL_LABEL

EVERY_TAINT: tuple[dict[str, object], ...] = ({"operator": "Exists"},)
"""Tolerations of a daemon: every taint."""


def on_pools(pools: Iterable[PoolNodes]) -> dict[str, object]:
    """Affinity of a daemon to the nodes of these pools, by the label that every template sets."""
    names = [nodes.pool.name for nodes in pools]
    term = {"matchExpressions": [{"key": POOL_LABEL, "operator": "In", "values": names}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}
