"""The inventory of models for people, for a document, for spreadsheets, and for tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from mlplatform.lineage.inventory import InventoryRow
from mlplatform.views.escape import escape, one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would run, https://owasp.org/www-community/attacks/CSV_Injection"""

_TITLES = ("Model", "Released", "Before", "Where", "Owner", "Data", "Approver", "Since", "Last review")


def inventory_text(rows: Sequence[InventoryRow], style: Style) -> str:
    """For people: a block per model, a line per place."""
    lines: list[str] = []
    for model in dict.fromkeys(row.model for row in rows):
        of_model = [row for row in rows if row.model == model]
        first = of_model[0]
        lines.append(one_line(f"{model}: owner {first.owner}, data {first.data_class}"))
        for row in of_model:
            words = one_line(f"{_where(row)}: {_said(row)}")
            lines += style.wrap(words, "  ", "    ")
    count = len({row.model for row in rows})
    lines += ["", f"{count} {'model' if count == 1 else 'models'}, {sum(bool(row.version) for row in rows)} releases"]
    return style.plain("\n".join(lines)) + "\n"


def inventory_markdown(rows: Sequence[InventoryRow]) -> str:
    """For a document: a table."""
    lines = [f"| {' | '.join(_TITLES)} |", f"|{'---|' * len(_TITLES)}"]
    for row in rows:
        since = row.since.day or row.since.unknown
        review = f"{row.reviewed} {row.reviewer}".strip() if row.reviewed else ""
        cells = (row.model, row.version or "none", row.previous, _where(row), row.owner, row.data_class)
        lines.append(f"| {' | '.join(map(escape, (*cells, row.approver, since, review)))} |")
    return "\n".join(lines) + "\n"


def inventory_csv(rows: Sequence[InventoryRow]) -> str:
    """For spreadsheets: no cell begins like a formula."""
    out = io.StringIO()
    fields = [_fields(row) for row in rows]
    writer = csv.DictWriter(out, tuple(_fields(rows[0])) if rows else (), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in each.items()} for each in fields)
    return out.getvalue()


def inventory_json(rows: Sequence[InventoryRow]) -> str:
    """For tools: what nobody knows is null."""
    return document_text({"models": [{name: value or None for name, value in _fields(row).items()} for row in rows]})


def _fields(row: InventoryRow) -> dict[str, str]:
    names = ("model", "platform", "environment", "target", "endpoint", "variant", "version", "previous", "owner")
    fields: dict[str, str] = {name: getattr(row, name) for name in (*names, "data_class", "approver")}
    since = {"since": row.since.day, "since_commit": row.since.commit, "since_unknown": row.since.unknown}
    return {**fields, **since, "reviewed": row.reviewed, "reviewer": row.reviewer}


def _cell(value: str) -> str:
    text = one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _where(row: InventoryRow) -> str:
    served = f": {row.endpoint}, {row.variant}" if row.endpoint else ""
    return f"{row.environment} on {row.target}{served}"


def _said(row: InventoryRow) -> str:
    if not row.version:
        return "no version released"
    before = f", before {row.previous}" if row.previous else ""
    since = f"since {row.since.day}" if row.since.day else row.since.unknown
    later = f", reviewed {row.reviewed} by {row.reviewer}" if row.reviewed and row.reviewed != row.since.day else ""
    return f"version {row.version}{before}, approved by {row.approver}, {since}{later}"
