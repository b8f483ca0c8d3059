"""The dashboards of one target, with the prices of its devices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform import discovery
from mlplatform.cluster.content import layer_context
from mlplatform.cluster.facts import LayerContext
from mlplatform.components.boards import Board, DevicePrice, platform_boards
from mlplatform.components.panels import DescribesPanels
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import MACHINE, SPOT, machine_name
from mlplatform.spec.platform import PlatformSpec


@dataclass(frozen=True, kw_only=True)
class TargetBoards:
    """The dashboards of one target."""

    boards: tuple[Board, ...]
    """The dashboards, in their order."""

    google_project: str
    """Project whose Cloud Monitoring answers PromQL; empty where Prometheus does."""


def boards_of(spec: PlatformSpec, target: str) -> TargetBoards:
    """The dashboards of one target; none where nothing of it is measured.

    Args:
        spec: the platform, with any number of targets.
        target: the target's name, or its cloud where it is the only one there.
    """
    narrowed = spec.on(target)
    panels = discovery.backend(narrowed.targets[0].cloud).load(DescribesPanels)(narrowed)
    prices = tuple(_prices(layer_context(spec, target))) if narrowed.cluster else ()
    return TargetBoards(boards=platform_boards(narrowed, panels, prices), google_project=panels.google_project)


def _prices(layer: LayerContext) -> Iterator[DevicePrice]:
    """The price of a device of each pool, as far as the catalogue has one; those of reserved machines are on demand."""
    target = layer.spec.targets[0]
    catalog, prices = discovery.backend(target.cloud).catalog, packaged_prices(target.cloud)
    for nodes in layer.pools:
        prefix = SPOT if nodes.pool.capacity == "spot" else MACHINE
        price = prices.find(prefix + machine_name(catalog, nodes.machine), target.location)
        if price:
            yield DevicePrice(
                pool=nodes.pool.name,
                resource=nodes.resource,
                machine=nodes.machine.machine_type,
                usd_per_hour=round(price.usd / nodes.devices, 4),
                said=f"{price.source}, {price.as_of}" + (f" ({price.estimate})" if price.estimate else ""),
            )
