"""The shape of the spec: the models of each field, read from the pydantic models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from mlplatform import discovery
from mlplatform.field_problem import EVERY
from mlplatform.spec.base import SpecModel
from mlplatform.spec.later import AnyExtension, LaterModel, extension_models
from mlplatform.spec.target import AnyTarget

Location = tuple[int | str, ...]
"""The place of a value: field names, list positions and keys, as pydantic reports them."""


def models_in(annotation: object) -> Iterator[type[SpecModel]]:
    """Every spec model in an annotation: `tuple[A | B, ...]` gives A and B."""
    if isinstance(annotation, type) and issubclass(annotation, SpecModel):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, LaterModel):
        yield annotation.model()
    elif get_origin(annotation) is Annotated and AnyTarget in get_args(annotation):
        yield from (discovery.target_type(cloud) for cloud in discovery.clouds())
    elif get_origin(annotation) is Annotated and AnyExtension in get_args(annotation):
        yield from extension_models()
    elif get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from models_in(part)


def field_models(field: FieldInfo) -> tuple[type[SpecModel], ...]:
    """The spec models of one field."""
    if AnyTarget in field.metadata:
        return tuple(models_in(Annotated[field.annotation, AnyTarget]))
    return tuple(dict.fromkeys(models_in(field.annotation)))


def tag_of(model: type[SpecModel]) -> str | None:
    """The tag of a model in a union: the fixed value of its `kind` or `cloud`."""
    for name in ("kind", "cloud"):
        field = model.model_fields.get(name)
        if field and get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1:
            return str(get_args(field.annotation)[0])
    return None


def models_at(model: type[SpecModel], location: Sequence[int | str]) -> tuple[type[SpecModel], ...]:
    """The models that are possible at a location; pydantic's union tags in it narrow the choice."""
    candidates: tuple[type[SpecModel], ...] = (model,)
    for part in location:
        inner = [
            inner_model
            for candidate in candidates
            if isinstance(part, str) and part in candidate.model_fields
            for inner_model in field_models(candidate.model_fields[part])
        ]
        if inner or any(part in candidate.model_fields for candidate in candidates):
            candidates = tuple(dict.fromkeys(inner))
        else:
            candidates = tuple(c for c in candidates if tag_of(c) == part) or candidates
    return candidates


def dotted_path(location: Sequence[int | str]) -> str:
    """A location as text: `endpoints[0].replicas[1]`."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) or part == EVERY else f".{part}" if text else part
    return text
