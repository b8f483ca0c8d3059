"""What is wrong with a dashboard: Grafana's library checks nothing, and Grafana shows a broken panel empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

import promql_parser

from mlplatform.plan.sources.fields import items, mapping, text, whole_number

_COLUMNS = 24
"""Width of Grafana's grid."""

_OWN = re.compile(r"\$__(?:rate_)?interval(?:_ms)?|\$__range")
"""Grafana's own variables in queries, each a duration."""


def dashboard_faults(document: str) -> tuple[str, ...]:
    """What is wrong with a dashboard; empty where nothing is.

    Args:
        document: the dashboard, as JSON.
    """
    board = mapping(cast("object", json.loads(document)))
    return tuple(_faults(board))


def _faults(board: Mapping[str, object]) -> Iterator[str]:
    for name in ("title", "uid"):
        if not text(board.get(name)):
            yield f"no {name}"
    if len(text(board.get("uid"))) > 40:
        yield "uid: more than 40 characters"
    if whole_number(board.get("schemaVersion")) < 36:
        yield f"schemaVersion: got {board.get('schemaVersion')!r}, expected a number from 36"
    panels = [mapping(panel) for panel in items(board.get("panels"))]
    known = {
        text(each.get("name"))
        for each in map(mapping, items(mapping(board.get("templating")).get("list")))
        if each.get("type") == "datasource"
    }
    if not panels:
        yield "no panel"
    numbers = [panel.get("id") for panel in panels]
    if len(set(numbers)) != len(numbers) or None in numbers:
        yield f"ids of panels: got {numbers}, expected a number of its own for each"
    yield from _overlaps(panels)
    for panel in panels:
        for fault in _of_panel(panel, known):
            yield f"panel {panel.get('title')!r}: {fault}"


def _overlaps(panels: list[Mapping[str, object]]) -> Iterator[str]:
    taken: dict[tuple[int, int], object] = {}
    for panel in panels:
        place = mapping(panel.get("gridPos"))
        x, y, width, height = (whole_number(place.get(key)) for key in "xywh")
        if width < 1 or height < 1 or x + width > _COLUMNS:
            yield f"panel {panel.get('title')!r}: gridPos {dict(place)} is not within {_COLUMNS} columns"
            continue
        cells = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        if over := next((taken[cell] for cell in cells if cell in taken), None):
            yield f"panel {panel.get('title')!r} lies on {over!r}"
        taken |= dict.fromkeys(cells, panel.get("title"))


def _of_panel(panel: Mapping[str, object], known: set[str]) -> Iterator[str]:
    if panel.get("type") not in ("timeseries", "text", "row"):
        yield f"type: got {panel.get('type')!r}, expected one that this program makes"
    targets = [mapping(target) for target in items(panel.get("targets"))]
    if panel.get("type") == "timeseries" and not targets:
        yield "no query"
    names = [target.get("refId") for target in targets]
    if len(set(names)) != len(names) or None in names:
        yield f"names of queries: got {names}, expected one of its own for each"
    for source in [panel.get("datasource"), *(target.get("datasource") for target in targets)] if targets else []:
        uid = text(mapping(source).get("uid"))
        if uid.removeprefix("${").removesuffix("}") not in known or not uid.startswith("${"):
            yield f"datasource: got {uid!r}, expected a variable of the dashboard"
    for target in targets:
        query = target.get("expr") or mapping(target.get("promQLQuery")).get("expr")
        if isinstance(query, str):
            try:
                promql_parser.parse(_OWN.sub("5m", query))
            except ValueError as error:
                yield f"{query}: {error}"
        elif not {"metricName", "azureMonitor", "azureLogAnalytics"} & set(target):
            yield f"query {target.get('refId')}: it asks for nothing"
