"""The report: everything about some stacks in one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlplatform.views.report.stack import Part, context

if TYPE_CHECKING:
    from markupsafe import Markup

    from mlplatform.plan.matrix import Matrix

FOLDER = "report"
"""Below the templates' folder."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about."""

    parts: tuple[Part, ...]
    """One per stack."""

    matrix: Matrix
    """What each cloud can do."""

    base: str = ""
    """What the stacks are compared with, for people; empty where with nothing."""

    provenance: tuple[tuple[str, str], ...] = ()
    """What it was made from and with: name and value."""


def document(subject: Subject, templates: Path) -> str:
    """The page; the same subject gives the same bytes.

    Args:
        subject: what it is about.
        templates: folder of the templates.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = templates / FOLDER
    style = (folder / "report.css").read_text(encoding="utf-8")
    script = (folder / "report.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(str(folder)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["said"] = said
    stacks = [context(part, f"s{number}") for number, part in enumerate(subject.parts)]
    return environment.get_template("report.html.j2").render(
        title=", ".join(dict.fromkeys(part.summary.platform if part.summary else part.label for part in subject.parts)),
        labels=list(dict.fromkeys(part.label for part in subject.parts)),
        base=subject.base,
        stacks=stacks,
        parity=_parity(subject.matrix, {part.plan.cloud for part in subject.parts}),
        provenance=subject.provenance,
        # ours, and held by their hashes; a name from outside cannot come into them
        style=Markup(style),
        script=Markup(script),
        style_hash=hashed(style),
        script_hash=hashed(script),
    )


def hashed(text: str) -> str:
    """As a Content-Security-Policy names an inline style or script: https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def said(sentence: str) -> Markup:
    """A sentence of ours, with what stands between backticks as code."""
    from markupsafe import Markup

    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return Markup.escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else piece for number, piece in enumerate(pieces)
    )


_WORDS = {"yes": "yes", "partial": "in part", "no": "no", "other": "n/a", "missing": "missing"}


def _parity(matrix: Matrix, clouds: set[str]) -> dict[str, object]:
    shown = [number for number, cloud in enumerate(matrix.clouds) if cloud in clouds]
    rows: list[dict[str, object]] = []
    limits: list[dict[str, str]] = []
    for row in matrix.rows:
        cells = [row.cells[number] for number in shown]
        if all(cell.support == "other" for cell in cells):
            continue
        rows.append({"path": row.path, "cells": [{"key": c.support, "word": _WORDS[c.support]} for c in cells]})
        limits += [
            {
                "path": row.path,
                "cloud": matrix.titles[number],
                "word": _WORDS[row.cells[number].support],
                "reason": row.cells[number].reason,
                "instead": row.cells[number].alternative,
            }
            for number in shown
            if row.cells[number].support in ("no", "partial", "missing")
        ]
    return {"titles": [matrix.titles[number] for number in shown], "rows": rows, "limits": _joined(limits)}


def _joined(limits: Sequence[dict[str, str]]) -> list[dict[str, object]]:
    """The same reason for several fields is told once."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for one in limits:
        found.setdefault((one["cloud"], one["word"], one["reason"], one["instead"]), []).append(one["path"])
    return [
        {"paths": paths, "cloud": cloud, "word": word, "reason": reason, "instead": instead}
        for (cloud, word, reason, instead), paths in found.items()
    ]
