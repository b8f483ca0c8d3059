"""Matches the resources of two plans, by URN or by an alias with a former name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlplatform.components.names import CLUSTER_SUFFIX
from mlplatform.plan.model import STACK_TYPE, Plan, Step


@dataclass(frozen=True, slots=True)
class ResourcePair:
    """One resource in both plans, or in one."""

    before: Step | None
    """As it was."""

    after: Step | None
    """As it will be."""

    moved: bool = False
    """Whether they are matched by an alias."""


@dataclass(frozen=True, slots=True)
class ResourceMatch:
    """All matched resources of two plans."""

    couples: tuple[ResourcePair, ...]
    """Resources without components, and without those only read in both plans."""

    heads: tuple[tuple[str, str], ...] = ()
    """Beginnings of URNs before and after, one pair per layer, where the plans have different stacks."""

    moved: Mapping[str, str] = field(default_factory=dict[str, str])
    """New URNs by former ones, both with the stack of the later plan."""

    def now(self, urn: str) -> str:
        """The URN in the later plan for a URN of the earlier one."""
        urn = next((new + urn[len(head) :] for head, new in self.heads if urn.startswith(head)), urn)
        return self.moved.get(urn, urn)


def match_resources(before: Plan, after: Plan) -> ResourceMatch:
    """Match the resources of two plans."""
    heads = _heads(before, after)
    same = ResourceMatch((), heads)
    old = {same.now(step.urn): step for step in before.steps}
    new = {step.urn: step for step in after.steps}
    moved = _moves(old, new)
    former = {now: was for was, now in moved.items()}
    couples = [_couple(old.get(former.get(urn, urn)), step, moved=urn in former) for urn, step in new.items()]
    deleted = [ResourcePair(step, None) for urn, step in old.items() if urn not in new and urn not in moved]
    real = (couple for couple in (*couples, *deleted) if couple and _is_made(couple))
    return ResourceMatch(tuple(real), heads, moved)


def _couple(before: Step | None, after: Step, *, moved: bool) -> ResourcePair:
    """A resource that is only read now has left the stack; one that was only read joins it."""
    if after.op == "read" and before and before.op != "read":
        return ResourcePair(before, None)
    if before and before.op == "read" and after.op != "read":
        return ResourcePair(None, after)
    return ResourcePair(before, after, moved)


def _is_made(couple: ResourcePair) -> bool:
    step = couple.after or couple.before
    if step is None or not step.custom or step.op == "read" or step.type == STACK_TYPE:
        return False
    # a default provider is not chosen: a state lists it, and each version of the SDK has another one
    return not (step.type.startswith("pulumi:providers:") and step.name.startswith("default"))


def _heads(before: Plan, after: Plan) -> tuple[tuple[str, str], ...]:
    named = bool(before.stack and after.stack)
    if not named or (before.stack, before.project) == (after.stack, after.project):
        return ()
    return tuple(
        (f"urn:pulumi:{before.stack}{end}::{before.project}::", f"urn:pulumi:{after.stack}{end}::{after.project}::")
        for end in ("", CLUSTER_SUFFIX)
    )


def _moves(old: Mapping[str, Step], new: Mapping[str, Step]) -> dict[str, str]:
    """New URNs by former ones; parents come first in a plan, so that children can use theirs."""
    moved: dict[str, str] = {}
    former: dict[str, str] = {}
    for urn, step in new.items():
        if urn in old:
            continue
        for alias in _aliases(step, new, former):
            if alias in old and alias not in new and alias not in moved and old[alias].custom == step.custom:
                moved[alias] = urn
                former[urn] = alias
                break
        else:
            # a component that the former plan leaves out still passes its aliases on
            if not step.custom and step.aliases:
                former[urn] = step.aliases[0]
    return moved


def _aliases(step: Step, new: Mapping[str, Step], former: Mapping[str, str]) -> Iterator[str]:
    """Possible former URNs of a resource: those of its program, and those that follow from its parent's."""
    yield from step.aliases
    parent = new.get(step.parent)
    was = former.get(step.parent, "")
    if not parent or not was:
        return
    head, kinds, name = was.rsplit("::", 2)
    chain = "" if kinds == STACK_TYPE else f"{kinds}$"
    for own in (step.urn, *step.aliases):
        _, types, own_name = own.rsplit("::", 2)
        kind = types.rpartition("$")[2]
        yield f"{head}::{chain}{kind}::{own_name}"
        if own_name.startswith(parent.name):
            # a child with its parent's name had the former one
            yield f"{head}::{chain}{kind}::{name}{own_name[len(parent.name) :]}"
