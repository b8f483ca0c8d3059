"""Graphs as mermaid, which GitHub and GitLab draw in markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.graph import Graph, GraphGroup, GraphNode
from mlplatform.views.escape import label


def document(graphs: Sequence[Graph]) -> str:
    """One flowchart; a subgraph per stack where there are several."""
    lines = ["flowchart LR"]
    for number, graph in enumerate(graphs):
        inner = _lines(graph, f"s{number}")
        if len(graphs) == 1:
            lines += [f"  {line}" for line in inner]
        else:
            lines += [f'  subgraph s{number}["{label(graph.stack)}"]', *(f"    {line}" for line in inner), "  end"]
    styles = (
        ["classDef data stroke-width:3px"] if any(node.stateful for graph in graphs for node in graph.nodes) else []
    )
    return "\n".join([*lines, *(f"  {style}" for style in styles)]) + "\n"


def _lines(graph: Graph, prefix: str) -> Iterator[str]:
    groups = {group.id: f"{prefix}g{number}" for number, group in enumerate(graph.groups)}
    nodes = {node.id: f"{prefix}n{number}" for number, node in enumerate(graph.nodes)}
    yield from _inside(graph, "", groups, nodes)
    for edge in graph.edges:
        yield f"{nodes[edge.source]} --> {nodes[edge.target]}"


def _inside(graph: Graph, group: str, groups: dict[str, str], nodes: dict[str, str]) -> Iterator[str]:
    for node in graph.nodes:
        if node.group == group:
            yield f'{nodes[node.id]}["{_label(node)}"]{":::data" if node.stateful else ""}'
    for inner in graph.groups:
        if inner.parent == group:
            yield f'subgraph {groups[inner.id]}["{_title(inner)}"]'
            for line in _inside(graph, inner.id, groups, nodes):
                yield f"  {line}"
            yield "end"


def _label(node: GraphNode) -> str:
    if node.kind not in ("component", "capability"):
        return f"{label(node.title)}: {label(node.kind)}"
    data = f", {node.stateful} hold data" if node.stateful else ""
    return f"{label(node.title)}: {len(node.urns)} resource{'s' * (len(node.urns) != 1)}{data}"


def _title(group: GraphGroup) -> str:
    return label(group.title)
