"""Truths where a number is wanted: Python counts True as 1, and nobody means that in a spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from mlplatform.reading.describe.shape import Location, models_at
from mlplatform.spec.base import SpecModel


def truths_as_text(kind: type[SpecModel], data: Mapping[str, object]) -> dict[str, object]:
    """The fields of a model, with each truth that stands for a number as text, so that it is refused as such.

    Args:
        kind: the model.
        data: its fields, with mappings and lists inside of them as a document has them.
    """
    return cast("dict[str, object]", _walked(kind, dict(data), ()))


def _walked(kind: type[SpecModel], value: object, at: Location) -> object:
    if isinstance(value, bool):
        return str(value).lower() if _wants_number(kind, at) else value
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: _walked(kind, item, (*at, key)) for key, item in items}
    if isinstance(value, list):
        return [_walked(kind, item, (*at, index)) for index, item in enumerate(cast("list[object]", value))]
    return value


def _wants_number(kind: type[SpecModel], at: Location) -> bool:
    name = at[-1]
    fields = [owner.model_fields[name] for owner in models_at(kind, at[:-1]) if name in owner.model_fields]
    return bool(fields) and all(_is_number(field.annotation) for field in fields)


def _is_number(annotation: object) -> bool:
    kinds = set(get_args(annotation)) or {annotation}
    return bool(kinds & {int, float}) and not kinds & {bool, str}
