"""Frozen dataclasses that are cheap to define.

`dataclass(frozen=True)` compiles eight functions for each class, which is most of the time that importing the catalogue
takes; here all classes share theirs. Making an instance is slower, which does not matter for a thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from typing import Any, TypeVar, cast, dataclass_transform

from mlplatform.fast.switch import plain_requested

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a frozen dataclass with slots, equality, hash and representation.

    Args:
        kw_only: True if its fields must be named.
    """
    if plain_requested():
        return dataclass(frozen=True, slots=True, kw_only=kw_only)

    def as_record(kind: type[T]) -> type[T]:
        new = cast("Any", dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(kind))
        own_fields = fields(new)
        new.__names__ = tuple(field.name for field in own_fields)
        new.__positional__ = () if kw_only else new.__names__
        new.__defaults__ = {field.name: field.default for field in own_fields if field.default is not MISSING}
        # the class itself refuses to set anything
        new.__slot_setters__ = tuple((field.name, getattr(new, field.name).__set__) for field in own_fields)
        for name, function in _SHARED.items():
            setattr(new, name, function)
        return cast("type[T]", new)

    return as_record


def _init(self: Any, /, *args: object, **named: object) -> None:  # noqa: ANN401
    values = self.__defaults__ | named
    if args:
        positional = dict(zip(self.__positional__, args, strict=False))
        if len(positional) < len(args) or positional.keys() & named.keys():
            raise _wrong_arguments(self, args, named)
        values |= positional
    if len(values) != len(self.__slot_setters__):
        raise _wrong_arguments(self, args, named)
    try:
        for name, set_slot in self.__slot_setters__:
            set_slot(self, values[name])
    except KeyError:
        raise _wrong_arguments(self, args, named) from None


def _wrong_arguments(self: Any, args: object, named: object) -> TypeError:  # noqa: ANN401
    return TypeError(f"{type(self).__name__} takes {', '.join(self.__names__)}; got {args} and {named}")


def _values(self: Any) -> tuple[object, ...]:  # noqa: ANN401
    return tuple(getattr(self, name) for name in self.__names__)


def _eq(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:  # noqa: ANN401
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__names__)})"


def _frozen(self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot assign to or delete field {name!r} of {type(self).__name__}")


def _setstate(self: Any, state: tuple[object, ...]) -> None:  # noqa: ANN401
    for name, value in zip(self.__names__, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED: dict[str, Callable[..., object]] = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
    "__getstate__": _values,
    "__setstate__": _setstate,
}
