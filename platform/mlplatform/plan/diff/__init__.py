"""Computes the diff of two plans, as a pure function; risks, cost, comments and views read the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlplatform.plan.capability import capability_of, component_of
from mlplatform.plan.change import ChangeKind, Diff, ResourceChange, in_order
from mlplatform.plan.diff.cascade import Cascade, cascade_raised, is_deleted_first
from mlplatform.plan.diff.inputs import compare_inputs
from mlplatform.plan.diff.options import compare_options
from mlplatform.plan.diff.pairs import ResourceMatch, ResourcePair, match_resources
from mlplatform.plan.diff.unknown import KnownValues
from mlplatform.plan.diff.verdict import judge_change
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.sources.source import Verdict

_ORDER: dict[ChangeKind, int] = {"delete": 0, "replace": 1}


def diff(before: Plan, after: Plan, verdicts: Mapping[str, Verdict] | None = None) -> Diff:
    """Compare two plans of one cloud.

    Stacks may differ: `dev` against `prod` compares resources of the same name. Components are left out, because they
    are nothing in the cloud, and resources of other stacks.

    Args:
        before: the present plan.
        after: the plan after the change.
        verdicts: decisions of Pulumi's engine, by URN, where `after` is a preview: they override what is computed here.

    Returns:
        Deletions and replacements first, then by URN.
    """
    matched = match_resources(before, after)
    decisions = verdicts or {}
    locate = _Locator(before, after)
    known = KnownValues(before, after)
    cascade = None if decisions else Cascade(before, after, matched)
    changes: dict[str, ResourceChange] = {}
    for pair in matched.couples:
        change = _change(pair, matched, decisions, known, (before.origin, after.origin), cascade)
        if change:
            changes[change.step.urn] = change
        if cascade:
            cascade.note(pair, change.kind if change else None)
    if not decisions:
        changes = cascade_raised(changes, after)
    ordered = sorted(changes.values(), key=lambda change: (_ORDER.get(change.kind, 2), change.step.urn))
    return Diff(before, after, tuple(locate(change) for change in ordered))


def _change(
    pair: ResourcePair,
    matched: ResourceMatch,
    verdicts: Mapping[str, Verdict],
    known: KnownValues,
    origins: tuple[str, str],
    cascade: Cascade | None,
) -> ResourceChange | None:
    old, new = pair.before, pair.after
    if old is None or new is None:
        step = new or old
        assert step is not None
        return ResourceChange("create" if new else "delete", old, new)
    options = compare_options(pair, matched, *origins)
    inputs = compare_inputs(old, cascade.seen(new) if cascade else new, matched, known, cascade)
    kind, properties = judge_change(old, new, inputs, verdicts.get(new.urn))
    if cascade and any(option.replaces for option in options):
        kind = "replace"
    forced = cascade.forced(new.urn) if cascade else ()
    if forced:
        kind = "replace"
        listed = {change.path[0] for change in properties}
        properties += [change for change in forced if change.path[0] not in listed]
    properties += options
    if kind == "update" and not properties:
        return ResourceChange("move", old, new) if pair.moved else None
    first = kind == "replace" and (bool(forced) or is_deleted_first(old, new))
    return ResourceChange(kind, old, new, in_order(properties), deleted_first=first)


class _Locator:
    """Adds capability and component to a change."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._before = {step.urn: step for step in before.steps}
        self._after = {step.urn: step for step in after.steps}

    def __call__(self, change: ResourceChange) -> ResourceChange:
        component = self._component(change)
        capability = capability_of(component.type if component else "")
        return replace(change, capability=capability, component=component.name if component else "")

    def _component(self, change: ResourceChange) -> Step | None:
        return component_of(change.step, self._after if change.after else self._before)


__all__ = ["diff"]
