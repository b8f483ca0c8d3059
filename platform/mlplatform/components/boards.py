"""The dashboards of a platform: seven, alike on every cloud as far as its figures are. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from mlplatform.components import recorded_metrics as recorded
from mlplatform.components.endpoint_metrics import endpoint_charts
from mlplatform.components.panels import (
    Panel,
    PanelQuery,
    PromQuery,
    Signal,
    TargetPanels,
    Unit,
    monitored_endpoints,
    watches_cluster,
)
from mlplatform.fast.record import record
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.monitor_questions import MonitorTask
from mlplatform.spec.platform import PlatformSpec

BoardName = Literal["system", "gpus", "queues", "endpoints", "models", "drift", "cost"]
BOARDS: tuple[BoardName, ...] = get_args(BoardName)

_TITLES: Mapping[BoardName, str] = {
    "system": "System",
    "gpus": "GPUs",
    "queues": "Queues",
    "endpoints": "Endpoints",
    "models": "Model quality",
    "drift": "Drift",
    "cost": "Cost",
}


@record(kw_only=True)
class DevicePrice:
    """What one device of a pool costs, when its node has work for all of them."""

    pool: str
    """Name of the pool, which is the queue's flavor."""

    resource: str
    """Name of the devices: `nvidia.com/gpu`."""

    machine: str
    """Machine type of its nodes."""

    usd_per_hour: float
    """List price of the node for an hour, by its number of devices."""

    said: str
    """Source and date of the price."""


@record(kw_only=True)
class Board:
    """One dashboard."""

    name: BoardName
    """Its name."""

    title: str
    """Its title, without the platform's."""

    rows: Mapping[str, tuple[Panel, ...]]
    """Panels by the heading of their row; an empty heading for those that need none."""

    text: str = ""
    """What a reader must know, Markdown. Omitted: nothing."""

    span: str = "now-6h"
    """Time that it shows at first."""


def platform_boards(spec: PlatformSpec, panels: TargetPanels, prices: tuple[DevicePrice, ...]) -> tuple[Board, ...]:
    """The dashboards of a platform that is narrowed to one target; those that would be empty are left out.

    Args:
        spec: the platform.
        panels: what its cloud knows.
        prices: of the devices of its pools, as far as they are known.
    """
    found = (
        Board(name="system", title=_TITLES["system"], rows={"": panels.system}),
        Board(name="gpus", title=_TITLES["gpus"], rows={"": panels.gpus}),
        Board(name="queues", title=_TITLES["queues"], rows={"": tuple(_queues(spec, panels))}),
        Board(name="endpoints", title=_TITLES["endpoints"], rows=dict(_endpoints(spec, panels))),
        Board(name="models", title=_TITLES["models"], rows=dict(_models(spec, panels)), span="now-30d"),
        Board(name="drift", title=_TITLES["drift"], rows=dict(_drift(spec, panels)), span="now-30d"),
        _cost(spec, panels, prices),
    )
    return tuple(board for board in found if any(board.rows.values()))


def _panel(title: str, unit: Unit, *queries: PanelQuery, about: str = "") -> Panel:
    return Panel(title=title, unit=unit, queries=queries, about=about)


def _has_queue(spec: PlatformSpec) -> bool:
    return watches_cluster(spec) and spec.cluster is not None


def _queues(spec: PlatformSpec, panels: TargetPanels) -> Iterator[Panel]:
    if not _has_queue(spec):
        return
    chosen = f"{{{panels.matcher}}}" if panels.matcher else ""
    by = "cluster_queue, flavor, resource"

    def gauge(name: str) -> str:
        # two replicas of the queue's controller tell the same
        return f"max by ({by}) (kueue_{name}{chosen})"

    waits = f"sum by (cluster_queue) (max by (cluster_queue, status) (kueue_pending_workloads{chosen}))"
    yield _panel("Jobs that wait", "number", PromQuery(text=waits, legend="{{cluster_queue}}"))
    admitted = f"sum by (cluster_queue) (increase(kueue_admitted_workloads_total{chosen}[15m]))"
    yield _panel("Jobs admitted in 15 minutes", "number", PromQuery(text=admitted, legend="{{cluster_queue}}"))
    whose = "{{cluster_queue}} {{flavor}} {{resource}}"
    yield _panel(
        "Devices that jobs hold",
        "number",
        PromQuery(text=gauge("cluster_queue_resource_usage"), legend=whose),
    )
    share = f"100 * {gauge('cluster_queue_resource_usage')} / ({gauge('cluster_queue_nominal_quota')} > 0)"
    yield _panel(
        "Devices that jobs hold, of what the queue always has",
        "percent",
        PromQuery(text=share, legend=whose),
        about="Above 100 the queue borrows what others do not need.",
    )


def _endpoints(spec: PlatformSpec, panels: TargetPanels) -> Iterator[tuple[str, tuple[Panel, ...]]]:
    for endpoint in spec.endpoints:
        if endpoint.on == "managed":
            yield endpoint.name, panels.endpoints.get(endpoint.name, ())
        elif watches_cluster(spec):
            charts = endpoint_charts(endpoint, panels.matcher)
            yield endpoint.name, tuple(_of_router(chart.title, chart.query) for chart in charts)
    if panels.records and any(endpoint.on == "cluster" for endpoint in spec.endpoints):
        yield "Endpoints on the cluster, weeks", tuple(_weeks(f"{{{panels.matcher}}}" if panels.matcher else ""))


