"""What the layer of one target holds: every part's items, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mlplatform import discovery
from mlplatform.cluster.charts.registry import check_values
from mlplatform.cluster.facts import DescribesCpuPool, DescribesPool, InstallsDevices, LayerContext
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.parts import base, certificates, endpoints, engines, queue, runtimes, teams
from mlplatform.components.selection import choose_cpu_pool_machine, choose_pool
from mlplatform.spec.order import in_order
from mlplatform.spec.platform import PlatformSpec

Part = Callable[[LayerContext], Iterable[LayerItem]]

PARTS: tuple[Part, ...] = (
    base.build,
    certificates.build,
    engines.build,
    queue.build,
    teams.build,
    runtimes.build,
    endpoints.build,
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


def layer_items(layer: LayerContext) -> tuple[LayerItem, ...]:
    """Everything in the layer, by stage and role, so that the same spec gives the same order.

    Raises:
        mlplatform.cluster.charts.registry.UnknownValue: a value is not one of its chart.
    """
    backend = discovery.backend(layer.spec.targets[0].cloud)
    items = [item for part in PARTS for item in part(layer)]
    items += backend.load(InstallsDevices)(layer)
    for item in items:
        if isinstance(item.body, ChartRelease):
            check_values(item.body.chart, item.body.values)
    return tuple(sorted(items, key=lambda item: (STAGES.index(item.stage), item.role)))
