"""What happens to each planned resource, from the ids that are given or found."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.catalog.import_ids import import_form, page_of
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.plan.model import Plan, Step
from mlplatform.takeover.identify import Identifier
from mlplatform.takeover.model import Takeover, TakeoverEntry

Looked = Mapping[str, tuple[str | None, str]]
"""By URN, what an account said: the id (empty: it is not there; None: nobody can say), and why."""


def survey(
    plan: Plan, identifier: Identifier, given: Mapping[str, str], looked: Looked, managed: frozenset[str]
) -> Takeover:
    """Judge every resource of a plan.

    Args:
        plan: the resolved plan of one stack.
        identifier: knows the ids that follow.
        given: ids that a person gave, by URN.
        looked: what the account said of the others; empty where nobody asked.
        managed: URNs in the stack's state.
    """
    entries = tuple(_judge(step, identifier, given, looked, managed) for step in plan.resources() if step.op != "read")
    return Takeover(cloud=plan.cloud, stack=plan.stack, steps=plan.steps, entries=entries, managed=managed)


def takes_over(token: str) -> bool:
    """Whether creating a resource of this type takes over one that is there."""
    return token in rules_of(token).upserts


def _judge(
    step: Step, identifier: Identifier, given: Mapping[str, str], looked: Looked, managed: frozenset[str]
) -> TakeoverEntry:
    form = import_form(step.type)
    source = form.source if form else page_of(step.type)
    id_ = identifier.id_of(step) or ""
    if step.urn in managed:
        return TakeoverEntry(step=step, word="managed", id=id_, source=source)
    if step.urn in given:
        return TakeoverEntry(step=step, word="import", id=given[step.urn], why="you said so", source=source)
    if takes_over(step.type):
        return TakeoverEntry(step=step, word="same again", id=id_, source=source)
    found, why = looked.get(step.urn, ("", ""))
    if found:
        return TakeoverEntry(step=step, word="import", id=found, why=why, source=source)
    if found is None:
        return TakeoverEntry(step=step, word="unknown", id=id_, why=why, source=source)
    if form is None:
        why = "the form of its id is not known to mlplatform"
        return TakeoverEntry(step=step, word="unknown", why=why, source=source)
    if not form.form:
        return TakeoverEntry(step=step, word="create", why=form.reason, source=source)
    return TakeoverEntry(step=step, word="create", id=id_, why=why, source=source)
