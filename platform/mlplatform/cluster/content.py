"""What the layer of one target holds: every part's items, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from mlplatform import discovery
from mlplatform.cluster.charts.registry import check_values
from mlplatform.cluster.facts import DescribesCpuPool, DescribesPool, InstallsDevices, LayerContext
from mlplatform.cluster.images.address import ImageAddress, parse_image
from mlplatform.cluster.images.mirror import image_mirror, images_in, images_of, relocate_item
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.parts import (
    airflow,
    base,
    certificates,
    endpoints,
    engines,
    monitors,
    mounts,
    notebooks,
    pipelines,
    provisioning,
    queue,
    recorded,
    rollouts,
    runtimes,
    secrets,
    starter,
    teams,
    tracking,
    workflows,
)
from mlplatform.cluster.pod_facts import WiresPods
from mlplatform.components.selection import choose_cpu_pool_machine, choose_pool
from mlplatform.spec.order import in_order
from mlplatform.spec.platform import PlatformSpec

Part = Callable[[LayerContext], Iterable[LayerItem]]

TEAMS: Part = teams.build
"""The part that may be in a stack of its own: teams come and go more often than what they use."""

PARTS: tuple[Part, ...] = (
    base.build,
    certificates.build,
    secrets.build,
    engines.build,
    queue.build,
    recorded.build,
    provisioning.build,
    TEAMS,
    runtimes.build,
    endpoints.build,
    rollouts.build,
    tracking.build,
    mounts.build,
    workflows.build,
    pipelines.build,
    starter.build,
    monitors.build,
    notebooks.build,
    airflow.build,
)
"""The parts that are alike on every cloud."""


def layer_context(spec: PlatformSpec, target: str) -> LayerContext:
    """What the parts are made from.

    Args:
        spec: the platform, with any number of targets.
        target: the target's name, or its cloud where it is the only one there.
    """
    narrowed = in_order(spec.on(target))
    bound = narrowed.targets[0]
    backend = discovery.backend(bound.cloud)
    describe = backend.load(DescribesPool)
    pools = narrowed.training.pools if narrowed.training else ()
    return LayerContext(
        spec=narrowed,
        pools=tuple(describe(narrowed, pool, choose_pool(backend, bound, pool)) for pool in pools),
        cpu_pools=tuple(
            backend.load(DescribesCpuPool)(narrowed, pool, choose_cpu_pool_machine(backend, bound, pool))
            for pool in (narrowed.training.cpu_pools if narrowed.training else ())
        ),
    )


def layer_items(layer: LayerContext, *, teams: bool = True) -> tuple[LayerItem, ...]:
    """Everything in the layer, by stage and role, so that the same spec gives the same order.

    Args:
        layer: what it is made from.
        teams: whether the teams are in it, or in a stack of their own.

    Raises:
        mlplatform.cluster.charts.registry.UnknownValue: a value is not one of its chart.
    """
    return _in_order(layer, _public_items(layer, teams=teams))


def team_items(layer: LayerContext) -> tuple[LayerItem, ...]:
    """What the teams have of the layer, in the same order."""
    return _in_order(layer, TEAMS(layer))


def _in_order(layer: LayerContext, given: Iterable[LayerItem]) -> tuple[LayerItem, ...]:
    mirror = image_mirror(layer.spec)
    items = [relocate_item(item, mirror.target) for item in given]
    for item in items:
        if isinstance(item.body, ChartRelease):
            check_values(item.body.chart, item.body.values)
    return tuple(sorted(items, key=lambda item: (STAGES.index(item.stage), item.role)))


def layer_images(layer: LayerContext) -> Mapping[ImageAddress, tuple[str, ...]]:
    """The images that the layer and its jobs pull, from their makers, and the items that do; sorted."""
    backend = discovery.backend(layer.spec.targets[0].cloud)
    users: dict[ImageAddress, dict[str, None]] = {}
    for item in _public_items(layer):
        for image in images_of(item):
            users.setdefault(image, {})[item.role] = None
    # what a job on a pool with a fabric runs beside its own image
    for nodes in layer.all_pools:
        for container in backend.load(WiresPods)(layer.spec, nodes).sidecars:
            users.setdefault(parse_image(container.image), {})[f"jobs-{nodes.pool.name}"] = None
    # what an Airflow outside of the cluster runs in it, and what stands in the text of a step of several nodes
    for pipeline in layer.spec.cluster_pipelines:
        for step in pipeline.steps:
            hidden = pipeline.engine == "airflow" or step.resources.nodes > 1
            for image in images_in(pipeline.image_of(step)) if hidden else ():
                users.setdefault(image, {})[f"pipeline-{pipeline.name}"] = None
    return {image: tuple(sorted(users[image])) for image in sorted(users, key=str)}


def _public_items(layer: LayerContext, *, teams: bool = True) -> Iterator[LayerItem]:
    """Everything in the layer, with images where their makers keep them."""
    for part in PARTS:
        if teams or part is not TEAMS:
            yield from part(layer)
    yield from discovery.backend(layer.spec.targets[0].cloud).load(InstallsDevices)(layer)
