"""Validates beyond the first errors: refused parts are left out, and the rest is validated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pydantic import ValidationError

from mlplatform.field_problem import EVERY
from mlplatform.reading.describe.shape import Location, dotted_path, models_at
from mlplatform.reading.placeholder import LEFT_OUT, placeholder_for
from mlplatform.reading.refusals.errors import spec_findings
from mlplatform.spec.base import SpecModel
from mlplatform.spec.problem import Problem

MAX_ROUNDS = 30
"""Limit of the rounds, each of which leaves something out; no spec written by a person needs more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a validation."""

    model: SpecModel | None
    """The model without its refused parts; None if too little is left of it."""

    problems: tuple[tuple[Location, Problem], ...]
    """All problems by location in the data; empty if the model is as it was given."""

    dropped: Mapping[Location, object]
    """The locations that were left out or got a placeholder, with it."""


def validate_leniently(
    kind: type[SpecModel],
    data: Mapping[str, object],
    make: Callable[[Mapping[str, object]], SpecModel],
    broken: Iterable[Location] = (),
    uncertain: Iterable[Location] = (),
) -> Outcome:
    """Validate data and find every error in it.

    Args:
        kind: the model.
        data: its fields.
        make: constructs it from fields.
        broken: parts that were refused before and are reported elsewhere.
        uncertain: parts of models in the data that were left out when these were made.
    """
    dropped: dict[Location, object] = {}
    usable = True
    for location in broken:
        drops = _drops(kind, location, data, dropped)
        usable = usable and bool(drops)
        dropped |= drops
    problems: dict[tuple[Location, str], Problem] = {}
    doubtful = frozenset(uncertain)
    said: set[Location] = set()
    for _ in range(MAX_ROUNDS):
        before = dict(dropped)
        left_out = [location for location, value in before.items() if value is LEFT_OUT]
        try:
            model = make(_without(data, before))
            return Outcome(model if usable else None, _listed(problems), dropped)
        except ValidationError as error:
            for finding in spec_findings(error, kind, _without(data, before)):
                location = original_location(finding.location, left_out)
                others = [original_location(other, left_out) for other in finding.others]
                if finding.said:
                    said.add(location)
                if location not in said and not _follows(location, others, (*before, *doubtful)):
                    path = dotted_path(location) or kind.__name__
                    told = replace(finding.problem, path=path, fields=tuple(map(dotted_path, others)))
                    problems.setdefault((location, told.expected), told)
                meant = {original_location(at, left_out): value for at, value in finding.instead.items()}
                drops = {} if meant.keys() & before.keys() else meant
                drops = drops or _asks_for(kind, location, others, data, before) or _drops(kind, location, data, before)
                usable = usable and bool(drops)
                dropped |= drops
            if dropped == before:
                break
        except (AttributeError, TypeError, LookupError):
            if not problems and not dropped:
                raise
            break
    return Outcome(None, _listed(problems), dropped)


def overlaps_any(location: Location, dropped: Iterable[Location]) -> bool:
    """True if a location is inside of, or contains, something that was left out."""
    return any(all(a in (b, EVERY) for a, b in zip(location, d, strict=False)) for d in dropped)


def _follows(location: Location, others: Sequence[Location], dropped: Sequence[Location]) -> bool:
    """True if a problem may only be a consequence of what was left out."""
    if any(location[: len(d)] == d for d in dropped):
        return True
    return any(overlaps_any(place, dropped) for place in others or (location,))


def _listed(problems: Mapping[tuple[Location, str], Problem]) -> tuple[tuple[Location, Problem], ...]:
    return tuple((location, problem) for (location, _), problem in problems.items())


def _asks_for(
    kind: type[SpecModel],
    location: Location,
    others: Sequence[Location],
    data: object,
    before: Mapping[Location, object],
) -> dict[Location, object]:
    """What makes a missing field needed: without it, the part that lacks the field need not be left out as a whole."""
    if not location or _has(data, location):
        return {}
    for other in others:
        beside = other[:-1] == location[:-1] and other not in before and _has(data, other)
        if beside and not _required(kind, other):
            return {other: LEFT_OUT}
    return {}


def _drops(
    kind: type[SpecModel], location: Location, data: object, before: Mapping[Location, object]
) -> dict[Location, object]:
    """The smallest part to leave out or to replace, so that the rest can be valid; empty if nothing would be left."""
    while location:
        if location not in before:
            if not _required(kind, location):
                if _has(data, location):
                    return {location: LEFT_OUT}
            elif (value := placeholder_for(models_at(kind, location[:-1]), str(location[-1]))) is not LEFT_OUT:
                return {location: value}
        location = location[:-1]
    return {}


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


def _without(data: Mapping[str, object], dropped: Mapping[Location, object]) -> Mapping[str, object]:
    return cast("dict[str, object]", _reduced(dict(data), (), dropped)) if dropped else data


def _reduced(value: object, at: Location, dropped: Mapping[Location, object]) -> object:
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            kept = {key: _reduced(item, (*at, key), dropped) for key, item in items if (*at, key) not in dropped}
            return kept | {
                cast("str", location[-1]): item
                for location, item in dropped.items()
                if location[:-1] == at and item is not LEFT_OUT
            }
        case list() | tuple():
            numbered = enumerate(cast("list[object]", value))
            return [_reduced(item, (*at, i), dropped) for i, item in numbered if (*at, i) not in dropped]
        case _:
            return value


def original_location(location: Location, left_out: Iterable[Location]) -> Location:
    """The location in the whole data of a location in the reduced data."""
    gone = set(left_out)
    at: Location = ()
    for part in location:
        if isinstance(part, int):
            kept = (i for i in range(part + len(gone) + 1) if (*at, i) not in gone)
            part = next((i for n, i in enumerate(kept) if n == part), part)
        at = (*at, part)
    return at
