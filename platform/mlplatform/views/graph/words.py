"""A graph in words: the same places, boxes, tiles and lines as its drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform.plan.graph import Graph, GraphGroup, GraphNode
from mlplatform.views.graph.layout import Box, lay_out


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One box of a drawing."""

    place: str
    """Titles of the boundaries around it, outer ones first; empty outside of networks."""

    title: str
    """Its own title."""

    nodes: tuple[GraphNode, ...]
    """Its tiles."""

    needs: tuple[str, ...]
    """Titles of the boxes that its arrows point to."""


def describe_graph(graph: Graph) -> Iterator[Paragraph]:
    """The boxes of capabilities, in the order of the drawing."""
    drawing = lay_out(graph)
    needs: dict[str, list[str]] = {}
    for source, target, _ in drawing.edges:
        needs.setdefault(source.key, []).append(_title(target))
    groups = {group.id: group for group in graph.groups}
    boxes: dict[str, list[GraphNode]] = {}
    for node in graph.nodes:
        boxes.setdefault(node.id if graph.detail == "capability" else node.group, []).append(node)
    for key, nodes in boxes.items():
        group = groups.get(key)
        outer = list(_around(groups, group.parent if group else nodes[0].group))
        title = group.title if group else nodes[0].title
        yield Paragraph(", ".join(reversed(outer)), title, tuple(nodes), tuple(dict.fromkeys(needs.get(key, ()))))


def _around(groups: dict[str, GraphGroup], key: str) -> Iterator[str]:
    while key:
        yield groups[key].title
        key = groups[key].parent


def _title(box: Box) -> str:
    either = box.group or box.node
    return either.title if either else ""
