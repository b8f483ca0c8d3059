"""Order, counts and words that the views of a difference share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplatform.plan.capability import TITLES
from mlplatform.plan.change import ChangeKind, Diff, ResourceChange
from mlplatform.plan.stateful import holds_data

KINDS: tuple[ChangeKind, ...] = ("delete", "replace", "update", "create", "move")
"""Worst first."""
SIGNS: dict[ChangeKind, str] = {"delete": "-", "replace": "±", "update": "~", "create": "+", "move": ">"}
WORDS: dict[ChangeKind, str] = {
    "delete": "deleted",
    "replace": "replaced",
    "update": "updated",
    "create": "created",
    "move": "moved",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides and their differences."""

    base: str
    """Label of the platform as it is."""

    head: str
    """Label of the platform as it would become."""

    diffs: tuple[Diff, ...]
    """One per cloud."""

    unlisted: int = 0
    """Unchanged resources that a preview counts without listing them."""


def changes_of_kind(diff: Diff, kind: ChangeKind) -> list[ResourceChange]:
    """Changes of one kind: resources that hold data first, otherwise in the difference's order."""
    changes = [change for change in diff.changes if change.kind == kind]
    return sorted(changes, key=lambda change: not holds_data(change.step))


def count_changes(changes: Sequence[ResourceChange]) -> str:
    """`2 replaced, 5 updated`; `no changes` where there are none."""
    return say_counts(Counter(change.kind for change in changes)) or "no changes"


def say_counts(counts: Mapping[ChangeKind, int]) -> str:
    """`2 replaced, 5 updated`; empty where there are none."""
    return ", ".join(f"{counts[kind]} {WORDS[kind]}" for kind in KINDS if counts.get(kind))


def group_by_capability(diff: Diff) -> dict[str, list[ResourceChange]]:
    """Changes by capability, in the order in which capabilities are shown."""
    groups: dict[str, list[ResourceChange]] = {}
    for change in diff.changes:
        groups.setdefault(change.capability or "Platform", []).append(change)
    order = [*TITLES, *sorted(set(groups) - set(TITLES))]
    return {title: groups[title] for title in order if title in groups}


def short_type(token: str) -> str:
    """`aws:s3/bucketVersioning:BucketVersioning` as `s3.BucketVersioning`."""
    _, _, rest = token.partition(":")
    module, _, kind = rest.rpartition(":")
    return f"{module.split('/')[0]}.{kind}"


def describe_stack(diff: Diff) -> str:
    """The cloud's title and the stack's name."""
    title = diff.after.title
    stack = diff.after.stack or diff.before.stack
    return f"{title}, stack {stack}" if title and stack else title or stack or "no stack"
