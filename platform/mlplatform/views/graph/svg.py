"""Graphs as SVG: one drawing per stack, one below the other, readable by people and by screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape as _html

from mlplatform.plan.graph import Graph
from mlplatform.views.escape import one_line
from mlplatform.views.graph.layout import HEAD, Box, Layout, layout
from mlplatform.views.graph.lines import paths
from mlplatform.views.graph.style import STYLE

MARGIN = 20
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not take: https://www.w3.org/TR/xml/#charsets."""
_LOOKS = {"network": "net", "private": "sub", "public": "sub pub", "capability": "cap", "component": "comp"}


def document(graphs: Sequence[Graph]) -> str:
    """A whole SVG file, in light and dark."""
    drawn = [(graph, layout(graph)) for graph in graphs]
    several = len(drawn) > 1
    head = HEAD + 8 if several else 0
    width = max((one.root.w for _, one in drawn), default=0) + 2 * MARGIN
    parts: list[str] = []
    y = float(MARGIN)
    for number, (graph, one) in enumerate(drawn):
        if several:
            parts.append(f'<text class="stack" x="{MARGIN}" y="{_n(y + 18)}">{text(graph.stack)}</text>')
        parts.append(f'<g transform="translate({MARGIN} {_n(y + head)})">')
        parts += _parts(graph, one, f"d{number}", link="")
        parts.append("</g>")
        y += one.root.h + head + MARGIN
    title = ", ".join(graph.stack for graph in graphs)
    wide, high = _n(width), _n(y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img"'
        f' aria-labelledby="title" class="graph"><title id="title">{text(title)}</title>'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def inline(graph: Graph, prefix: str, link: str) -> str:
    """A drawing for the inside of a page, which brings the style.

    Args:
        graph: one plan's.
        prefix: begins its ids; unlike those of other drawings of the page.
        link: where a component's tile leads, for example `#resources`.
    """
    one = layout(graph)
    wide, high = _n(one.root.w + 2 * MARGIN), _n(one.root.h + 2 * MARGIN)
    body = "\n".join(_parts(graph, one, prefix, link))
    return (
        f'<svg class="graph" viewBox="{-MARGIN} {-MARGIN} {wide} {high}" width="{wide}" height="{high}" role="group"'
        f' aria-label="{text(f"Architecture of {graph.stack}")}">{body}</svg>'
    )


def _parts(graph: Graph, one: Layout, prefix: str, link: str) -> Iterator[str]:
    arrow = f"{prefix}-arrow"
    yield (
        f'<defs><marker id="{arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path class="head" d="M0 0L8 4L0 8z"/></marker>'
        "</defs>"
    )
    boxes = one.root.walk()[1:]
    for box in boxes:
        if box.group and box.group.kind in ("network", "private", "public"):
            yield from _boundary(box)
    # over the networks' ground and under what stands on it
    for path in paths(one):
        said = f"{path.source} needs {path.target}: {path.count} dependencies"
        marks = f' marker-start="url(#{arrow})"' if path.both else ""
        yield f'<path class="edge" d="{path.d}" marker-end="url(#{arrow})"{marks}><title>{text(said)}</title></path>'
    for box in boxes:
        if box.group and box.group.kind in ("capability", "component"):
            yield from _boundary(box)
        elif box.node:
            yield from _tile(box, graph, link)


def _boundary(box: Box) -> Iterator[str]:
    group = box.group
    assert group is not None
    yield f'<rect class="{_LOOKS[group.kind]}" {_at(box)} rx="{12 if group.kind == "network" else 8}"/>'
    room = int((box.w - 24) / 6.6)
    yield f'<text class="name" x="{_n(box.x + 14)}" y="{_n(box.y + 19)}">{text(_cut(group.title, room))}</text>'


def _tile(box: Box, graph: Graph, link: str) -> Iterator[str]:
    node = box.node
    assert node is not None
    if graph.detail == "resource":
        detail = node.kind
        sizes = (int((box.w - 16) / 6.2), 14, 27)
    else:
        data = f" · {node.stateful} hold{'s' * (node.stateful == 1)} data" if node.stateful else ""
        detail = f"{len(node.urns)} resource{'s' * (len(node.urns) != 1)}{data}"
        sizes = (int((box.w - 22) / 6.7), 19, 36)
    room, first, second = sizes
    small = " small" if graph.detail == "resource" else ""
    opening = f'<a href="{text(link)}" data-node="{text(node.title)}">' if link else "<g>"
    yield f"{opening}<title>{text(f'{node.title}: {detail}')}</title>"
    yield f'<rect class="tile{" data" if node.stateful else ""}" {_at(box)} rx="6"/>'
    if node.stateful:
        yield f'<rect class="mark" x="{_n(box.x)}" y="{_n(box.y + 6)}" width="4" height="{_n(box.h - 12)}" rx="2"/>'
    x = _n(box.x + 12)
    yield f'<text class="what{small}" x="{x}" y="{_n(box.y + first)}">{text(_cut(node.title, room))}</text>'
    yield f'<text class="more{small}" x="{x}" y="{_n(box.y + second)}">{text(_cut(detail, room + 4))}</text>'
    yield "</a>" if link else "</g>"


def text(value: str) -> str:
    """Text from outside, harmless in XML and HTML."""
    return _html(_ILLEGAL.sub(" ", one_line(value)))


def _cut(value: str, room: int) -> str:
    return value if len(value) <= room else f"{value[: max(room - 1, 1)]}…"


def _at(box: Box) -> str:
    return f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}"'


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
