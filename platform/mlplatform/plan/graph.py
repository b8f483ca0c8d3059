"""A plan as a graph: capabilities, components or resources, in the networks they run in, and what depends on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Detail = Literal["capability", "component", "resource"]
GroupKind = Literal["network", "private", "public", "capability", "component"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """Something drawn."""

    id: str
    """URN, or `place/capability` where it stands for a capability."""

    title: str
    """For people."""

    kind: str
    """Last part of its type token; `capability` where it stands for one."""

    group: str
    """Id of the group it lies in; empty for none."""

    urns: tuple[str, ...]
    """Resources it stands for, sorted."""

    stateful: int = 0
    """How many of them hold what cannot be made again."""


@dataclass(frozen=True, slots=True)
class GraphGroup:
    """A boundary."""

    id: str
    """Unlike every other group's."""

    title: str
    """For people."""

    kind: GroupKind
    """What it is a boundary of."""

    parent: str = ""
    """Id of the group around it; empty for none."""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One node needs another."""

    source: str
    """Id of what is made after."""

    target: str
    """Id of what it needs."""

    count: int
    """Dependencies between resources that it stands for."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One plan, drawn at one level of detail."""

    cloud: str
    """The plan's cloud."""

    stack: str
    """The plan's stack."""

    detail: Detail
    """What a node is."""

    groups: tuple[GraphGroup, ...]
    """Outer ones before inner ones."""

    nodes: tuple[GraphNode, ...]
    """By capability, then by title."""

    edges: tuple[GraphEdge, ...]
    """By source and target."""

    def reduced(self) -> Graph:
        """Without edges that follow from others; what can be reached from a node stays the same."""
        return replace(self, edges=reduce_edges(self.edges))


def reduce_edges(edges: Iterable[GraphEdge]) -> tuple[GraphEdge, ...]:
    """Edges without those that follow from others, the lightest left out first."""
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
