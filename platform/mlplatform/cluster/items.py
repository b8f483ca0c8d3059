"""What the layer holds, as data: objects and releases of charts, in stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from mlplatform.cluster.objects.base import KubeObject
from mlplatform.fast.record import record

Stage = Literal[
    "base",
    "devices",
    "jobs",
    "engines",
    "queue",
    "flavors",
    "queues",
    "access",
    "addons",
    "pipelines",
    "serving",
    "routers",
]
"""A step of the layer's order.

- `base`: namespaces, their limits, storage classes.
- `devices`: what makes nodes and their devices usable: plugins, the autoscaler; and walls, before any pod.
- `jobs`: JobSet, with its kinds; cert-manager, from which later charts have the certificates of their webhooks.
- `engines`: Trainer, Ray: they need JobSet's kinds.
- `queue`: Kueue, last of the controllers: its webhook also holds up the jobs of other charts.
- `flavors`: flavors, cohorts, priorities. Kueue keeps a flavor while a queue uses it, so queues go first.
- `queues`: queues, then
- `access`: the namespaces' ways into them, runtimes, rights.
- `addons`: everything that uses the above.
- `pipelines`: templates of pipelines: they need Argo's kinds.
- `serving`: the replicas of endpoints; after all else, so that a model that does not start holds up nothing but
- `routers`: what leads to them.
"""

STAGES: tuple[Stage, ...] = get_args(Stage)
"""The stages in the order in which they are made; they are deleted in the opposite one."""


@record(kw_only=True)
class ChartRelease:
    """A release of a third party's chart, whose version is pinned in `charts/data`."""

    chart: str
    """Name in the registry of charts."""

    namespace: str
    """Its namespace; an item of an earlier stage, or one that every cluster has."""

    values: Mapping[str, object]
    """Values that differ from the chart's own; each must exist there."""


@record(kw_only=True)
class LayerItem:
    """One part of the layer."""

    role: str
    """Its name in the stack, below the layer's: part of a URN, never to be changed without an alias."""

    stage: Stage
    """When it is made: after everything of earlier stages."""

    body: KubeObject | ChartRelease
    """What is made."""

    minutes: int = 10
    """Minutes in which it must be there and ready; webhooks refuse an object while their pods start."""

    ignored: tuple[str, ...] = ()
    """Properties that a controller changes after creation, which the stack then leaves alone. Omitted: none."""

    kept: bool = False
    """Whether the cluster keeps it when the stack has it no more, until its namespace goes. Omitted: it is deleted."""

    named_by_content: bool = False
    """Whether another content has another name: it is made beside the former, which goes once nothing uses it. Omitted:
    the name stays, and what cannot be changed is deleted first."""
