"""A difference for people: what is lost first, and what in the spec brought it about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlplatform.plan.change import Diff, ResourceChange, SpecChange
from mlplatform.plan.stateful import is_stateful
from mlplatform.views.diff.common import KINDS, SIGNS, Compared, by_capability, counted, kind_of, of_kind, where
from mlplatform.views.style import Hue, Style
from mlplatform.views.values import apart, change, shown

MAX_PROPERTIES = 8
"""Inputs that are shown of one resource; `--format json` has them all."""
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
    lines = [style.paint(where(diff), "bold"), f"{counted(diff.changes)}; {same} stay the same"]
    if diff.spec_changes:
        lines += ["", style.paint("Spec", "cyan")]
        for field in diff.spec_changes:
            lines += _field(field, style)
    groups = by_capability(diff)
    if groups:
        width = max(map(len, groups))
        lines += ["", *(f"  {title:<{width}}  {counted(changes)}" for title, changes in groups.items())]
    for kind in KINDS:
        found = of_kind(diff, kind)
        if found:
            lines += ["", style.paint(_HEADS[kind], _HUES[kind])]
            lines += [line for one in found if _stands_alone(one) for line in _resource(one, style)]
            lines += _grouped([one for one in found if not _stands_alone(one)], style)
    return lines


def _stands_alone(one: ResourceChange) -> bool:
    """Whether there is more to say of it than that it comes or goes."""
    return one.kind not in ("create", "delete") or (one.kind == "delete" and is_stateful(one.step.type))


def _field(field: SpecChange, style: Style) -> list[str]:
    if field.before is None:
        said = f"added {shown(field.after)}"
    elif field.after is None:
        said = f"removed {shown(field.before)}"
    else:
        said = " → ".join(apart(field.before, field.after))
    number = len(field.urns)
    follows = f"changes {number} resource{'' if number == 1 else 's'}" if number else "changes no resource"
    return style.wrap(f"{said}  {follows}", f"  {field.path}  ", "      ")


def _resource(found: ResourceChange, style: Style) -> list[str]:
    step = found.step
    held = "" if found.kind not in ("delete", "replace") or not is_stateful(step.type) else "  ● holds data"
    old = found.before
    if held and old and old.protect:
        held += ", protected"
    if found.kind == "delete" and old and old.retain_on_delete:
        held += ", stays in the cloud"
    first = f"  {SIGNS[found.kind]} {kind_of(step.type)}  {step.name}{held}"
    lines = [style.paint(first, "red") if held else first]
    if found.before and found.after and found.before.urn != found.after.urn:
        lines += style.wrap(f"was {found.before.name} ({kind_of(found.before.type)})", "      ", "      ")
    shown_first = sorted(found.properties, key=lambda p: (not p.replaces, p.is_option))
    for one in shown_first[:MAX_PROPERTIES]:
        why = f"  ({one.replaces})" if one.replaces else ""
        lines += style.wrap(f"{change(one)}{why}", f"      {one.text}  ", "        ")
    rest = len(found.properties) - MAX_PROPERTIES
    if rest > 0:
        lines.append(f"      … {rest} more")
    return lines


def _grouped(found: Sequence[ResourceChange], style: Style) -> list[str]:
    """One entry per component: what comes or goes as a whole has nothing to compare."""
    groups: dict[str, list[ResourceChange]] = {}
    for one in found:
        groups.setdefault(one.component or "the platform itself", []).append(one)
    lines: list[str] = []
    for component, changes in sorted(groups.items()):
        kinds = Counter(kind_of(one.step.type) for one in changes)
        ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(kind if number == 1 else f"{number} {kind}" for kind, number in ordered)
        lines += style.wrap(names, f"  {SIGNS[changes[0].kind]} {component}  {len(changes)}: ", "      ")
    return lines
