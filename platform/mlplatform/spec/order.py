"""One order for all lists and mappings whose order has no meaning: reordering them changes no resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from mlplatform.spec.base import SpecModel

M = TypeVar("M", bound=SpecModel)


def in_order(model: M) -> M:
    """The model with its lists and mappings sorted at every level, except the fields in `by_meaning`.

    Programs are built from this, so that policies, dashboards and rules do not depend on the order in a spec. Messages
    name the spec as it was written.
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
            ordered = {key: _in_order(given[key], sort=sort) for key in (sorted(given) if sort else given)}
            same = list(ordered) == list(given) and all(ordered[key] is given[key] for key in given)
            return given if same else ordered
        case _:
            return value


def _key(item: object) -> tuple[float, str, str]:
    """Numbers by size, models by name, everything else by its text."""
    number = float(item) if isinstance(item, int | float) else 0.0
    return number, str(getattr(item, "name", "")), repr(item)
