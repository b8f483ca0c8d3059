"""The parity matrix as text, markdown and data."""

from __future__ import annotations

from dataclasses import asdict

from mlplatform.plan.matrix import Matrix, Support
from mlplatform.spec.not_addons import NOT_ADDONS
from mlplatform.views.style import Hue, Style

_WORD: dict[Support, str] = {
    "yes": "yes",
    "partial": "in part",
    "no": "no",
    "other": "n/a",
    "missing": "MISSING",
}
_HUE: dict[Support, Hue] = {
    "yes": "green",
    "partial": "yellow",
    "no": "red",
    "other": "dim",
    "missing": "red",
}


HEAD = """# What each cloud supports

Support of every spec field. Fields without support, or with partial support, are listed below the table with the
reason and the nearest alternative; `n/a` is a field of another cloud's target. Fields below `cluster` are of the stack
inside the training cluster. Those below `pipelines` are told for the cloud's own service that runs pipelines, where the
training cluster (`engine: cluster`) does not; those below `endpoints` for the cloud's own service first, and for the
training cluster (`on: cluster`) where that differs. This page is generated:
`mlplatform matrix --format markdown > docs/parity.md`.

"""


def body(matrix: Matrix) -> dict[str, object]:
    """The matrix as data."""
    return {
        "clouds": list(matrix.clouds),
        "fields": [
            {
                "path": row.path,
                "clouds": {c: asdict(cell) for c, cell in zip(matrix.clouds, row.cells, strict=True)},
            }
            for row in matrix.rows
        ],
    }


def text(matrix: Matrix, style: Style) -> str:
    """A table, then every limit with its reason and alternative."""
    width = max(len(row.path) for row in matrix.rows)
    head = "".join(f"{title:<10}" for title in matrix.titles)
    lines = [style.paint(f"{'Field':<{width}}  {head}".rstrip(), "bold")]
    for row in matrix.rows:
        cells = "".join(style.paint(f"{_WORD[cell.support]:<10}", _HUE[cell.support]) for cell in row.cells).rstrip()
        lines.append(f"{row.path:<{width}}  {cells}")
    limits = [*_limits(matrix), *_not_there(matrix)]
    if limits:
        lines += ["", style.paint("No support, or only in part", "bold")]
    for field, reason, alternative in limits:
        lines.append(style.paint(field, "cyan"))
        lines += style.wrap(reason, "  ", "  ")
        lines += style.wrap(alternative, "  → ", "    ")
    return style.plain("\n".join(lines)) + "\n"


def markdown(matrix: Matrix) -> str:
    """The same as a document."""
    lines = [f"| Field | {' | '.join(matrix.titles)} |", f"| --- |{' --- |' * len(matrix.titles)}"]
    lines += [f"| `{row.path}` | {' | '.join(_WORD[cell.support] for cell in row.cells)} |" for row in matrix.rows]
    lines += ["", "## No support, or only in part", ""]
    limits = [*_limits(matrix), *_not_there(matrix)]
    lines += [f"- **{field}**: {reason} → {alternative}" for field, reason, alternative in limits]
    return HEAD + "\n".join(lines) + "\n"


def _limits(matrix: Matrix) -> list[tuple[str, str, str]]:
    return [
        (f"{row.path} on {title}", cell.reason, cell.alternative)
        for row in matrix.rows
        for title, cell in zip(matrix.titles, row.cells, strict=True)
        if cell.support in ("no", "partial")
    ]


def _not_there(matrix: Matrix) -> list[tuple[str, str, str]]:
    """Programs that are no add-ons, on any cloud."""
    if not any(row.path == "cluster.addons" for row in matrix.rows):
        return []
    return [(f"cluster.addons, {each.name}", each.reason, each.instead) for each in NOT_ADDONS]
