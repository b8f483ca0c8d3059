"""A plan as a graph: capabilities, components or resources, their networks, and their dependencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Detail = Literal["capability", "component", "resource"]
GroupKind = Literal["network", "private", "public", "capability", "component"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One node of a graph."""

    id: str
    """URN, or `place/capability` for a capability."""

    title: str
    """Title for people."""

    kind: str
    """Last part of its type token, or `capability`."""

    group: str
    """Id of the group around it; empty for none."""

    urns: tuple[str, ...]
    """URNs of its resources, sorted."""

    stateful: int = 0
    """Number of stateful resources."""


@dataclass(frozen=True, slots=True)
class GraphGroup:
    """One group of nodes with a boundary."""

    id: str
    """Unique id of the group."""

    title: str
    """Title for people."""

    kind: GroupKind
    """Kind of the boundary."""

    parent: str = ""
    """Id of the group around it; empty for none."""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A dependency between two nodes."""

    source: str
    """Id of the dependent node."""

    target: str
    """Id of the node that it needs."""

    count: int
    """Number of dependencies between resources."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One plan at one level of detail."""

    cloud: str
    """The plan's cloud."""

    stack: str
    """The plan's stack."""

    detail: Detail
    """Level of detail: what one node stands for."""

    groups: tuple[GraphGroup, ...]
    """Outer ones before inner ones."""

    nodes: tuple[GraphNode, ...]
    """By capability, then by title."""

    edges: tuple[GraphEdge, ...]
    """By source and target."""

    def reduced(self) -> Graph:
        """The graph without edges that follow from others; reachability stays the same."""
        return replace(self, edges=reduce_edges(self.edges))


def reduce_edges(edges: Iterable[GraphEdge]) -> tuple[GraphEdge, ...]:
    """Edges without those that follow from others; the lightest are removed first."""
    left = {(edge.source, edge.target): edge for edge in edges}
    targets: dict[str, set[str]] = defaultdict(set)
    for source, target in left:
        targets[source].add(target)
    for edge in sorted(left.values(), key=lambda edge: (edge.count, edge.source, edge.target)):
        targets[edge.source].remove(edge.target)
        if _reaches(targets, edge.source, edge.target):
            del left[edge.source, edge.target]
        else:
            targets[edge.source].add(edge.target)
    return tuple(left[key] for key in sorted(left))


def _reaches(targets: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, pending = {start}, [start]
    while pending:
        for target in targets.get(pending.pop(), ()):
            if target == goal:
                return True
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return False
