"""Graphs of plans in one of their formats."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.plan.graph import Graph

FORMATS = ("svg", "mermaid", "dot")


def graph_document(graphs: Sequence[Graph], form: str) -> str:
    """The document.

    Args:
        graphs: one per stack.
        form: `svg`, `mermaid` or `dot`.
    """
    if form == "svg":
        from mlplatform.views.graph import svg as graph_svg

        return graph_svg.document(graphs)
    # dependencies of single resources are all shown; between components, indirect ones would hide the others
    shown = [graph if graph.detail == "resource" else graph.reduced() for graph in graphs]
    if form == "dot":
        from mlplatform.views.graph import dot as graph_dot

        return graph_dot.document(shown)
    from mlplatform.views.graph import mermaid as graph_mermaid

    return graph_mermaid.document(shown)
