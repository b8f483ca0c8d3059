"""Who released what, for people and for tools."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.lineage.audit import ReleaseChange
from mlplatform.views.escape import one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style


def audit_text(changes: Sequence[ReleaseChange], gaps: Sequence[str], style: Style) -> str:
    """For people: the newest first, a line each, and what cannot be known."""
    lines: list[str] = []
    for each in changes:
        lines += style.wrap(one_line(_line(each)), "", "    ")
    lines += [*([] if lines else ["no change of a release"]), ""]
    for gap in gaps:
        lines += style.wrap(one_line(gap), style.paint("! ", "red"), "  ")
    return style.plain("\n".join(lines).rstrip()) + "\n"


def audit_json(changes: Sequence[ReleaseChange], gaps: Sequence[str]) -> str:
    """For tools."""
    return document_text({"changes": [_document(each) for each in changes], "gaps": list(gaps)})


def _line(change: ReleaseChange) -> str:
    when = f"{change.day} {change.commit[:12]}" if change.commit else "not committed yet"
    moved = " to ".join(filter(None, (change.before, change.after))) if change.before != change.after else change.after
    by = f", committed by {change.by}" if change.by else ""
    approver = f", approver {change.approver}" if change.approver else ""
    over = f", overruled: {', '.join(change.overruled)}" if change.overruled else ""
    target, endpoint, variant = change.place
    return f"{when}  {change.environment} on {target}: {endpoint}, {variant}: {change.kind} {moved}{approver}{by}{over}"


def _document(change: ReleaseChange) -> dict[str, object]:
    target, endpoint, variant = change.place
    return {
        "environment": change.environment,
        "target": target,
        "endpoint": endpoint,
        "variant": variant,
        "kind": change.kind,
        "before": change.before or None,
        "after": change.after or None,
        "approver": change.approver or None,
        "day": change.day or None,
        "commit": change.commit or None,
        "committed_by": change.by or None,
        "overruled": list(change.overruled),
    }
