"""A spec as data that loads to the same spec: what was set, and the tags that say what something is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast, get_args, get_origin

from pydantic import BaseModel


def document(spec: BaseModel) -> dict[str, object]:
    """What was set in a spec, as JSON has it; what was not follows its profile when it is loaded again."""
    found: dict[str, object] = {}
    for name, field in type(spec).model_fields.items():
        if name in spec.model_fields_set or _is_tag(field.annotation):
            found[name] = _plain(getattr(spec, name))
    return found


def _is_tag(annotation: object) -> bool:
    """A literal of one value tells unions apart."""
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return document(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in cast("tuple[object, ...]", value)]
    return value
