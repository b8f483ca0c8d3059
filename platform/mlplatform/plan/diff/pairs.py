"""Which resource of one plan is which of the other: by URN, or by an alias that says it was called otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlplatform.plan.model import STACK_TYPE, Plan, Step


@dataclass(frozen=True, slots=True)
class ResourcePair:
    """One resource in both plans, or in one of them."""

    before: Step | None
    """As it was."""

    after: Step | None
    """As it will be."""

    moved: bool = False
    """Whether an alias joined them."""


@dataclass(frozen=True, slots=True)
class ResourceMatch:
    """All resources of two plans."""

    couples: tuple[ResourcePair, ...]
    """Without components and without what is only read in both."""

    heads: tuple[str, str] = ("", "")
    """How URNs begin before and after, where the plans are of different stacks."""

    moved: Mapping[str, str] = field(default_factory=dict[str, str])
    """New URNs by former ones, both in the words of the later plan."""

    def now(self, urn: str) -> str:
        """A URN of the earlier plan in the words of the later one."""
        head, new = self.heads
        if head and urn.startswith(head):
            urn = new + urn[len(head) :]
        return self.moved.get(urn, urn)


def match_resources(before: Plan, after: Plan) -> ResourceMatch:
    """Join the resources of two plans."""
    heads = _heads(before, after)
    same = ResourceMatch((), heads)
    old = {same.now(step.urn): step for step in before.steps}
    new = {step.urn: step for step in after.steps}
    moved = _moves(old, new)
    former = {now: was for was, now in moved.items()}
    couples = [_couple(old.get(former.get(urn, urn)), step, moved=urn in former) for urn, step in new.items()]
    gone = [ResourcePair(step, None) for urn, step in old.items() if urn not in new and urn not in moved]
    real = (couple for couple in (*couples, *gone) if couple and _is_made(couple))
    return ResourceMatch(tuple(real), heads, moved)


def _couple(before: Step | None, after: Step, *, moved: bool) -> ResourcePair:
    """What is only read now is no longer this stack's, and what was only read becomes it."""
    if after.op == "read" and before and before.op != "read":
        return ResourcePair(before, None)
    if before and before.op == "read" and after.op != "read":
        return ResourcePair(None, after)
    return ResourcePair(before, after, moved)


def _is_made(couple: ResourcePair) -> bool:
    step = couple.after or couple.before
    if step is None or not step.custom or step.op == "read" or step.type == STACK_TYPE:
        return False
    # nobody asks for a default provider: a state lists it, and a new version of the SDK is another one
    return not (step.type.startswith("pulumi:providers:") and step.name.startswith("default"))


def _heads(before: Plan, after: Plan) -> tuple[str, str]:
    named = bool(before.stack and after.stack)
    if not named or (before.stack, before.project) == (after.stack, after.project):
        return "", ""
    return f"urn:pulumi:{before.stack}::{before.project}::", f"urn:pulumi:{after.stack}::{after.project}::"


def _moves(old: Mapping[str, Step], new: Mapping[str, Step]) -> dict[str, str]:
    """New URNs by former ones; parents come first in a plan, so that children follow them."""
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
            # a component that the former plan leaves out still hands its aliases down
            if not step.custom and step.aliases:
                former[urn] = step.aliases[0]
    return moved


def _aliases(step: Step, new: Mapping[str, Step], former: Mapping[str, str]) -> Iterator[str]:
    """Former URNs a resource may have had: what its program says, and what follows from its parent's."""
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
            # a child that carries its parent's name carried the former one
            yield f"{head}::{chain}{kind}::{name}{own_name[len(parent.name) :]}"
