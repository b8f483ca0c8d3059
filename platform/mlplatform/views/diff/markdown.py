"""A difference for a pull request: tables first, long lists folded; text of a plan is never markup."""

from __future__ import annotations

from mlplatform.plan.change import Diff, ResourceChange, SpecChange
from mlplatform.plan.stateful import holds_data
from mlplatform.views.diff.common import (
    KINDS,
    Compared,
    changes_of_kind,
    count_changes,
    describe_stack,
    group_by_capability,
    short_type,
)
from mlplatform.views.escape import code, escape
from mlplatform.views.values import differing_parts, format_change, format_value

MAX_CHARACTERS = 60_000
"""GitHub cuts comments at 65,536 characters, GitLab later."""
MAX_PROPERTIES = 5
"""Inputs shown per resource."""
_TITLES = {"delete": "Deleted", "replace": "Replaced", "update": "Updated", "create": "Created", "move": "Moved"}


def document(compared: Compared) -> str:
    """One section per cloud; where the text gets too long, details are left out with a note."""
    whole = _document(compared, details=True)
    if len(whole) <= MAX_CHARACTERS:
        return whole
    note = "\nSingle changes are left out because there are too many; `--format json` has them all.\n"
    return _document(compared, details=False)[: MAX_CHARACTERS - len(note)] + note


def _document(compared: Compared, *, details: bool) -> str:
    lines = [f"## {code(compared.base)} → {code(compared.head)}", ""]
    for diff in compared.diffs:
        lines += _section(diff, compared.unlisted, details=details)
    return "\n".join(lines) + "\n"


def _section(diff: Diff, unlisted: int, *, details: bool) -> list[str]:
    lines = [
        f"### {escape(describe_stack(diff))}",
        "",
        f"{count_changes(diff.changes)}; {diff.unchanged + unlisted} stay the same.",
        "",
    ]
    if diff.spec_changes:
        lines += ["| Spec field | Change | Resources |", "| --- | --- | --- |", *map(_field, diff.spec_changes), ""]
    groups = group_by_capability(diff)
    if groups:
        rows = (f"| {escape(title)} | {count_changes(changes)} |" for title, changes in groups.items())
        lines += ["| Capability | Changes |", "| --- | --- |", *rows, ""]
    for kind in KINDS if details else ():
        selected = changes_of_kind(diff, kind)
        if selected:
            opened = " open" if kind in ("delete", "replace") else ""
            lines += [f"<details{opened}><summary>{_TITLES[kind]}: {len(selected)}</summary>", ""]
            lines += [*(line for change in selected for line in _resource(change)), "", "</details>", ""]
    return lines


def _field(field: SpecChange) -> str:
    if field.before is None:
        text = f"added {code(format_value(field.after))}"
    elif field.after is None:
        text = f"removed {code(format_value(field.before))}"
    else:
        text = " → ".join(code(value) for value in differing_parts(field.before, field.after))
    return f"| {code(field.path)} | {text} | {len(field.urns)} |"


def _resource(change: ResourceChange) -> list[str]:
    step = change.step
    held = " **holds data**" if change.kind in ("delete", "replace") and holds_data(step) else ""
    lines = [f"- {code(short_type(step.type))} {code(step.name)}{held}"]
    for prop in sorted(change.properties, key=lambda p: (not p.replaces, p.is_option))[:MAX_PROPERTIES]:
        lines.append(
            f"  - {code(prop.text)} {code(format_change(prop))}{' (forces replacement)' if prop.replaces else ''}"
        )
    rest = len(change.properties) - MAX_PROPERTIES
    return [*lines, f"  - {rest} more"] if rest > 0 else lines
