"""One order for everything whose order means nothing: writing a list differently changes no resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from mlplatform.spec.base import SpecModel

M = TypeVar("M", bound=SpecModel)


def in_order(model: M) -> M:
    """The model with its lists and mappings sorted, down to the last, but for those that `by_meaning` names.

    Programs are made from this: what a list joins (policies, dashboards, rules) comes out the same however it was
    written. Messages speak of the spec as it was written.
    """
    changes: dict[str, object] = {}
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        new = _in_order(value, sort=name not in model.by_meaning)
        if new is not value:
            changes[name] = new
    return model.model_copy(update=changes) if changes else model


def _in_order(value: object, *, sort: bool) -> object:
    match value:
        case SpecModel():
            return in_order(value)
        case tuple():
            items = cast("tuple[object, ...]", value)
            new = tuple(_in_order(item, sort=sort) for item in items)
            new = tuple(sorted(new, key=_key)) if sort else new
            return items if all(a is b for a, b in zip(items, new, strict=True)) else new
        case Mapping():
            given = cast("Mapping[str, object]", value)
            found = {key: _in_order(given[key], sort=sort) for key in (sorted(given) if sort else given)}
            same = list(found) == list(given) and all(found[key] is given[key] for key in given)
            return given if same else found
        case _:
            return value


def _key(item: object) -> tuple[float, str, str]:
    """Numbers by size, models by name, everything else by its text."""
    number = float(item) if isinstance(item, int | float) else 0.0
    return number, str(getattr(item, "name", "")), repr(item)
