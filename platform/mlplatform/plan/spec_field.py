"""A spec with one field as another spec has it; what was not set in the other is not set in the result either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, ValidationError

from mlplatform.reading.describe.shape import Location
from mlplatform.spec.platform import PlatformSpec


def with_field(before: PlatformSpec, after: PlatformSpec, was: Location, now: Location) -> PlatformSpec | None:
    """The former spec with one field of the new one.

    Args:
        before: the former spec.
        after: the new spec.
        was: the field in the former one; its parent, where the field is added.
        now: the field in the new one; its parent, where the field is removed.

    Returns:
        None where no such spec is accepted.
    """
    try:
        made = _replaced(before, after, was, now)
    except (AttributeError, IndexError, KeyError, TypeError, ValidationError):
        return None
    return made if isinstance(made, PlatformSpec) else None


def _replaced(before: object, after: object, was: Location, now: Location) -> object:
    if not was and not now:
        return after
    if len(was) == 1 and not now:
        return _without(before, was[0])
    if not was:
        return _added(before, now[0], _child(after, now[0]))
    inside = _replaced(_child(before, was[0]), _child(after, now[0]), was[1:], now[1:])
    if isinstance(before, BaseModel):
        name = str(was[0])
        is_given = len(was) > 1 or (isinstance(after, BaseModel) and name in after.model_fields_set)
        fields = {key: getattr(before, key) for key in before.model_fields_set}
        fields.pop(name, None)
        return type(before).model_validate({**fields, name: inside} if is_given else fields)
    if isinstance(before, Mapping):
        return {**cast("Mapping[str | int, object]", before), was[0]: inside}
    items = list(cast("tuple[object, ...]", before))
    items[int(was[0])] = inside
    return tuple(items)


def _child(value: object, key: str | int) -> object:
    if isinstance(value, BaseModel):
        return getattr(value, str(key))
    return cast("Mapping[str | int, object]", value)[key]


def _without(value: object, key: str | int) -> object:
    if isinstance(value, Mapping):
        return {name: item for name, item in cast("Mapping[str, object]", value).items() if name != key}
    return tuple(item for index, item in enumerate(cast("tuple[object, ...]", value)) if index != key)


def _added(value: object, key: str | int, item: object) -> object:
    if isinstance(value, Mapping):
        return {**cast("Mapping[str | int, object]", value), key: item}
    return (*cast("tuple[object, ...]", value), item)