def _weeks(chosen: str) -> Iterator[Panel]:
    """What is recorded of endpoints on the cluster, alike for all of them."""
    shown: tuple[tuple[str, Unit, str], ...] = (
        ("Requests", "per second", recorded.REQUESTS),
        ("Failed requests", "percent", recorded.FAILED),
        ("Response time, p99", "milliseconds", recorded.P99),
    )
    for title, unit, name in shown:
        yield _panel(title, unit, PromQuery(text=f"{name}{chosen}", legend="{{endpoint}}"))


_UNITS: Mapping[str, Unit] = {"per second": "per second", ", %": "percent", ", ms": "milliseconds"}


def _of_router(title: str, query: str) -> Panel:
    end = next((end for end in _UNITS if title.endswith(end)), "")
    unit: Unit = _UNITS[end] if end else "number"
    return _panel(title.removesuffix(", %").removesuffix(", ms"), unit, PromQuery(text=query))


def _models(spec: PlatformSpec, panels: TargetPanels) -> Iterator[tuple[str, tuple[Panel, ...]]]:
    for endpoint in monitored_endpoints(spec):
        signals = panels.signals.get(endpoint.name, {})
        yield (
            endpoint.name,
            (
                *_signal(signals, "metric", "Metrics of rows with a label", "number"),
                *_of_task(endpoint.monitor, signals),
                *_signal(signals, "rows", "Rows of the window", "number"),
                *_signal(signals, "labelled_rows", "Rows of the window with a label", "number"),
            ),
        )


_OF_TASK: Mapping[MonitorTask, tuple[Signal, str]] = {
    "classification": ("estimated_accuracy", "Accuracy to expect while labels are late"),
    "regression": ("estimated_mae", "Mean absolute error to expect while labels are late"),
    "language": ("served", "Seconds and tokens of captured answers"),
}
"""What only models of one task have."""


def _of_task(monitor: ModelMonitorSpec | None, signals: Mapping[Signal, PanelQuery]) -> Iterator[Panel]:
    if monitor is not None and monitor.task in _OF_TASK:
        name, title = _OF_TASK[monitor.task]
        yield from _signal(signals, name, title, "number")


def _drift(spec: PlatformSpec, panels: TargetPanels) -> Iterator[tuple[str, tuple[Panel, ...]]]:
    for endpoint in monitored_endpoints(spec):
        signals = panels.signals.get(endpoint.name, {})
        yield (
            endpoint.name,
            (
                *_signal(signals, "change", "Changes found, by kind", "number", "1: found, 0: not found."),
                *_signal(signals, "input_shift", "Share of rows that moved, by input", "number"),
                *_signal(
                    signals, "judged", "Looks that judged", "number", "0: it could not judge; its report says why."
                ),
            ),
        )


def _signal(
    signals: Mapping[Signal, PanelQuery], name: Signal, title: str, unit: Unit, about: str = ""
) -> Iterator[Panel]:
    if name in signals:
        yield _panel(title, unit, signals[name], about=about)


def _cost(spec: PlatformSpec, panels: TargetPanels, prices: tuple[DevicePrice, ...]) -> Board:
    found = _TITLES["cost"]
    if not (_has_queue(spec) and panels.records and prices):
        return Board(name="cost", title=found, rows={})

    def held(price: DevicePrice, window: str = "") -> str:
        whose = (panels.matcher, f'flavor="{price.pool}"', f'resource="{price.resource}"')
        series = f"{recorded.HELD}{{{','.join(filter(None, whose))}}}"
        hours = f"sum_over_time({series}[{window}:1m]) / 60" if window else series
        return f"sum by (cluster_queue, flavor) ({hours}) * {price.usd_per_hour:g}"

    now = tuple(PromQuery(text=held(price), legend="{{cluster_queue}} {{flavor}}") for price in prices)
    day = tuple(PromQuery(text=held(price, "1d"), legend="{{cluster_queue}} {{flavor}}") for price in prices)
    whole = " + ".join(f"(sum({held(price)}) or vector(0))" for price in prices)
    lines = "\n".join(f"| {p.pool} | {p.machine} | {p.usd_per_hour:.2f} | {p.said} |" for p in prices)
    return Board(
        name="cost",
        title=found,
        rows={
            "": (
                _panel("Held devices, USD an hour, by queue and pool", "usd", *now),
                _panel("Held devices, USD in a day before, by queue and pool", "usd", *day),
                _panel("Held devices, USD an hour, all", "usd", PromQuery(text=whole, legend="all")),
            )
        },
        text=(
            "List prices of the devices that jobs hold, by queue: what a team's jobs cost. Idle nodes, discounts, "
            "disks and traffic are not in it; `mlplatform cost` estimates a month.\n\n"
            f"| Pool | Machine | USD an hour and device | Source |\n|---|---|---|---|\n{lines}"
        ),
        span="now-7d",
    )
