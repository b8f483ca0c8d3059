"""Which resources follow from a field of a spec, and which fields a resource follows from.

Both are answers of plans, not of a table: the spec is planned once more with the field left out or with another value,
and what differs follows from it. What several fields decide only together is not found. `name`, `environment` and the
target decide every resource, and are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Literal, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mlplatform.components.imagined_releases import as_released
from mlplatform.components.names import CLUSTER_SUFFIX, Layer, layers_of
from mlplatform.fast.record import record
from mlplatform.plan.change import ChangeKind
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import PlanRefused
from mlplatform.plan.record import record as record_plan
from mlplatform.reading.describe.shape import Location, dotted_path
from mlplatform.reading.parity import cloud_problems
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec

MOST_PLANS = 60
"""Plans that one answer may take; fields beyond are counted and not looked at."""


class NoSuchResource(ValueError):
    """A name that no resource of the plan has; the text says what is near."""


@record(kw_only=True)
class OtherSpec:
    """A spec that differs in one place."""

    spec: PlatformSpec
    """The spec."""

    place: str
    """Path of the place."""

    how: str
    """In words: `left out`, or `2 instead of 1`."""


@record(kw_only=True)
class FieldConsequence:
    """One resource that follows from a field."""

    kind: ChangeKind
    """`create`: it is there only with the field; `delete`: only without; else its inputs differ."""

    step: Step
    """The resource."""

    properties: tuple[str, ...]
    """Inputs that differ; empty where it is made or taken away."""


@record(kw_only=True)
class FieldConsequences:
    """What follows from one field on one target."""

    place: str
    """Path of the place."""

    how: str
    """What it was compared with."""

    target: str
    """Name of the target."""

    resources: tuple[FieldConsequence, ...]
    """By URN."""


@record(kw_only=True)
class ResourceCause:
    """One place of a spec that a resource follows from."""

    place: str
    """Path of the place."""

    how: str
    """What it was compared with."""

    makes: bool
    """Whether the resource is there only because of it."""

    properties: tuple[str, ...]
    """Inputs that follow from it; empty where it makes the resource."""

    location: Location
    """The place in the spec."""


@record(kw_only=True)
class ResourceCauses:
    """Why a plan has a resource."""

    step: Step
    """The resource."""

    target: str
    """Name of the target."""

    causes: tuple[ResourceCause, ...]
    """In the order of the spec; those that make it first."""

    open: tuple[str, ...]
    """Places that could not be looked at: without them the spec is refused, or there were too many."""


def what_follows(spec: PlatformSpec, target: str, location: Location) -> FieldConsequences | None:
    """The resources of one target that follow from a place of a spec.

    Args:
        spec: the platform.
        target: name of the target.
        location: the place.

    Returns:
        None where no other value is accepted, so that nothing can be compared.
    """
    other = _another(spec, target, location)
    if other is None:
        return None
    released = as_released(spec, (target,), open_too=True)
    with_it, without = record_plan(released, target), _planned(other.spec, target)
    if without is None:
        return None
    found = tuple(
        FieldConsequence(kind=each.kind, step=each.step, properties=tuple(part.text for part in each.properties))
        for each in sorted(diff(without, with_it).changes, key=lambda each: each.step.urn)
    )
    return FieldConsequences(place=other.place, how=other.how, target=target, resources=found)


def why_there(spec: PlatformSpec, target: str, resource: str) -> ResourceCauses:
    """The places of a spec that a resource of one target follows from.

    Args:
        spec: the platform.
        target: name of the target.
        resource: its URN, its logical name, or the end of either behind a `-`.

    Raises:
        NoSuchResource: no resource has that name, or several.
    """
    whole = record_plan(as_released(spec, (target,), open_too=True), target)
    step = _step(whole, resource)
    layer: Layer = "cluster" if step.urn.split("::")[0].endswith(CLUSTER_SUFFIX) else "cloud"
    causes: list[ResourceCause] = []
    unseen: list[str] = []
    plans = 0
    pending = [place for place in _places(spec, ()) if place[0] not in _EVERYWHERE]
    while pending:
        location = pending.pop(0)
        other = _another(spec, target, location) if plans < MOST_PLANS else None
        plan = _planned(other.spec, target, layer) if other else None
        plans += other is not None
        inside = list(_places(_at(spec, location), location))
        if other is None or plan is None:
            # what cannot be left out as a whole is looked at piece by piece
            pending[:0] = inside
            if not inside:
                unseen.append(dotted_path(location))
            continue
        change = next((each for each in diff(plan, whole).changes if each.step.urn == step.urn), None)
        if change is None:
            continue
        causes.append(
            ResourceCause(
                place=other.place,
                how=other.how,
                makes=change.kind == "create",
                properties=tuple(part.text for part in change.properties),
                location=location,
            )
        )
        pending[:0] = inside
    return ResourceCauses(
        step=step,
        target=target,
        causes=tuple(sorted(_told(causes), key=lambda each: not each.makes)),
        open=tuple(unseen),
    )


def _told(causes: list[ResourceCause]) -> Iterator[ResourceCause]:
    """The innermost places: a part says less than its fields, and the name of an entry that makes it nothing more."""
    makes = {cause.location for cause in causes if cause.makes and cause.location[-1] != "name"}
    changes = {cause.location for cause in causes}
    for cause in causes:
        among = makes if cause.makes else changes
        inside = any(
            len(other) > len(cause.location) and other[: len(cause.location)] == cause.location for other in among
        )
        if not inside and (cause.location in makes or not cause.makes):
            yield cause


def _step(plan: Plan, name: str) -> Step:
    exact = [step for step in plan.resources() if name in (step.urn, step.name)]
    found = exact or [step for step in plan.resources() if step.name.endswith(f"-{name}")]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(sorted(step.urn for step in found)[:6])
        raise NoSuchResource(f"got '{name[:80]}', which {len(found)} resources are called; did you mean {names}?")
    names = {step.name for step in plan.resources()}
    prefix = min((step.name for step in plan.steps if not step.custom), key=len, default="")
    short = {each.removeprefix(f"{prefix}-"): each for each in names}
    close = nearest_names(name, short, most=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "`mlplatform plan SPEC --format json` has all names"
    raise NoSuchResource(f"got '{name[:80]}', expected a resource of the plan; {hint}")


def _planned(spec: PlatformSpec, target: str, layer: Layer | None = None) -> Plan | None:
    if layer == "cluster" and layer not in layers_of(spec):
        layer = None
    with suppress(PlanRefused, LookupError, ValueError):
        return record_plan(as_released(spec, (target,), open_too=True), target, layer=layer)
    return None


def _places(value: object, at: Location) -> Iterator[Location]:
    """The places right below a value that were written: fields, entries of a list of models."""
    if isinstance(value, SpecModel):
        yield from ((*at, name) for name in type(value).model_fields if name in value.model_fields_set)
    elif isinstance(value, tuple):
        entries = cast("tuple[object, ...]", value)
        if any(isinstance(each, SpecModel) for each in entries):
            yield from ((*at, index) for index in range(len(entries)))


def _at(spec: PlatformSpec, location: Location) -> object:
    value: object = spec
    for part in location:
        value = getattr(value, part) if isinstance(part, str) else cast("tuple[object, ...]", value)[part]
    return value


def _another(spec: PlatformSpec, target: str, location: Location) -> OtherSpec | None:
    """The spec without the place, or with another value there; the first that the target accepts."""
    value, place = _at(spec, location), _named(spec, location)
    if location[0] in _EVERYWHERE:
        return None
    owner = _at(spec, location[:-1])
    scalar = not isinstance(value, SpecModel | tuple | Mapping)
    others: list[tuple[object, str]] = []
    if isinstance(owner, SpecModel) and isinstance(location[-1], str):
        others = [(each, f"{each!r} instead of {value!r}") for each in _values(owner, location[-1], value)]
    left_out: list[tuple[object, str]] = [(_LEFT_OUT, "left out")] if value != _default(owner, location[-1]) else []
    for other, how in (*others, *left_out) if scalar else (*left_out, *others):
        with suppress(ValidationError, ValueError, TypeError, LookupError):
            changed = cast("PlatformSpec", _replaced(spec, location, other)).with_record(spec.record)
            if changed.targets and not any(cloud_problems(changed, changed.target(target))):
                return OtherSpec(spec=changed, place=place, how=how)
    return None


_LEFT_OUT = object()
_EVERYWHERE = ("spec_version", "name", "environment", "targets")
_ACCELERATORS = ("L4:1", "T4:1", "A100-80GB:8", "H100:8")
"""Other accelerators to try."""


def _default(owner: object, name: int | str) -> object:
    if isinstance(owner, SpecModel) and isinstance(name, str):
        field = type(owner).model_fields[name]
        return _LEFT_OUT if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
    return _LEFT_OUT


def _values(owner: SpecModel, name: str, value: object) -> Iterator[object]:
    """Other values of a scalar field, the nearest first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value * 2, value - 1)
    for choice in _choices(type(owner).model_fields[name].annotation):
        if choice != value:
            yield choice
    if name == "accelerator":
        yield from ((each,) for each in _ACCELERATORS if each not in cast("tuple[object, ...]", value))
    if isinstance(value, str):
        yield f"{value}x"
        yield f"{value[:-1]}x"
    entries = list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else []
    if len(entries) > 1:
        yield from (tuple(entries[1:]), tuple(entries[:-1]))
    match entries:
        case [*first, int() as last]:
            yield (*first, last + 1)
        case [*first, str() as last]:
            yield (*first, f"{last}x")
        case _:
            pass


def _choices(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _choices(part)


def _replaced(value: object, location: Location, other: object) -> object:
    """A value with another one at a place; validated at each level."""
    head, *rest = location
    if isinstance(value, BaseModel):
        fields: dict[str, object] = {name: getattr(value, name) for name in value.model_fields_set}
        if rest or other is not _LEFT_OUT:
            fields[str(head)] = _replaced(getattr(value, str(head)), tuple(rest), other) if rest else other
        else:
            fields.pop(str(head), None)
        return type(value).model_validate(fields)
    entries = list(cast("tuple[object, ...]", value))
    index = int(head)
    if rest:
        entries[index] = _replaced(entries[index], tuple(rest), other)
    elif other is _LEFT_OUT:
        del entries[index]
    else:
        entries[index] = other
    return tuple(entries)


def _named(spec: PlatformSpec, location: Location) -> str:
    """A place as people write it: entries by their names."""
    text = ""
    for number, part in enumerate(location):
        if isinstance(part, int):
            name = getattr(_at(spec, location[: number + 1]), "name", None)
            text += f"[{name or part}]"
        else:
            text += f".{part}" if text else part
    return text
