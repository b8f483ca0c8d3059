"""Graphs as SVG: one drawing per stack, one below the other, also for screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape as _html

from mlplatform.plan.graph import Graph, GraphNode
from mlplatform.views.diff.common import SIGNS, say_counts
from mlplatform.views.escape import one_line
from mlplatform.views.graph.layout import HEAD, Box, Layout, lay_out
from mlplatform.views.graph.lines import connections

MARGIN = 20
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids: https://www.w3.org/TR/xml/#charsets."""
_CLASSES = {"network": "net", "private": "sub", "public": "sub pub", "capability": "cap", "component": "comp"}

STYLE = (
    ".graph{--ground:#fff;--net:#eef4ff;--net-line:#7aa2e3;--sub:#f7faff;--cap:#f4f4f5;--line:#d4d4d8;--tile:#fff;"
    "--ink:#18181b;--soft:#52525b;--edge:#71717a;--mark:#b45309;background:var(--ground);"
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
    "@media(prefers-color-scheme:dark){.graph{--ground:#101014;--net:#131c2e;--net-line:#3d5d94;--sub:#172136;"
    "--cap:#1c1c21;--line:#3f3f46;--tile:#26262c;--ink:#f4f4f5;--soft:#b4b4bd;--edge:#a1a1aa;--mark:#f59e0b}}"
    ".net{fill:var(--net);stroke:var(--net-line);stroke-width:1.5}"
    ".sub{fill:var(--sub);stroke:var(--net-line)}.pub{stroke-dasharray:5 4}"
    ".cap{fill:var(--cap);stroke:var(--line)}.comp{fill:none;stroke:var(--line);stroke-dasharray:3 3}"
    ".tile{fill:var(--tile);stroke:var(--line)}.mark{fill:var(--mark)}"
    ".edge{fill:none;stroke:var(--edge);stroke-width:1.3;opacity:.75}.head{fill:var(--edge)}"
    ".name{font-size:12px;font-weight:600;fill:var(--ink)}.stack{font-size:15px;font-weight:700;fill:var(--ink)}"
    ".what{font-size:12.5px;font-weight:600;fill:var(--ink)}.more{font-size:11px;fill:var(--soft)}"
    ".what.small{font-size:10.5px}.more.small{font-size:9.5px}"
)
"""Style of a drawing that stands alone; a page brings its own."""


