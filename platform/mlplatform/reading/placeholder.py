"""Values in place of required fields that were refused, so that the rest of their model can still be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, get_args, get_origin

from pydantic import ValidationError

from mlplatform.spec.base import SpecModel


class _LeftOut:
    def __reduce__(self) -> str:
        return "LEFT_OUT"  # another process has its own, under this name


LEFT_OUT = _LeftOut()
"""In place of a value: there is none."""

_NUMBERS = (1, 2, 10)
_TEXTS = ("aa", "a", "aaaaaa", "a/a", "a@a.aa", "1g.5gb", "123456789012", "00000000-0000-0000-0000-000000000000")
"""Texts of which one matches the pattern of nearly every required field."""

_ACCELERATORS = ("L4:1",)
"""An accelerator that every cloud has. Its pool is not shown to a cloud, which would choose a machine for it."""


def placeholder_for(owners: Sequence[type[SpecModel]], name: str) -> object:
    """A value that a field accepts; `LEFT_OUT` where none of a few simple ones is accepted."""
    for owner in owners:
        field = owner.model_fields.get(name)
        for value in _candidates(name, field.annotation) if field else ():
            if _accepts(owner, name, value):
                return value
    return LEFT_OUT


def is_meaningful(name: int | str) -> bool:
    """True for a field whose placeholder would make clouds answer for something that nobody asked for."""
    return name == "accelerator"


def _candidates(name: str, annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if is_meaningful(name):
        yield _ACCELERATORS
    elif annotation is str:
        yield from _TEXTS
    elif annotation is int or annotation is float:
        yield from _NUMBERS


def _accepts(owner: type[SpecModel], name: str, value: object) -> bool:
    try:
        owner.__pydantic_validator__.validate_python({name: value})
    except ValidationError as error:
        return all(detail["loc"][:1] != (name,) for detail in error.errors(include_url=False))
    return True
