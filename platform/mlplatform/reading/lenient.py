"""Validates beyond the first errors: refused parts are left out, and the rest is validated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pydantic import ValidationError

from mlplatform.reading.describe.shape import Location, dotted_path, models_at
from mlplatform.reading.refusals.errors import SpecFinding, spec_findings
from mlplatform.spec.base import SpecModel
from mlplatform.spec.problem import Problem

MAX_ROUNDS = 12
"""Limit of the rounds, each of which leaves something out; no spec written by a person needs more."""

PLACEHOLDERS: Mapping[str, str] = {"name": "aa", "owner": "a", "cost_center": "a"}
"""Placeholders for a platform's own fields if those are refused, so that its clouds can still check the rest."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a validation."""

    model: SpecModel | None
    """The model without its refused parts; None if too little is left of it."""

    problems: tuple[tuple[Location, Problem], ...]
    """All problems by location in the data; empty if the model is as it was given."""

    dropped: frozenset[Location]
    """The locations that were left out."""


def validate_leniently(
    kind: type[SpecModel],
    data: Mapping[str, object],
    make: Callable[[Mapping[str, object]], SpecModel],
    broken: Iterable[Location] = (),
) -> Outcome:
    """Validate data and find every error in it.

    Args:
        kind: the model.
        data: its fields.
        make: constructs it from fields.
        broken: parts that were refused before and are reported elsewhere.
    """
    dropped: set[Location] = set()
    for location in broken:
        dropped |= _drops(kind, location, data, frozenset())
    problems: dict[Location, Problem] = {}
    for _ in range(MAX_ROUNDS):
        if () in dropped:
            break
        before = set(dropped)
        try:
            return Outcome(make(_without(data, before)), tuple(problems.items()), frozenset(dropped))
        except ValidationError as error:
            for finding in spec_findings(error, kind, _without(data, before)):
                location = original_location(finding.location, before)
                if not _follows(finding, location, original_location(finding.owner, before), before):
                    problems.setdefault(location, replace(finding.problem, path=dotted_path(location) or kind.__name__))
                dropped |= _drops(kind, location, data, before)
            if dropped == before:
                break
        except (AttributeError, TypeError, LookupError):
            if not problems and not dropped:
                raise
            break
    return Outcome(None, tuple(problems.items()), frozenset(dropped))


def overlaps_any(location: Location, dropped: Iterable[Location]) -> bool:
    """True if a location is inside of, or contains, something that was left out."""
    return any(location[: len(d)] == d[: len(location)] for d in dropped)


def _follows(finding: SpecFinding, location: Location, owner: Location, dropped: Iterable[Location]) -> bool:
    """True if an error may only be a consequence of what was left out."""
    if not finding.cross:
        return overlaps_any(location, dropped)
    if any(location[: len(d)] == d for d in dropped):
        return True
    text = f"{finding.problem.path} {dotted_path(location)} {finding.problem.expected} {finding.problem.fix}"
    inside = [d for d in dropped if d[: len(owner)] == owner and d[0] not in PLACEHOLDERS]
    return any(next((part for part in reversed(d) if isinstance(part, str)), "") in text for d in inside)


def _drops(kind: type[SpecModel], location: Location, data: object, before: Iterable[Location]) -> set[Location]:
    """The smallest part to leave out so that the rest can be valid."""
    while location:
        has_placeholder = len(location) == 1 and location[0] in PLACEHOLDERS
        if location not in before and (has_placeholder or (_has(data, location) and not _required(kind, location))):
            return {location}
        location = location[:-1]
    return {()}


def _required(kind: type[SpecModel], location: Location) -> bool:
    name = location[-1]
    owners = models_at(kind, location[:-1])
    return any(isinstance(name, str) and name in o.model_fields and o.model_fields[name].is_required() for o in owners)


def _has(data: object, location: Sequence[int | str]) -> bool:
    for part in location:
        match data:
            case Mapping() if part in data:
                data = cast("Mapping[int | str, object]", data)[part]
            case list() | tuple() if isinstance(part, int) and part < len(cast("list[object]", data)):
                data = cast("list[object]", data)[part]
            case _:
                return False
    return True


def _without(data: Mapping[str, object], dropped: Iterable[Location]) -> Mapping[str, object]:
    gone = set(dropped)
    if not gone:
        return data
    reduced = cast("dict[str, object]", _reduced(data, (), gone))
    return reduced | {name: value for name, value in PLACEHOLDERS.items() if (name,) in gone}


def _reduced(value: object, at: Location, gone: set[Location]) -> object:
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            return {key: _reduced(item, (*at, key), gone) for key, item in items if (*at, key) not in gone}
        case list() | tuple():
            numbered = enumerate(cast("list[object]", value))
            return [_reduced(item, (*at, i), gone) for i, item in numbered if (*at, i) not in gone]
        case _:
            return value


def original_location(location: Location, dropped: Iterable[Location]) -> Location:
    """The location in the whole data of a location in the reduced data."""
    gone = set(dropped)
    at: Location = ()
    for part in location:
        if isinstance(part, int):
            kept = (i for i in range(part + len(gone) + 1) if (*at, i) not in gone)
            part = next((i for n, i in enumerate(kept) if n == part), part)
        at = (*at, part)
    return at
