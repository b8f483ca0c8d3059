"""Findings by the changed fields of the spec that caused them: one cause, one entry, with one piece of advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from mlplatform.plan.capability import component_of
from mlplatform.plan.change import SpecChange
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.plan.model import STACK_TYPE
from mlplatform.review import Review

WHOLE = 0.5
"""Share of a stack's resources: a field that deletes or replaces more of them builds the platform anew."""
_NAMING = frozenset({"name", "environment"})
"""Fields that are a part of the resources' names."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding of one stack."""

    review: Review
    """The review of its stack."""

    finding: Finding
    """The finding, after acceptances."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a cause changes in one stack."""

    review: Review
    """The review of the stack."""

    count: int
    """Number of changed resources, at most: with several changed fields they are attributed by component."""

    exact: bool
    """Whether it is exactly that number."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One or several changed fields of the spec, and all that they cause."""

    fields: tuple[SpecChange, ...]
    """The fields. More than one: each of them touches the resources, and only together they explain the findings. Empty
    where no field is known, as for a preview, and for what follows from all of them, as the cost."""

    findings: tuple[PlacedFinding, ...]
    """Worst first; empty where the change is harmless."""

    touched: tuple[Touched, ...] = ()
    """What it changes, by stack."""

    rebuilds: bool = False
    """Whether it deletes or replaces most of the platform, so that advice about single resources is wrong."""

    advice: str = ""
    """One sentence in place of the findings' own fixes; empty where those hold."""

    @property
    def about_stacks(self) -> tuple[PlacedFinding, ...]:
        """Findings about a whole stack, as its cost: they hold also where the platform is built anew."""
        return tuple(one for one in self.findings if is_of_stack(one.finding))

    @property
    def about_resources(self) -> tuple[PlacedFinding, ...]:
        """The other findings."""
        return tuple(one for one in self.findings if not is_of_stack(one.finding))

    @property
    def worst(self) -> Level | None:
        """The worst level; None without findings."""
        return self.findings[0].finding.level if self.findings else None

    @property
    def renamed(self) -> str:
        """The new name where the fields are one item under a former and a new name; else empty."""
        return self.fields[1].path.rpartition(".")[2] if len(self.fields) == 2 and bool(_renames(self.fields)) else ""

    @property
    def resources(self) -> int:
        """Number of changed resources in all stacks."""
        return sum(touched.count for touched in self.touched)


def group_by_cause(reviews: Sequence[Review]) -> tuple[Cause, ...]:
    """Every finding and every changed field in exactly one cause, worst first.

    The same change of a field in several stacks is one cause; causes without findings come last.
    """
    found: dict[tuple[str, ...], list[PlacedFinding]] = {}
    fields: dict[tuple[str, ...], tuple[SpecChange, ...]] = {}
    for review in reviews:
        renamed = _renames(review.diff.spec_changes)
        for change in review.diff.spec_changes:
            whole = _whole((change,), renamed)
            fields.setdefault(tuple(map(_key, whole)), whole)
        for finding in review.judged.findings:
            causing = _whole(_causing(review, finding), renamed)
            key = tuple(map(_key, causing))
            fields.setdefault(key, causing)
            found.setdefault(key, []).append(PlacedFinding(review, finding))
    causes: list[Cause] = []
    explained = {one for key in found for one in key}
    for key, changes in fields.items():
        if not found.get(key) and (not key or key[0] in explained):
            continue
        findings = sorted(found.get(key, ()), key=lambda placed: placed.finding.order)
        cause = Cause(changes, tuple(findings), tuple(_touched(reviews, key)))
        causes.append(_advised(cause, key))
    order = {key: index for index, key in enumerate(fields)}
    keys = {id(cause): order[tuple(_key(field) for field in cause.fields)] for cause in causes}
    return tuple(
        sorted(
            causes,
            key=lambda cause: (LEVELS.index(cause.worst) if cause.worst else len(LEVELS), keys[id(cause)]),
        )
    )


def is_of_stack(finding: Finding) -> bool:
    """Whether a finding is about the whole stack: it has the stack's own URN."""
    return f"{STACK_TYPE}::" in finding.urn


def _key(change: SpecChange) -> str:
    return f"{change.path}\0{change.before!r}\0{change.after!r}"


