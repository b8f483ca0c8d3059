"""The report: everything about some stacks in one self-contained HTML file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlplatform.views.report.stack import ReportStack, stack_values
from mlplatform.views.report.targets import stacks_side_by_side

if TYPE_CHECKING:
    from markupsafe import Markup

    from mlplatform.plan.matrix import Matrix

FOLDER = "report"
"""Folder of the page's templates."""


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """Stacks of a report, with their comparison and origin."""

    stacks: tuple[ReportStack, ...]
    """One per stack."""

    matrix: Matrix
    """Support of each cloud."""

    base: str = ""
    """Name of the base of the comparison; empty without one."""

    provenance: tuple[tuple[str, str], ...] = ()
    """Sources and tools of the report: name and value."""


def report_document(subject: ReportSubject, templates: Path) -> str:
    """The page; the same subject gives the same bytes.

    Args:
        subject: the stacks.
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
    environment.filters["sentence"] = sentence
    environment.filters["breakable"] = breakable
    stacks = [stack_values(stack, f"s{number}") for number, stack in enumerate(subject.stacks)]
    return environment.get_template("report.html.j2").render(
        title=", ".join(
            dict.fromkeys(stack.summary.platform if stack.summary else stack.label for stack in subject.stacks)
        ),
        labels=list(dict.fromkeys(stack.label for stack in subject.stacks)),
        base=subject.base,
        stacks=stacks,
        targets=stacks_side_by_side(subject.stacks),
        parity=_parity(subject.matrix, {stack.plan.cloud for stack in subject.stacks}),
        provenance=subject.provenance,
        # files of this package, allowed by their hashes; no untrusted text is in them
        style=Markup(style),
        script=Markup(script),
        style_hash=csp_hash(style),
        script_hash=csp_hash(script),
    )


def csp_hash(text: str) -> str:
    """The hash of an inline style or script in a Content-Security-Policy: https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def sentence(text: str) -> Markup:
    """A sentence of this project, with text in backticks as code."""
    from markupsafe import Markup

    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return breakable(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(breakable(piece)) if number % 2 else breakable(piece)
        for number, piece in enumerate(pieces)
    )


_BREAK = re.compile(r"(?<=[./_:,=@-])(?=\w)|(?<=[a-z])(?=[A-Z])")


def breakable(text: str) -> Markup:
    """A name or path that a line may break at its separators and capitals, instead of inside a word."""
    from markupsafe import Markup

    return Markup("<wbr>").join(_BREAK.split(text))


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
    return {"titles": [matrix.titles[number] for number in shown], "rows": rows, "limits": _merged(limits)}


def _merged(limits: Sequence[dict[str, str]]) -> list[dict[str, object]]:
    """The limits, with equal ones of several fields as one."""
    paths: dict[tuple[str, str, str, str], list[str]] = {}
    for limit in limits:
        key = (limit["cloud"], limit["word"], limit["reason"], limit["instead"])
        paths.setdefault(key, []).append(limit["path"])
    return [
        {"paths": fields, "cloud": cloud, "word": word, "reason": reason, "instead": instead}
        for (cloud, word, reason, instead), fields in paths.items()
    ]
