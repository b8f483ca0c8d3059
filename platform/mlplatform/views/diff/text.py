"""A difference for people: losses first, and the spec fields that cause it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlplatform.plan.change import Diff, ResourceChange, SpecChange
from mlplatform.plan.stateful import holds_data
from mlplatform.views.diff.common import (
    KINDS,
    SIGNS,
    Compared,
    changes_of_kind,
    count_changes,
    describe_stack,
    group_by_capability,
    short_type,
)
from mlplatform.views.style import Hue, Style
from mlplatform.views.values import differing_parts, format_change, format_value

MAX_PROPERTIES = 8
"""Inputs shown per resource; `--format json` has them all."""
_HUES: dict[str, Hue] = {"delete": "red", "replace": "red", "update": "yellow", "create": "green", "move": "blue"}
_HEADS = {"delete": "Deleted", "replace": "Replaced", "update": "Updated", "create": "Created", "move": "Moved"}


def document(compared: Compared, style: Style) -> str:
    """One section per cloud."""
    lines = [style.paint(f"{compared.base} → {compared.head}", "bold"), ""]
    for diff in compared.diffs:
        lines += [*_section(diff, compared.unlisted, style), ""]
    return style.plain("\n".join(line.rstrip() for line in lines))


def _section(diff: Diff, unlisted: int, style: Style) -> list[str]:
    same = diff.unchanged + unlisted
    lines = [style.paint(describe_stack(diff), "bold"), f"{count_changes(diff.changes)}; {same} stay the same"]
    if diff.spec_changes:
        lines += ["", style.paint("Spec", "cyan")]
        for field in diff.spec_changes:
            lines += _field(field, style)
    groups = group_by_capability(diff)
    if groups:
        width = max(map(len, groups))
        lines += ["", *(f"  {title:<{width}}  {count_changes(changes)}" for title, changes in groups.items())]
    for kind in KINDS:
        selected = changes_of_kind(diff, kind)
        if selected:
            lines += ["", style.paint(_HEADS[kind], _HUES[kind])]
            lines += [line for change in selected if _has_details(change) for line in _resource(change, style)]
            lines += _grouped([change for change in selected if not _has_details(change)], style)
    return lines


def _has_details(change: ResourceChange) -> bool:
    """Whether more is known of it than that it is created or deleted."""
    return change.kind not in ("create", "delete") or (change.kind == "delete" and holds_data(change.step))


def _field(field: SpecChange, style: Style) -> list[str]:
    if field.before is None:
        text = f"added {format_value(field.after)}"
    elif field.after is None:
        text = f"removed {format_value(field.before)}"
    else:
        text = " → ".join(differing_parts(field.before, field.after))
    number = len(field.urns)
    follows = f"changes {number} resource{'' if number == 1 else 's'}" if number else "changes no resource"
    return style.wrap(f"{text}  {follows}", f"  {field.path}  ", "      ")


def _resource(change: ResourceChange, style: Style) -> list[str]:
    step = change.step
    held = "" if change.kind not in ("delete", "replace") or not holds_data(step) else "  ● holds data"
    old = change.before
    if held and old and old.protect:
        held += ", protected"
    if change.kind == "delete" and old and old.retain_on_delete:
        held += ", stays in the cloud"
    first = f"  {SIGNS[change.kind]} {short_type(step.type)}  {step.name}{held}"
    lines = [style.paint(first, "red") if held else first]
    if change.before and change.after and change.before.urn != change.after.urn:
        lines += style.wrap(f"was {change.before.name} ({short_type(change.before.type)})", "      ", "      ")
    inputs = sorted(change.properties, key=lambda p: (not p.replaces, p.is_option))
    for prop in inputs[:MAX_PROPERTIES]:
        reason = f"  ({prop.replaces})" if prop.replaces else ""
        lines += style.wrap(f"{format_change(prop)}{reason}", f"      {prop.text}  ", "        ")
    rest = len(change.properties) - MAX_PROPERTIES
    if rest > 0:
        lines.append(f"      … {rest} more")
    return lines


def _grouped(ungrouped: Sequence[ResourceChange], style: Style) -> list[str]:
    """One entry per component: created and deleted resources have nothing to compare."""
    groups: dict[str, list[ResourceChange]] = {}
    for change in ungrouped:
        groups.setdefault(change.component or "the platform itself", []).append(change)
    lines: list[str] = []
    for component, changes in sorted(groups.items()):
        kinds = Counter(short_type(change.step.type) for change in changes)
        ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(kind if number == 1 else f"{number} {kind}" for kind, number in ordered)
        lines += style.wrap(names, f"  {SIGNS[changes[0].kind]} {component}  {len(changes)}: ", "      ")
    return lines
