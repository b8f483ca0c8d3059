"""Where everything of a graph is drawn: boundaries around boxes around tiles, networks in the middle."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlplatform.plan.graph import Graph, GraphEdge, GraphGroup, GraphNode, reduce_edges

TILE = (200, 46)
SMALL = (156, 34)
GAP = 10
PAD = 14
HEAD = 28
"""Height of a group's title."""
LANE = 96
"""Room between columns, for edges."""


@dataclass(slots=True)
class Box:
    """Something with a place: a tile where it has a node, else a boundary."""

    group: GraphGroup | None
    node: GraphNode | None
    children: list[Box] = field(default_factory=list["Box"])
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0

    @property
    def key(self) -> str:
        """Id of the node or group."""
        either = self.node or self.group
        return either.id if either else ""

    def move(self, dx: float, dy: float) -> None:
        """Move it with all that is in it."""
        self.x += dx
        self.y += dy
        for child in self.children:
            child.move(dx, dy)

    def walk(self) -> list[Box]:
        """It and all that is in it, outer ones first."""
        return [self, *(inner for child in self.children for inner in child.walk())]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing without its looks."""

    root: Box
    """All of it."""

    edges: tuple[tuple[Box, Box, int], ...]
    """From what needs to what is needed, and how many dependencies a line stands for; boxes of capabilities."""


def layout(graph: Graph) -> Layout:
    """Lay a graph out: networks in the middle, left what needs them, right what they need."""
    root = _tree(graph)
    links = _links(graph, root)
    columns = _columns(root, links)
    x, tallest = 0.0, 0.0
    for column in columns:
        for box in column:
            _size(box, graph.detail == "resource")
        width = max(box.w for box in column)
        y = 0.0
        for box in column:
            _grow(box, width)
            box.move(x, y)
            y += box.h + GAP * 2
        tallest = max(tallest, y - GAP * 2)
        x += width + LANE
    for column in columns:
        height = column[-1].y + column[-1].h
        for box in column:
            box.move(0, (tallest - height) / 2)
    drawn = _drawn(root, links)
    last = {box.key for column in columns[-1:] for top in column for box in top.walk()}
    arcs = any(source.key in last and target.key in last for source, target, _ in drawn)
    root.w, root.h = max(x - LANE, 0) + (LANE * 0.6 if arcs else 0), tallest
    return Layout(root, drawn)


def _tree(graph: Graph) -> Box:
    boxes = {group.id: Box(group, None) for group in graph.groups}
    root = Box(None, None)
    for group in graph.groups:
        (boxes[group.parent] if group.parent else root).children.append(boxes[group.id])
    for node in graph.nodes:
        (boxes[node.group] if node.group else root).children.append(Box(None, node))
    return root


def _links(graph: Graph, root: Box) -> dict[tuple[str, str], int]:
    """Edges between the boxes of capabilities."""
    owner: dict[str, str] = {}
    for top in root.children:
        for box in top.walk():
            if (box.group and box.group.kind == "capability") or (box.node and graph.detail == "capability"):
                owner.update({inner.node.id: box.key for inner in box.walk() if inner.node})
    links: dict[tuple[str, str], int] = defaultdict(int)
    for edge in graph.edges:
        pair = (owner[edge.source], owner[edge.target])
        if pair[0] != pair[1]:
            links[pair] += edge.count
    return dict(links)


def _columns(root: Box, links: Mapping[tuple[str, str], int]) -> list[list[Box]]:
    middle = [box for box in root.children if box.group and box.group.kind == "network"]
    inside = {inner.key for box in middle for inner in box.walk()}
    outside = [box for box in root.children if box not in middle]
    left: list[Box] = []
    right: list[Box] = []
    for box in outside:
        needs = sum(count for (a, b), count in links.items() if a == box.key and (b in inside or not middle))
        needed = sum(count for (a, b), count in links.items() if b == box.key and (a in inside or not middle))
        (left if needs > needed else right).append(box)
    return [column for column in (left, middle, right) if column]


def _size(box: Box, small: bool) -> None:
    """Give it and what is in it a size, with places relative to its corner."""
    if box.node:
        box.w, box.h = SMALL if small else TILE
        return
    for child in box.children:
        _size(child, small)
    tiles = [child for child in box.children if child.node]
    inner = [child for child in box.children if not child.node]
    across = _across(len(tiles), small)
    y, right = float(HEAD), 0.0
    for index, tile in enumerate(tiles):
        tile.move(PAD + (index % across) * (tile.w + GAP) - tile.x, y + (index // across) * (tile.h + GAP) - tile.y)
        right = max(right, tile.x + tile.w)
    if tiles:
        y = max(tile.y + tile.h for tile in tiles) + GAP
    limit = max([right, *(child.w for child in inner), 760 if small else 0])
    x, row = float(PAD), 0.0
    for child in inner:
        if x > PAD and x + child.w > limit + PAD:
            x, y, row = float(PAD), y + row + GAP, 0.0
        child.move(x - child.x, y - child.y)
        x, row = x + child.w + GAP, max(row, child.h)
        right = max(right, child.x + child.w)
    if inner:
        y += row + GAP
    box.w, box.h = right + PAD, y - GAP + PAD


def _across(count: int, small: bool) -> int:
    if small:
        return max(1, min(10, math.ceil(math.sqrt(count) * 0.8)))
    return 1 if count <= 3 else 2


def _grow(box: Box, width: float) -> None:
    """Make a boundary as wide as its column; where all in it stands in one column, that too."""
    if box.node:
        return
    if all(child.x - box.x == PAD for child in box.children):
        for child in box.children:
            if child.group:
                _grow(child, width - 2 * PAD)
    box.w = max(box.w, width)


def _drawn(root: Box, links: Mapping[tuple[str, str], int]) -> tuple[tuple[Box, Box, int], ...]:
    boxes = {box.key: box for box in root.walk() if box.key}
    left = reduce_edges(GraphEdge(*pair, count) for pair, count in links.items())
    # what stands in a network needs it: the boundary says so
    said = {
        (inner.key, own.key)
        for network in root.children
        if network.group and network.group.kind == "network"
        for own in network.children
        for inner in network.walk()
    }
    return tuple(
        (boxes[edge.source], boxes[edge.target], edge.count) for edge in left if (edge.source, edge.target) not in said
    )
