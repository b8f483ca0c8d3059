"""The lines of a drawing: curves from side to side, spread along the sides to keep them distinct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mlplatform.views.graph.layout import LANE, Box, Layout

_Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line between two boxes."""

    d: str
    """Path data of SVG."""

    source: str
    """Title of the box that depends."""

    target: str
    """Title of the box that it needs."""

    count: int
    """Number of dependencies, in both directions."""

    both: bool
    """Whether the two depend on each other."""


def connections(drawing: Layout) -> Iterator[Line]:
    """The lines; two boxes that depend on each other share one with two heads."""
    pairs = {(source.key, target.key): (source, target, count) for source, target, count in drawing.edges}
    kept: list[tuple[Box, Box, int, bool]] = []
    for (a, b), (source, target, count) in pairs.items():
        back = pairs.get((b, a))
        if back and b < a:
            continue
        kept.append((source, target, count + (back[2] if back else 0), back is not None))
    ports: dict[tuple[str, _Side], list[tuple[float, int, bool]]] = defaultdict(list)
    sides: list[tuple[_Side, _Side]] = []
    for number, (source, target, _, _) in enumerate(kept):
        out, into = _sides(source, target)
        sides.append((out, into))
        ports[source.key, out].append((target.y + target.h / 2, number, True))
        ports[target.key, into].append((source.y + source.h / 2, number, False))
    heights: dict[tuple[int, bool], float] = {}
    boxes = {box.key: box for source, target, _, _ in kept for box in (source, target)}
    for (key, _), members in sorted(ports.items()):
        box = boxes[key]
        for index, (_, number, starts) in enumerate(sorted(members)):
            heights[number, starts] = box.y + box.h * (index + 1) / (len(members) + 1)
    for number, (source, target, count, both) in enumerate(kept):
        out, into = sides[number]
        d = _curve(_x(source, out), heights[number, True], _x(target, into), heights[number, False], out, into)
        yield Line(d, _title(source), _title(target), count, both)


def _sides(source: Box, target: Box) -> tuple[_Side, _Side]:
    if source.x + source.w < target.x:
        return "right", "left"
    if target.x + target.w < source.x:
        return "left", "right"
    return "right", "right"


def _x(box: Box, side: _Side) -> float:
    return box.x + box.w if side == "right" else box.x


def _curve(x1: float, y1: float, x2: float, y2: float, out: _Side, into: _Side) -> str:
    if out == into:
        bend = max(x1, x2) + LANE * (0.35 + min(abs(y2 - y1), 400) / 1000)
        return f"M{x1:.0f} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    middle = (x2 - x1) / 2
    return f"M{x1:.0f} {y1:.0f}C{x1 + middle:.0f} {y1:.0f} {x2 - middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"


def _title(box: Box) -> str:
    either = box.group or box.node
    return either.title if either else ""
