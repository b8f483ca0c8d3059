"""Every change of a comment, folded, by stack and kind: as lines that the platforms colour as a difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from mlplatform.plan.change import ChangeKind, PropertyChange, ResourceChange
from mlplatform.plan.model import UNKNOWN, Value
from mlplatform.review import Review
from mlplatform.risk.role_names import role_name
from mlplatform.views.comment.fit import Section
from mlplatform.views.diff.common import KINDS, changes_of_kind, short_type
from mlplatform.views.escape import block, escape, html_text
from mlplatform.views.values import differing_parts, format_value

MAX_PROPERTIES = 8
"""Inputs shown per resource."""
MANY = 5
"""Resources above which an input that they share is written once for all of them."""
WEIGHTS = {"delete": 3, "replace": 4, "update": 6, "create": 7, "move": 8}
"""Order of leaving out where a comment gets too long: the highest first."""
_COLOURS: dict[ChangeKind, str] = {"delete": "-", "replace": "!", "update": "!", "create": "+", "move": "#"}
"""First character of a line: GitHub and GitLab show `-` red, `+` green, `!` orange or bold, `#` grey."""
_INDENT = " " * 5

_Same = tuple[str, str, str, str]
"""Last part of an input's path, kind of the change, and both values: what a tag has in common on all resources."""


def details(reviews: Sequence[Review]) -> Iterator[Section]:
    """Every change with its inputs, folded, by stack and kind."""
    for review in reviews:
        names = review.risks.evidence.roles
        for kind in KINDS:
            changes = changes_of_kind(review.diff, kind)
            if changes:
                text = "\n".join(_List(changes, names))
                head = f"<details><summary>{html_text(review.stack)}: {len(changes)} to {kind}</summary>"
                body = "\n".join([head, "", *block(text, "diff"), "", "</details>", "", ""])
                yield Section(body, WEIGHTS[kind], f"resources to {kind} in {escape(review.stack)}")


@dataclass(frozen=True, slots=True)
class _List:
    """Changes of one kind as lines. What many share is written once, and those without more are only counted."""

    changes: Sequence[ResourceChange]
    roles: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        shared = self._shared()
        for same, users in shared.items():
            yield f"{_COLOURS[users[0].kind]} {len(users)} resources: {_by_type(users)}"
            yield from self._property(*self._for_all(same, users))
        groups: dict[tuple[str, ...], list[str]] = {}
        for change in self.changes:
            own = [prop for prop in change.properties if _same(prop) not in shared]
            if own or not change.properties:
                head = f"{_COLOURS[change.kind]} {short_type(change.step.type)} {change.step.name}"
                groups.setdefault(tuple(self._inputs(own)), []).append(head)
        for inputs, heads in groups.items():
            yield from heads
            if inputs and len(heads) > 1:
                yield f"  each of these {len(heads)}:"
            yield from inputs

    def _shared(self) -> dict[_Same, list[ResourceChange]]:
        users: dict[_Same, list[ResourceChange]] = {}
        for change in self.changes:
            for same in dict.fromkeys(map(_same, change.properties)):
                users.setdefault(same, []).append(change)
        return {same: found for same, found in users.items() if len(found) > MANY}

    def _for_all(self, same: _Same, users: Sequence[ResourceChange]) -> tuple[PropertyChange, str]:
        """One of the inputs, and its path for all: `labels.team` alone, or its last part with the places."""
        props = [prop for change in users for prop in change.properties if _same(prop) == same]
        paths = sorted({prop.text for prop in props})
        places = sorted({path.removesuffix(same[0]).rstrip(".") for path in paths} - {""})
        shown = ", ".join(places[:MAX_PROPERTIES])
        return props[0], paths[0] if len(paths) == 1 else f"{same[0]} (in {shown})"

    def _inputs(self, props: Sequence[PropertyChange]) -> Iterator[str]:
        ordered = sorted(props, key=lambda prop: (not prop.replaces, prop.is_option))
        for prop in ordered[:MAX_PROPERTIES]:
            yield from self._property(prop, prop.text)
        if len(ordered) > MAX_PROPERTIES:
            yield f"{_INDENT} and {len(ordered) - MAX_PROPERTIES} more"

    def _property(self, prop: PropertyChange, path: str) -> Iterator[str]:
        forces = " (forces replacement)" if prop.replaces else ""
        before, after = self._named(prop.before), self._named(prop.after)
        if prop.kind == "add":
            yield f"+{_INDENT}{path}: {format_value(after)}{forces}"
        elif prop.kind == "remove":
            yield f"-{_INDENT}{path}: {format_value(before)}{forces}"
        elif before == after == UNKNOWN:
            yield f" {_INDENT}{path}: follows the resource it refers to{forces}"
        else:
            old, new = differing_parts(before, after)
            yield from (f"-{_INDENT}{path}: {old}", f"+{_INDENT}{path}: {new}{forces}")

    def _named(self, value: Value) -> Value:
        """A role by its name instead of its GUID."""
        if isinstance(value, str) and "/roledefinitions/" in value.lower():
            return role_name(value, self.roles)
        return value


def _same(prop: PropertyChange) -> _Same:
    name, before, after = str(prop.path[-1]), prop.before, prop.after
    whole = after if prop.kind == "add" else before
    entries = list(cast("dict[str, Value]", whole).items()) if isinstance(whole, dict) else []
    if prop.kind != "update" and len(entries) == 1:
        # the first tag of a resource comes with the mapping around it
        ((name, whole),) = entries
        before, after = (None, whole) if prop.kind == "add" else (whole, None)
    return name, prop.kind, repr(before), repr(after)


def _by_type(changes: Sequence[ResourceChange]) -> str:
    counts = Counter(short_type(change.step.type) for change in changes)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(kind if count == 1 else f"{count} {kind}" for kind, count in ordered)
