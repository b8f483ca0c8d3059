"""Ids that a person gives, held against the plan; every problem is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlplatform.catalog.import_ids import MADE, import_form, matches, page_of
from mlplatform.plan.model import Plan, Step
from mlplatform.similar import nearest_names
from mlplatform.takeover.identify import Identifier

_SHOWN = 100


@dataclass(slots=True)
class GivenIds:
    """The ids that a person gave, and the problems with them."""

    ids: dict[str, str] = field(default_factory=dict[str, str])
    """Id by URN."""

    problems: list[str] = field(default_factory=list[str])
    """One sentence each."""


def read_given(
    pairs: Iterable[tuple[str, str, str]], plan: Plan, identifier: Identifier, managed: frozenset[str]
) -> GivenIds:
    """Hold given ids against the plan.

    Args:
        pairs: where each was given, logical name or URN, and id; without id it is the one that follows from the spec.
        plan: the resolved plan.
        identifier: knows the ids that follow; it is told those that are given.
        managed: URNs in the stack's state.
    """
    given = GivenIds()
    by_name: dict[str, list[Step]] = {}
    for step in plan.resources():
        by_name.setdefault(step.name, []).append(step)
        by_name.setdefault(step.urn, []).append(step)
    chosen: dict[str, tuple[str, Step, str]] = {}
    for where, name, id_ in pairs:
        found = by_name.get(name, [])
        if len(found) != 1:
            given.problems.append(_unfound(where, name, found, plan))
        elif found[0].urn in managed:
            given.problems.append(
                f"{where}: {name}: got a resource of the stack's state, expected one that is not in it"
            )
        elif found[0].urn in chosen:
            given.problems.append(f"{where}: {name}: got it twice, expected each resource once")
        else:
            chosen[found[0].urn] = (where, found[0], id_.strip())
    # ids of others contain those that the cloud made up
    for _, step, id_ in chosen.values():
        if id_ and MADE not in id_:
            identifier.know(step, id_)
    for urn, (where, step, id_) in chosen.items():
        problem = _problem(step, id_, identifier)
        if problem:
            given.problems.append(f"{where}: {step.name}: {problem}")
            continue
        # a list of ids is filled in where only the cloud knows; the rest of its lines may stay as they were written
        given.ids[urn] = id_ if id_ and MADE not in id_ else identifier.id_of(step) or ""
    given.problems += _twice(given.ids, plan)
    return given


def _unfound(where: str, name: str, found: list[Step], plan: Plan) -> str:
    if found:
        urns = ", ".join(step.urn for step in found)
        return f"{where}: {name}: got a name of {len(found)} resources, expected one; name it by its URN: {urns}"
    component = next((step for step in plan.steps if step.name == name), None)
    if component is not None:
        return f"{where}: {name}: got a component ({component.type}), expected a resource of the cloud"
    near = nearest_names(name, sorted(step.name for step in plan.resources()), most=3, cutoff=0.5)
    hint = f"nearest: {', '.join(near)}; " if near else ""
    return (
        f"{where}: got the name '{name[:_SHOWN]}', expected the logical name of a planned resource; "
        f"{hint}`--format ids` lists all"
    )


def _problem(step: Step, id_: str, identifier: Identifier) -> str:
    form = import_form(step.type)
    if form is None:
        page = page_of(step.type)
        return (
            f"the form of the id of {step.type} is not known to mlplatform; import it by hand, as {page} says"
            if page
            else f"{step.type} cannot be imported with this command"
        )
    if not form.form:
        return f"{step.type} cannot be imported: {form.reason}; leave it out"
    expected = identifier.id_of(step)
    if expected is None:
        return f"its plan has no value for {form.form}; import it by hand, as {form.source} says"
    if MADE not in expected and (not id_ or MADE in id_):
        return ""
    if not id_:
        return f"got no id, expected one like '{expected}': only the cloud knows it; write {step.name}=ID"
    if MADE in id_:
        return f"got '{id_[:_SHOWN]}', expected the real text in place of '{MADE}'"
    if not matches(expected, id_):
        return f"got the id '{id_[:_SHOWN]}', expected '{expected}', the form of {step.type} ({form.source})"
    return ""


def _twice(ids: Mapping[str, str], plan: Plan) -> list[str]:
    seen: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    for step in plan.resources():
        id_ = ids.get(step.urn)
        if id_ is None:
            continue
        first = seen.setdefault((step.type, id_), step.name)
        if first != step.name:
            problems.append(f"{step.name}: got '{id_}', which {first} has too, expected an id of its own")
    return problems
