"""Pydantic's errors as problems with a fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mlplatform.field_problem import FieldsRefused
from mlplatform.reading.describe.shape import Location, dotted_path, models_at, tag_of
from mlplatform.reading.refusals.finding import SpecFinding
from mlplatform.reading.refusals.meant import misspelt_fields, tag_finding
from mlplatform.reading.refusals.redact import hide_secrets, one_line, shown_value
from mlplatform.reading.refusals.wording import describe_error
from mlplatform.spec.base import SpecModel
from mlplatform.spec.problem import Problem


def spec_findings(error: ValidationError, model: type[SpecModel], data: object = None) -> Iterator[SpecFinding]:
    """Every error of one validation.

    Args:
        error: the error that pydantic raised.
        model: the model that was validated.
        data: the validated data; separates pydantic's union tags from keys.
    """
    seen: set[tuple[Location, str]] = set()
    details = list(_relevant(error.errors(include_url=False)))
    meant = misspelt_fields(details)
    for detail in details:
        at = _in_spec(model, detail["loc"], data)
        for finding in _findings(model, detail, at, meant):
            # the branches of a union repeat one error in other words; a validator has other problems in the same place
            key = (finding.location, finding.problem.expected if detail["type"] == "value_error" else "")
            if key not in seen:
                seen.add(key)
                yield finding


def problems_of(
    error: ValidationError, model: type[SpecModel], prefix: Location = ()
) -> Iterator[tuple[Location, Problem]]:
    """Every error of one validation of a part of the spec, each with its location in the whole."""
    for finding in spec_findings(error, model):
        if finding.said:
            continue
        location = prefix + finding.location
        yield location, replace(finding.problem, path=dotted_path(location) or model.__name__)


def _relevant(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """The errors without those of a union's branches that another branch explains better."""
    kept = [not _is_other_branch(detail, details) for detail in details]
    for index, detail in enumerate(details):
        union = detail["loc"][:-1]
        siblings = [k for k, other in enumerate(details) if other["loc"][: len(union)] == union]
        if kept[index] or (not any(kept[k] for k in siblings) and index == siblings[0]):
            yield detail


def _is_other_branch(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """True if an error only reports that another branch of a union does not fit either."""
    branch = detail["loc"][:-1]
    if detail["type"] == "too_short" and any(d["loc"][:-1][: len(detail["loc"])] == detail["loc"] for d in details):
        return True  # its entries were refused, and pydantic counts only the accepted ones
    rest = [d for d in details if d is not detail and d["loc"][: len(branch)] == branch]
    if not detail["loc"] or not rest:
        return False
    if detail["type"] == "literal_error" and any(d["type"] == "value_error" for d in rest):
        # a validator knows best what is wrong with a value that is no text, and so cannot be meant as a keyword
        return _is_branch(detail["loc"][-1]) and not isinstance(detail["input"], str)
    if isinstance(detail["input"], Mapping | SpecModel) and detail["type"] in ("literal_error", "tuple_type"):
        return _is_branch(detail["loc"][-1])
    return detail["type"] in ("model_attributes_type", "model_type", "dict_type") and _is_branch(detail["loc"][-1])


def _is_branch(part: int | str) -> bool:
    return isinstance(part, str) and ("[" in part or part in ("str", "none"))


def _in_spec(model: type[SpecModel], loc: Location, data: object) -> Location:
    """A location without the names of union branches that pydantic inserts."""
    kept: list[int | str] = []
    value = data
    for index, part in enumerate(loc):
        if _is_branch(part) and not _has_key(value, part):
            continue
        fields = {name for candidate in models_at(model, loc[:index]) for name in candidate.model_fields}
        inside = _get(value, part)
        if isinstance(part, str) and part not in fields and inside is None:
            tags = {tag_of(m) for m in models_at(model, loc[: index + 1])}
            if part in tags or (value is not None and index < len(loc) - 1):
                continue
        kept.append(part)
        value = inside
    return tuple(kept)


def _has_key(value: object, part: int | str) -> bool:
    return isinstance(value, Mapping) and part in cast("Mapping[object, object]", value)


def _get(value: object, part: int | str) -> object:
    match value:
        case Mapping():
            return cast("Mapping[object, object]", value).get(part)
        case list() | tuple() if isinstance(part, int):
            items = cast("Sequence[object]", value)
            return items[part] if part < len(items) else None
        case SpecModel() if isinstance(part, str):
            return getattr(value, part, None)
        case _:
            return None


def _value(given: object, path: Location) -> object:
    for part in path:
        given = _get(given, part)
    return given


def _findings(
    model: type[SpecModel], detail: ErrorDetails, location: Location, meant: Mapping[Location, str]
) -> Iterator[SpecFinding]:
    context: Mapping[str, object] = detail.get("ctx", {})
    if detail["type"] == "value_error":
        yield from _refused_fields(model, detail, location, context.get("error"))
        return
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        yield tag_finding(detail, location, models_at(model, detail["loc"]))
        return
    owners = models_at(model, detail["loc"][:-1])
    expected, fix, write = describe_error(detail, location, owners)
    if detail["type"] == "extra_forbidden":
        got = "an unknown field"
        if name := meant.get(detail["loc"]):
            expected, fix, write = f"{name}, which is missing here", f"write '{name}'", None
    elif detail["type"] == "missing":
        got = "nothing"
    elif detail["loc"][-1:] == ("[key]",):
        got = f"the key {shown_value(detail['input'])}"  # what is secret is the value, never its name
    else:
        got = shown_value(detail["input"], location)
    said = detail["type"] == "missing" and (detail["loc"][:-1], detail["loc"][-1]) in {
        (at[:-1], name) for at, name in meant.items()
    }
    problem = Problem(dotted_path(location) or model.__name__, got, expected, fix, write=write)
    yield SpecFinding(location, (), problem, said)


def _refused_fields(
    model: type[SpecModel], detail: ErrorDetails, location: Location, error: object
) -> Iterator[SpecFinding]:
    if not isinstance(error, FieldsRefused):  # of a model that is not ours
        text = hide_secrets(str(error or detail["msg"]))
        got = shown_value(detail["input"], location)
        problem = Problem(dotted_path(location) or model.__name__, got, text, "change it accordingly")
        yield SpecFinding(location, (), problem)
        return
    for told in error.problems:
        path = location + told.path
        others = tuple(location + field for field in told.fields)
        got = told.got if told.got is not None else shown_value(_value(detail["input"], told.path), path)
        problem = Problem(
            dotted_path(path) or model.__name__,
            one_line(hide_secrets(got)),
            hide_secrets(told.expected),
            told.fix,
            fields=tuple(map(dotted_path, others)),
            write=told.write,
            secret=told.secret,
        )
        yield SpecFinding(path, others, problem)