def document(graphs: Sequence[Graph]) -> str:
    """A whole SVG file, in light and dark."""
    drawn = [(graph, lay_out(graph)) for graph in graphs]
    several = len(drawn) > 1
    head = HEAD + 8 if several else 0
    width = max((drawing.root.w for _, drawing in drawn), default=0) + 2 * MARGIN
    parts: list[str] = []
    y = float(MARGIN)
    for number, (graph, drawing) in enumerate(drawn):
        if several:
            parts.append(f'<text class="stack" x="{MARGIN}" y="{_n(y + 18)}">{xml_text(graph.stack)}</text>')
        parts.append(f'<g transform="translate({MARGIN} {_n(y + head)})">')
        parts += _elements(graph, drawing, f"d{number}", link="")
        parts.append("</g>")
        y += drawing.root.h + head + MARGIN
    title = ", ".join(graph.stack for graph in graphs)
    wide, high = _n(width), _n(y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img"'
        f' aria-labelledby="title" class="graph"><title id="title">{xml_text(title)}</title>'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def inline(graph: Graph, prefix: str, link: str) -> str:
    """A drawing inside a page, which brings the style.

    Args:
        graph: the graph of one plan.
        prefix: begins its ids; unique within the page.
        link: target of a component's tile, for example `#resources`.
    """
    drawing = lay_out(graph)
    wide, high = _n(drawing.root.w + 2 * MARGIN), _n(drawing.root.h + 2 * MARGIN)
    body = "\n".join(_elements(graph, drawing, prefix, link))
    return (
        f'<svg class="graph" viewBox="{-MARGIN} {-MARGIN} {wide} {high}" width="{wide}" height="{high}" role="group"'
        f' aria-label="{xml_text(f"Architecture of {graph.stack}")}">{body}</svg>'
    )


def _elements(graph: Graph, drawing: Layout, prefix: str, link: str) -> Iterator[str]:
    arrow = f"{prefix}-arrow"
    yield (
        f'<defs><marker id="{arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path class="head" d="M0 0L8 4L0 8z"/></marker>'
        "</defs>"
    )
    boxes = drawing.root.walk()[1:]
    for box in boxes:
        if box.group and box.group.kind in ("network", "private", "public"):
            yield from _boundary(box)
    # drawn over the networks and under the boxes inside of them
    for line in connections(drawing):
        title = xml_text(f"{line.source} needs {line.target}: {line.count} dependencies")
        marks = f' marker-start="url(#{arrow})"' if line.both else ""
        yield f'<path class="edge" d="{line.d}" marker-end="url(#{arrow})"{marks}><title>{title}</title></path>'
    for box in boxes:
        if box.group and box.group.kind in ("capability", "component"):
            yield from _boundary(box)
        elif box.node:
            yield from _tile(box, graph, link)


def _boundary(box: Box) -> Iterator[str]:
    group = box.group
    assert group is not None
    yield f'<rect class="{_CLASSES[group.kind]}" {_position(box)} rx="{12 if group.kind == "network" else 8}"/>'
    room = int((box.w - 24) / 6.6)
    yield f'<text class="name" x="{_n(box.x + 14)}" y="{_n(box.y + 19)}">{xml_text(_cut(group.title, room))}</text>'


def _tile(box: Box, graph: Graph, link: str) -> Iterator[str]:
    node = box.node
    assert node is not None
    if graph.detail == "resource":
        detail = node.kind
        sizes = (int((box.w - 16) / 6.2), 14, 27)
    else:
        detail = say_counts(node.changes) or describe_node(node)
        sizes = (int((box.w - 22) / 6.7), 19, 36)
    room, first, second = sizes
    small = " small" if graph.detail == "resource" else ""
    opening = f'<a href="{xml_text(link)}" data-node="{xml_text(node.title)}">' if link else "<g>"
    yield f"{opening}<title>{xml_text(f'{node.title}: {detail}')}</title>"
    change = f" {node.change}" if node.change else " same" if graph.changed else ""
    yield f'<rect class="tile{" data" if node.stateful else ""}{change}" {_position(box)} rx="6"/>'
    if node.stateful:
        yield f'<rect class="mark" x="{_n(box.x)}" y="{_n(box.y + 6)}" width="4" height="{_n(box.h - 12)}" rx="2"/>'
    x = _n(box.x + 12)
    yield f'<text class="what{small}" x="{x}" y="{_n(box.y + first)}">{xml_text(_cut(node.title, room))}</text>'
    yield f'<text class="more{small}" x="{x}" y="{_n(box.y + second)}">{xml_text(_cut(detail, room + 4))}</text>'
    if node.change:
        right = _n(box.x + box.w - 13)
        yield f'<text class="sign {node.change}" x="{right}" y="{_n(box.y + 20)}">{SIGNS[node.change]}</text>'
    yield "</a>" if link else "</g>"


def describe_node(node: GraphNode) -> str:
    """What a tile stands for: `12 resources · 3 hold data`."""
    data = f" · {node.stateful} hold{'s' * (node.stateful == 1)} data" if node.stateful else ""
    return f"{len(node.urns)} resource{'s' * (len(node.urns) != 1)}{data}"


def xml_text(value: str) -> str:
    """Untrusted text, safe in XML and HTML."""
    return _html(_ILLEGAL.sub(" ", one_line(value)))


def _cut(value: str, room: int) -> str:
    return value if len(value) <= room else f"{value[: max(room - 1, 1)]}…"


def _position(box: Box) -> str:
    return f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}"'


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
