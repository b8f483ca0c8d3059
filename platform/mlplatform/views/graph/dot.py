"""Graphs as DOT, for Graphviz and what reads its language: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.graph import Graph, GraphNode
from mlplatform.views.escape import one_line

_STYLES = {
    "network": 'style="rounded,bold"',
    "private": 'style="rounded"',
    "public": 'style="rounded,dashed"',
    "capability": 'style="rounded,filled", fillcolor="#f4f4f5"',
    "component": 'style="rounded", color="#a1a1aa"',
}


def document(graphs: Sequence[Graph]) -> str:
    """One digraph with a cluster per stack."""
    lines = ["digraph plan {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    lines += ['  graph [compound=true, fontname="sans-serif"];', '  edge [color="#71717a"];']
    for number, graph in enumerate(graphs):
        lines += [f"  subgraph cluster_s{number} {{", f"    label={quoted(graph.stack)};"]
        lines += [f"    {line}" for line in _lines(graph, f"s{number}")]
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def quoted(text: str) -> str:
    """A quoted string that nothing in it ends; backslashes are doubled, so that none begins an escape."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(graph: Graph, prefix: str) -> Iterator[str]:
    clusters = {group.id: f"cluster_{prefix}g{number}" for number, group in enumerate(graph.groups)}
    nodes = {node.id: f"{prefix}n{number}" for number, node in enumerate(graph.nodes)}
    yield from _inside(graph, "", clusters, nodes)
    for edge in graph.edges:
        yield f"{nodes[edge.source]} -> {nodes[edge.target]};"


def _inside(graph: Graph, group: str, clusters: dict[str, str], nodes: dict[str, str]) -> Iterator[str]:
    for node in graph.nodes:
        if node.group == group:
            data = ", peripheries=2" if node.stateful else ""
            yield f"{nodes[node.id]} [label={_label(node)}{data}];"
    for inner in graph.groups:
        if inner.parent == group:
            yield f"subgraph {clusters[inner.id]} {{"
            yield f"  label={quoted(inner.title)}; {_STYLES[inner.kind].replace(', ', '; ')};"
            for line in _inside(graph, inner.id, clusters, nodes):
                yield f"  {line}"
            yield "}"


def _label(node: GraphNode) -> str:
    several = node.kind in ("component", "capability")
    detail = f"{len(node.urns)} resource{'s' * (len(node.urns) != 1)}" if several else node.kind
    # the one escape that is meant: a line break between the two
    return f"{quoted(node.title)[:-1]}\\n{quoted(detail)[1:]}"
