"""Draws the graph of a plan: nodes, the groups around them, and their dependencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlplatform.plan.capability import TITLES, capability_of, component_of
from mlplatform.plan.change import ChangeKind, Diff
from mlplatform.plan.graph import Detail, Graph, GraphEdge, GraphGroup, GraphNode, GroupKind
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.placement import NetworkPlace, find_places, place_component, type_noun
from mlplatform.plan.stateful import holds_data


def draw_graph(plan: Plan, detail: Detail = "component") -> Graph:
    """Draw a plan.

    Args:
        plan: offline, of a preview, or of a state.
        detail: level of detail: what one node stands for.
    """
    return _draw(plan, detail, {})


def draw_change(diff: Diff, detail: Detail = "component") -> Graph:
    """Draw both sides of a difference as one, with the changes in its nodes; what is deleted stands where it stood.

    Args:
        diff: the difference of two plans.
        detail: level of detail: what one node stands for.
    """
    kinds: dict[str, ChangeKind] = {change.step.urn: change.kind for change in diff.changes}
    named = {(step.type, step.name): step.urn for step in diff.after.steps if not step.custom}
    # two stacks have other URNs for the same component
    same = {
        step.urn: named[step.type, step.name]
        for step in diff.before.steps
        if not step.custom and (step.type, step.name) in named
    }
    gone = tuple(
        replace(step, parent=same.get(step.parent, step.parent))
        for step in diff.before.steps
        if (kinds.get(step.urn) == "delete" if step.custom else step.urn not in same)
    )
    return _draw(replace(diff.after, steps=(*diff.after.steps, *gone)), detail, kinds)


def _draw(plan: Plan, detail: Detail, kinds: Mapping[str, ChangeKind]) -> Graph:
    steps = {step.urn: step for step in plan.steps}
    by_component: dict[str, list[Step]] = defaultdict(list)
    capability: dict[str, str] = {}
    for step in plan.resources():
        component = component_of(step, steps)
        owner = component.urn if component else ""
        by_component[owner].append(step)
        capability[owner] = capability_of(component.type) if component else "Platform"
    places = find_places(plan)
    drawn = _Drawn(plan, steps, kinds)
    for owner in sorted(by_component, key=lambda urn: (_order(capability[urn]), drawn.title(urn), urn)):
        members, title = by_component[owner], capability[owner]
        if detail == "resource":
            for step in sorted(members, key=lambda step: (step.type, step.name, step.urn)):
                inner = drawn.component(drawn.capability(places.get(step.urn), title), owner)
                name = drawn.title(step.urn)
                short = name.removeprefix(f"{drawn.title(owner)}-") if owner else name
                drawn.add(step.urn, short, type_noun(step), inner, [step])
            continue
        place = place_component(members, places) if owner else None
        if detail == "capability":
            boundary = drawn.place(place)
            drawn.add(f"{boundary}/{title}", title, "capability", boundary, members)
        else:
            inner = drawn.capability(place, title)
            drawn.add(owner or plan.stack, drawn.title(owner) or plan.stack, "component", inner, members)
    return drawn.graph(detail)


class _Drawn:
    """Collects groups and nodes."""

    def __init__(self, plan: Plan, steps: Mapping[str, Step], kinds: Mapping[str, ChangeKind]) -> None:
        self._plan, self._steps, self._kinds = plan, steps, kinds
        self._groups: dict[str, GraphGroup] = {}
        self._nodes: dict[str, GraphNode] = {}
        root = next((s.name for s in plan.steps if s.type == "mlplatform:index:Platform"), "")
        self._prefix = f"{root}-" if root else ""

    def title(self, urn: str) -> str:
        """Logical name without the platform's prefix."""
        return self._steps[urn].name.removeprefix(self._prefix) if urn in self._steps else ""

    def place(self, place: NetworkPlace | None) -> str:
        """The group of a place, created when it is first needed."""
        if place is None:
            return ""
        network = f"network:{place.network}"
        name = self.title(place.network)
        self._group(network, f"Network {name}".rstrip(), "network", "")
        if not place.reach:
            return network
        return self._group(f"{network}/{place.reach}", f"{place.reach.capitalize()} subnets", place.reach, network)

    def capability(self, place: NetworkPlace | None, title: str) -> str:
        """The group of a capability at a place."""
        outer = self.place(place)
        return self._group(f"{outer}/{title}", title, "capability", outer)

    def component(self, outer: str, urn: str) -> str:
        """The group of a component in a group."""
        return self._group(f"{outer}/{urn}", self.title(urn) or self._plan.stack, "component", outer)

    def _group(self, key: str, title: str, kind: GroupKind, parent: str) -> str:
        self._groups.setdefault(key, GraphGroup(key, title, kind, parent))
        return key

    def add(self, key: str, title: str, kind: str, group: str, members: Iterable[Step]) -> None:
        """Add a node; a second one with the same id is merged into the first."""
        steps = list(members)
        before = self._nodes.get(key)
        urns = sorted([step.urn for step in steps] + list(before.urns if before else ()))
        stateful = sum(holds_data(step) for step in steps) + (before.stateful if before else 0)
        changes: Counter[ChangeKind] = Counter(self._kinds[urn] for urn in urns if urn in self._kinds)
        self._nodes[key] = GraphNode(key, title, kind, group, tuple(urns), stateful, changes)

    def graph(self, detail: Detail) -> Graph:
        """The graph with its edges."""
        owner = {urn: node.id for node in self._nodes.values() for urn in node.urns}
        edges = Counter(
            (owner[step.urn], owner[urn])
            for step in self._plan.resources()
            for urn in step.dependencies
            if urn in owner and owner[urn] != owner[step.urn]
        )
        return Graph(
            cloud=self._plan.cloud,
            stack=self._plan.stack,
            detail=detail,
            groups=tuple(self._groups.values()),
            nodes=tuple(self._nodes.values()),
            edges=tuple(GraphEdge(*pair, count) for pair, count in sorted(edges.items())),
        )


def _order(title: str) -> tuple[int, str]:
    return (TITLES.index(title) if title in TITLES else len(TITLES), title)
