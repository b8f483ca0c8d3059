"""A difference for a pull request: tables first, long lists folded; nothing from a plan is read as markup."""

from __future__ import annotations

from mlplatform.plan.change import Diff, ResourceChange, SpecChange
from mlplatform.plan.stateful import is_stateful
from mlplatform.views.diff.common import KINDS, Compared, by_capability, counted, kind_of, of_kind, where
from mlplatform.views.escape import code
from mlplatform.views.values import apart, change, shown

MAX_CHARACTERS = 60_000
"""GitHub cuts comments at 65,536 characters, GitLab later."""
MAX_PROPERTIES = 5
"""Inputs that are shown of one resource."""
_TITLES = {"delete": "Deleted", "replace": "Replaced", "update": "Updated", "create": "Created", "move": "Moved"}


def document(compared: Compared) -> str:
    """One section per cloud; details are left out where the text gets too long, and it is said."""
    whole = _document(compared, details=True)
    if len(whole) <= MAX_CHARACTERS:
        return whole
    note = "\nThe single changes are left out because they are too many; `--format json` has them.\n"
    return _document(compared, details=False)[: MAX_CHARACTERS - len(note)] + note


def _document(compared: Compared, *, details: bool) -> str:
    lines = [f"## {code(compared.base)} → {code(compared.head)}", ""]
    for diff in compared.diffs:
        lines += _section(diff, compared.unlisted, details=details)
    return "\n".join(lines) + "\n"


def _section(diff: Diff, unlisted: int, *, details: bool) -> list[str]:
    lines = [f"### {where(diff)}", "", f"{counted(diff.changes)}; {diff.unchanged + unlisted} stay the same.", ""]
    if diff.spec_changes:
        lines += ["| Spec field | Change | Resources |", "| --- | --- | --- |", *map(_field, diff.spec_changes), ""]
    groups = by_capability(diff)
    if groups:
        rows = (f"| {title} | {counted(changes)} |" for title, changes in groups.items())
        lines += ["| Capability | Changes |", "| --- | --- |", *rows, ""]
    for kind in KINDS if details else ():
        found = of_kind(diff, kind)
        if found:
            opened = " open" if kind in ("delete", "replace") else ""
            lines += [f"<details{opened}><summary>{_TITLES[kind]}: {len(found)}</summary>", ""]
            lines += [*(line for one in found for line in _resource(one)), "", "</details>", ""]
    return lines


def _field(field: SpecChange) -> str:
    if field.before is None:
        said = f"added {code(shown(field.after))}"
    elif field.after is None:
        said = f"removed {code(shown(field.before))}"
    else:
        said = " → ".join(code(value) for value in apart(field.before, field.after))
    return f"| {code(field.path)} | {said} | {len(field.urns)} |"


def _resource(one: ResourceChange) -> list[str]:
    step = one.step
    held = " **holds data**" if one.kind in ("delete", "replace") and is_stateful(step.type) else ""
    lines = [f"- {code(kind_of(step.type))} {code(step.name)}{held}"]
    for found in sorted(one.properties, key=lambda p: (not p.replaces, p.is_option))[:MAX_PROPERTIES]:
        lines.append(f"  - {code(found.text)} {code(change(found))}{' (new resource)' if found.replaces else ''}")
    rest = len(one.properties) - MAX_PROPERTIES
    return [*lines, f"  - {rest} more"] if rest > 0 else lines
