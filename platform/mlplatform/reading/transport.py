"""How the platform of a Python spec comes back from the process that ran it: plain models, and nothing that runs."""

from __future__ import annotations

import io

# the module `pickle` also defines both in Python, which takes longer than to pack a spec
from _pickle import Pickler, Unpickler, UnpicklingError
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, cast

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location
from mlplatform.reading.placeholder import LEFT_OUT
from mlplatform.snippet import Part, Snippet
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_MODELS = (SpecModel, Enum, Problem, Snippet, Part)
_PLAIN: tuple[type, ...] = (set, frozenset, dict, list, tuple, str, int, float, bool, bytes)
_VALUES = frozenset({"datetime", "decimal", "ipaddress", "pathlib", "uuid", "zoneinfo", "pydantic_core._pydantic_core"})
"""Modules whose classes are values of fields."""


@record()
class Evaluated:
    """What the run of a spec came to."""

    name: str
    """The variable of the platform; empty where there is none."""

    platform: PlatformSpec | None
    """The platform, or what is left of it where it is refused; None where that is too little."""

    problems: tuple[Problem, ...] = ()
    """Why it is refused; none where it is not."""

    dropped: Mapping[Location, object] | None = None
    """What was left out of a refused platform."""


class CannotReturn(ValueError):
    """The run of a spec handed back something else than a platform."""


def pack(evaluated: Evaluated) -> bytes:
    """The result as bytes; models of the spec's own classes become those of the package that they extend."""
    buffer = io.BytesIO()
    _Pickler(buffer).dump(evaluated)
    return buffer.getvalue()


def unpack(raw: bytes) -> Evaluated:
    """The result from bytes. A spec can write them itself, so they may hold models and plain values alone.

    Raises:
        CannotReturn: they hold anything else.
    """
    try:
        value = _Unpickler(io.BytesIO(raw)).load()
    except Exception as error:
        raise CannotReturn(f"{type(error).__name__}: {error}") from None
    if not isinstance(value, Evaluated) or not _is_whole(value):
        raise CannotReturn(f"{type(value).__name__} that holds something else than a platform or problems")
    return value


def _is_whole(value: Evaluated) -> bool:
    problems = cast("object", value.problems)
    return (
        isinstance(cast("object", value.name), str)
        and isinstance(cast("object", value.platform), PlatformSpec | None)
        and isinstance(problems, tuple)
        and all(isinstance(each, Problem) for each in cast("tuple[object, ...]", problems))
        and isinstance(cast("object", value.dropped), dict | None)
        and (value.platform is not None or problems != ())
    )


class _Pickler(Pickler):
    def __init__(self, buffer: io.BytesIO) -> None:
        super().__init__(buffer, protocol=5)
        # a spec has some two hundred parts, of some fifty classes
        self._is_known = cache(_is_known)

    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401 - as pickle declares it
        kind = type(obj)
        if isinstance(obj, SpecModel) and not self._is_known(kind):
            base = cast("type[SpecModel]", next(each for each in kind.__mro__ if self._is_known(each)))
            fields = {name: value for name, value in vars(obj).items() if name in base.model_fields}
            state = {
                "__dict__": fields,
                "__pydantic_fields_set__": obj.model_fields_set & base.model_fields.keys(),
                "__pydantic_extra__": None,
                "__pydantic_private__": None,
            }
            return _new, (base,), state
        for base in _PLAIN:
            # a text or list of a class of its own
            if isinstance(obj, base) and kind is not base and not self._is_known(kind):
                return base, (base(obj),)  # pyright: ignore
        return NotImplemented


class _Unpickler(Unpickler):
    def find_class(self, module_name: str, global_name: str) -> object:
        found = super().find_class(module_name, global_name)
        if found is _new or found is LEFT_OUT:
            return found
        if isinstance(found, type) and (
            found is Evaluated or found in _PLAIN or module_name in _VALUES or issubclass(found, _MODELS)
        ):
            return cast("object", found)
        raise UnpicklingError(f"{module_name}.{global_name}")


def _new(kind: type[SpecModel]) -> SpecModel:
    """A model without fields, which pickle then fills."""
    return kind.__new__(kind)


def _is_known(kind: type) -> bool:
    """Whether another process finds a class under its name: it is no class of the spec's own files."""
    from mlplatform.reading.siblings import is_siblings

    return "<locals>" not in kind.__qualname__ and not is_siblings(kind.__module__)
