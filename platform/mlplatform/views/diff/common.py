"""What the views of a difference have in common: order, counts, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mlplatform.plan.capability import TITLES
from mlplatform.plan.change import ChangeKind, Diff, ResourceChange
from mlplatform.plan.stateful import is_stateful

KINDS: tuple[ChangeKind, ...] = ("delete", "replace", "update", "create", "move")
"""Worst first."""
SIGNS: dict[ChangeKind, str] = {"delete": "-", "replace": "±", "update": "~", "create": "+", "move": ">"}
_WORDS: dict[ChangeKind, str] = {
    "delete": "deleted",
    "replace": "replaced",
    "update": "updated",
    "create": "created",
    "move": "moved",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides and what differs, for views."""

    base: str
    """Label of what there is."""

    head: str
    """Label of what there would be."""

    diffs: tuple[Diff, ...]
    """One per cloud."""

    unlisted: int = 0
    """Resources that stay the same and that a preview does not list."""


def of_kind(diff: Diff, kind: ChangeKind) -> list[ResourceChange]:
    """Changes of one kind: what holds data first, otherwise in the difference's order."""
    found = [change for change in diff.changes if change.kind == kind]
    return sorted(found, key=lambda change: not is_stateful(change.step.type))


def counted(changes: Sequence[ResourceChange]) -> str:
    """`2 replaced, 5 updated`; `nothing` where there are none."""
    counts = Counter(change.kind for change in changes)
    return ", ".join(f"{counts[kind]} {_WORDS[kind]}" for kind in KINDS if counts[kind]) or "nothing"


def by_capability(diff: Diff) -> dict[str, list[ResourceChange]]:
    """Changes by capability, in the order in which capabilities are shown."""
    found: dict[str, list[ResourceChange]] = {}
    for change in diff.changes:
        found.setdefault(change.capability or "Platform", []).append(change)
    order = [*TITLES, *sorted(set(found) - set(TITLES))]
    return {title: found[title] for title in order if title in found}


def kind_of(token: str) -> str:
    """`aws:s3/bucketVersioning:BucketVersioning` as `s3.BucketVersioning`."""
    _, _, rest = token.partition(":")
    module, _, kind = rest.rpartition(":")
    return f"{module.split('/')[0]}.{kind}"


def where(diff: Diff) -> str:
    """The cloud for people, and the stack."""
    from mlplatform import discovery

    title = discovery.backend(diff.cloud).title if diff.cloud in discovery.clouds() else diff.cloud
    stack = diff.after.stack or diff.before.stack
    return f"{title}, stack {stack}" if title and stack else title or stack or "nothing"
