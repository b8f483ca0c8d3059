"""A plan as a graph: capabilities, components or resources, their networks, and their dependencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mlplatform.plan.change import ChangeKind

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

    changes: Mapping[ChangeKind, int] = field(default_factory=dict["ChangeKind", int])
    """Number of its changed resources by kind; empty where nothing is compared, or nothing changes."""

    @property
    def change(self) -> ChangeKind | None:
        """What happens to it as a whole; None where nothing does."""
        if not self.changes:
            return None
        for whole in ("create", "delete"):
            if self.changes.get(whole) == len(self.urns):
                return whole
        if "replace" in self.changes:
            return "replace"
        return "move" if set(self.changes) == {"move"} else "update"


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

    @property
    def changed(self) -> bool:
        """Whether any of its nodes changes."""
        return any(node.changes for node in self.nodes)

    def around_changes(self) -> Graph:
        """The nodes that change, and those beside them."""
        changed = {node.id for node in self.nodes if node.changes}
        kept = changed | {
            other
            for edge in self.edges
            for one, other in ((edge.source, edge.target), (edge.target, edge.source))
            if one in changed
        }
        parents = {group.id: group.parent for group in self.groups}
        around: set[str] = set()
        for node in self.nodes:
            group = node.group if node.id in kept else ""
            while group:
                around.add(group)
                group = parents[group]
        return replace(
            self,
            groups=tuple(group for group in self.groups if group.id in around),
            nodes=tuple(node for node in self.nodes if node.id in kept),
            edges=tuple(edge for edge in self.edges if {edge.source, edge.target} <= kept),
        )

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