def _causing(review: Review, finding: Finding) -> tuple[SpecChange, ...]:
    """The fields that a finding follows from: the only one, the one that rebuilds the platform, or the resource's."""
    concerned = [change for change in review.diff.spec_changes if change.urns]
    if len(concerned) == 1:
        return (concerned[0],)
    touching = [change for change in concerned if finding.urn in change.urns]
    if rebuilding := [
        change for change in (concerned if is_of_stack(finding) else touching) if _rebuilds(review, change)
    ]:
        return (rebuilding[0],)
    # a check may fail on a resource that stays the same, because one beside it goes
    touching = touching or [change for change in concerned if _beside(change, review, finding)]
    return tuple([change for change in touching if _explains(change, review, finding)] or touching)


def _beside(change: SpecChange, review: Review, finding: Finding) -> bool:
    """Whether a field changes another resource of the finding's component."""
    steps = {step.urn: step for plan in (review.diff.before, review.diff.after) for step in plan.steps}
    step = steps.get(finding.urn)
    component = component_of(step, steps) if step else None
    urns = set(change.urns)
    return component is not None and any(
        one.component == component.name and one.step.urn in urns for one in review.diff.changes
    )


def _explains(change: SpecChange, review: Review, finding: Finding) -> bool:
    """Whether a field does alone what the finding is about."""
    effect = change.effects.get(finding.urn)
    whole = next((one for one in review.diff.changes if one.step.urn == finding.urn), None)
    if effect is None or whole is None:
        return False
    if whole.kind != "update":
        return effect.kind == whole.kind
    return not finding.path or any(_within(finding.path, path) for path in effect.paths)


def _within(one: str, other: str) -> bool:
    """Whether one path is the other, or inside of it."""
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}["))


def _renames(changes: Sequence[SpecChange]) -> list[tuple[SpecChange, SpecChange]]:
    """Items that are removed and added again, equal but for their name: with the added one."""
    pairs: list[tuple[SpecChange, SpecChange]] = []
    added = [change for change in changes if change.before is None]
    for old in changes:
        new = next((change for change in added if old.after is None and _is_alike(old, change)), None)
        if new:
            added.remove(new)
            pairs.append((old, new))
    return pairs


def _is_alike(old: SpecChange, new: SpecChange) -> bool:
    if old.path.rpartition(".")[0] != new.path.rpartition(".")[0]:
        return False
    before, after = old.before, new.after
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    before, after = cast("dict[str, object]", before), cast("dict[str, object]", after)
    return "name" in before and {**before, "name": ""} == {**after, "name": ""}


def _whole(changes: tuple[SpecChange, ...], renamed: Sequence[tuple[SpecChange, SpecChange]]) -> tuple[SpecChange, ...]:
    """The changes, each half of a rename with its other half."""
    found: list[SpecChange] = []
    for change in changes:
        both = next((pair for pair in renamed if change in pair), (change,))
        found += [one for one in both if one not in found]
    return tuple(found)


def _touched(reviews: Sequence[Review], key: tuple[str, ...]) -> Iterator[Touched]:
    for review in reviews:
        urns = {urn for change in review.diff.spec_changes if _key(change) in key for urn in change.urns}
        concerned = [change for change in review.diff.spec_changes if change.urns]
        exact = len(concerned) == 1 or all(change.effects for change in concerned if _key(change) in key)
        if urns:
            yield Touched(review, len(urns), exact=exact)


def _rebuilds(review: Review, change: SpecChange) -> bool:
    """Whether a field of a name or place deletes or replaces most of what is there."""
    if change.path in _NAMING:
        return bool(review.diff.before.steps)
    if not change.path.startswith("targets."):
        return False
    there = sum(1 for _ in review.diff.before.resources())
    urns = set(change.urns)
    gone = sum(one.kind in ("delete", "replace") and one.step.urn in urns for one in review.diff.changes)
    return bool(there) and change.before is not None and change.after is not None and gone > WHOLE * there


def _advised(cause: Cause, key: tuple[str, ...]) -> Cause:
    if not cause.fields:
        return cause
    concerned = [
        (touched.review, change)
        for touched in cause.touched
        for change in touched.review.diff.spec_changes
        if _key(change) in key
    ]
    if not any(_rebuilds(review, change) for review, change in concerned):
        return cause
    path = cause.fields[0].path
    what = path.rpartition(".")[2].replace("_", " ")
    why = f"The {what} is a part of the resources' names" if path in _NAMING else f"The {what} cannot change in place"
    beside = "write a second spec" if path in _NAMING else "add a second target beside this one"
    advice = (
        f"{why}: the platform is built anew, and the present one goes. No data moves by itself. Undo it; or {beside}, "
        "move data and callers over, and remove the present one last."
    )
    return replace(cause, rebuilds=True, advice=advice)
