"""An example of a field: the value that its documentation names, its default, or the simplest that it accepts."""

from __future__ import annotations

import re
from typing import Annotated, Literal, cast, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from mlplatform.reading.describe.documentation import field_docs
from mlplatform.reading.describe.shape import field_models, models_at
from mlplatform.reading.document import read_yaml
from mlplatform.reading.placeholder import LEFT_OUT, placeholder_for
from mlplatform.reading.yaml_tree import NotReadable
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec


def field_example(path: str, model: type[SpecModel], name: str) -> object:
    """The fields of a spec down to this one, with a value; None where a part has no simple one.

    Args:
        path: dotted path of the field, without indices.
        model: the model that has it.
        name: its name there.
    """
    value = _value(model, name)
    if value is None:
        return None
    parts = [part.partition("=")[0] for part in path.split(".")]
    for index in range(len(parts) - 1, -1, -1):
        owners = models_at(PlatformSpec, tuple(parts[:index])) if index else (PlatformSpec,)
        listed = index < len(parts) - 1 and any(
            _is_list(owner.model_fields[parts[index]].annotation)
            for owner in owners
            if parts[index] in owner.model_fields
        )
        value = {parts[index]: [value] if listed else value}
    return value


def _value(model: type[SpecModel], name: str) -> object:
    """A value that the field accepts; None for none."""
    info = model.model_fields[name]
    candidates: list[object] = []
    for said in re.findall(r"(?:for example|e\.g\.) `([^`]+)`", " ".join(field_docs(model).get(name, "").split())):
        try:
            candidates.append(read_yaml(said).data)
        except NotReadable:
            continue
    if not field_models(info) or not info.is_required():
        default: object = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        candidates.append(None if isinstance(default, SpecModel) else to_jsonable_python(default))
    candidates += _choices(info.annotation)
    candidates.append(placeholder_for((model,), name))
    return next(
        (each for each in candidates if each not in (None, LEFT_OUT, "", [], {}) and accepts(model, name, each)), None
    )


def accepts(model: type[SpecModel], name: str, value: object) -> bool:
    """Whether a field accepts a value by itself.

    Args:
        model: the model that has the field.
        name: the field's name.
        value: the value, as a spec in YAML has it.
    """
    try:
        model.__pydantic_validator__.validate_python({name: value})
    except ValidationError as error:
        return all(detail["loc"][:1] != (name,) for detail in error.errors(include_url=False))
    return True


def _choices(annotation: object) -> list[object]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if annotation is bool:
        return [True]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def _is_list(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_list(get_args(annotation)[0])
    if origin is tuple:
        return True
    return any(_is_list(part) for part in cast("tuple[object, ...]", get_args(annotation)) if part is not type(None))
