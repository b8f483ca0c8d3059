"""Makes resources of Pulumi from the layer's items, each after everything of the stage before.

What takes no time follows one another within a stage. After a deletion that fails, or is refused because of protection,
Pulumi walks every path of the graph of dependencies below it, with no memory of where it has been (`markAsDependency`,
https://github.com/pulumi/pulumi/blob/1b5949891b3c/pkg/resource/graph/dependency_graph.go#L361). Side by side, the sizes
of the stages multiply: 150 objects had three thousand million paths, and a destroy that is refused took minutes. In a
row they have one.

Where a part goes, and the rest stays, Pulumi orders the deletions by direct dependencies alone. So each object also
depends on what stands side by side in the stage before it, and a claim on its volume, which cannot go before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

import pulumi

from mlplatform.cluster.charts.registry import chart
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.storage import PersistentVolume, PersistentVolumeClaim
from mlplatform.cluster.objects.wire import resolve, wire_object, wire_value
from mlplatform.cluster.resources import KubernetesObject
from mlplatform.components.scope import Scope
from mlplatform.providers.kubernetes.tables import fixed_paths

_RELEASE_SECONDS = 900
"""Time for a release: its images are pulled, and a system node may have to start."""

_SLOW = frozenset(
    {"DaemonSet", "Deployment", "Job", "LeaderWorkerSet", "Namespace", "PersistentVolumeClaim", "Rollout"}
)
"""Kinds that are waited for until their pods run, or what is in them has gone: side by side."""


def apply_items(
    scope: Scope,
    items: Sequence[LayerItem],
    known: Callable[[FromCloud], pulumi.Output[str]],
    provider: pulumi.ProviderResource | None,
) -> None:
    """Register everything.

    Args:
        scope: of the layer's component.
        items: in the order of their stages.
        known: a value from the cloud's stack.
        provider: the provider of the cluster. None: the component's own options have one.
    """
    previous: list[pulumi.Resource] = []
    side_by_side: list[pulumi.Resource] = []
    volumes: dict[str, pulumi.Resource] = {}
    for _, stage in groupby(items, key=lambda item: item.stage):
        made: list[pulumi.Resource] = []
        row: list[pulumi.Resource] = []
        for item in stage:
            match item.body:
                case ChartRelease() as release:
                    made.append(_release(scope, item.role, release, known, previous, provider))
                case body:
                    slow = body.KIND in _SLOW
                    wire = cast("Mapping[str, Any]", resolve(wire_object(body), known))
                    after = previous if slow or not row else [*side_by_side, *row]
                    if isinstance(body, PersistentVolumeClaim) and body.spec.volume_name in volumes:
                        after = [*after, volumes[body.spec.volume_name]]
                    times = {"create": f"{item.minutes}m", "update": f"{item.minutes}m"}
                    fixed = fixed_paths(body.API, body.KIND)
                    opts = scope.opts(
                        depends_on=list(dict.fromkeys(after)),
                        provider=provider,
                        timeouts=times,
                        ignore_changes=list(item.ignored) or None,
                        retain_on_delete=item.kept or None,
                        replace_on_changes=fixed or None,
                        delete_before_replace=True if fixed and not item.named_by_content else None,
                    )
                    resource = KubernetesObject(scope.child(item.role), wire, opts)
                    if isinstance(body, PersistentVolume):
                        volumes[body.metadata.name] = resource
                    if slow:
                        made.append(resource)
                    else:
                        row = [resource]
        previous, side_by_side = [*made, *row], made


def _release(
    scope: Scope,
    role: str,
    release: ChartRelease,
    known: Callable[[FromCloud], pulumi.Output[str]],
    after: Sequence[pulumi.Resource],
    provider: pulumi.ProviderResource | None,
) -> pulumi.Resource:
    from pulumi_kubernetes.helm.v3 import Release, ReleaseArgs, RepositoryOptsArgs

    pinned = chart(release.chart)
    is_oci = pinned.repository.startswith("oci://")
    return Release(
        scope.child(role),
        ReleaseArgs(
            name=pinned.name,
            chart=pinned.address,
            version=pinned.version,
            repository_opts=None if is_oci else RepositoryOptsArgs(repo=pinned.repository),
            namespace=release.namespace,
            create_namespace=False,
            values=cast("Mapping[str, Any]", resolve(wire_value(release.values), known)),
            # a release that does not start is taken back, and the next `up` tries again from a clean state
            atomic=True,
            timeout=_RELEASE_SECONDS,
        ),
        # its kinds go with it, and with them every job and queue of every team
        opts=scope.opts(
            depends_on=after, provider=provider, protect=scope.defaults.protected and pinned.crds == "templates"
        ),
    )
