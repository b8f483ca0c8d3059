"""Frozen dataclasses that are cheap to define.

`dataclass(frozen=True)` compiles eight functions for each class, which takes as long as to load nine modules; here all
classes share theirs. Python's own `Field` objects are made when somebody asks for them: `fields`, `replace`, `asdict`.
Making an instance is slower, which does not matter for a thousand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform

from mlplatform.fast.switch import interpreter_supported, plain_requested

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(*, kw_only: bool = False, order: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a frozen dataclass with slots, equality, hash and representation; what it defines itself stays.

    Args:
        kw_only: True if its fields must be named.
        order: True if its instances are ordered as the tuples of their fields.
    """
    if plain_requested() or not interpreter_supported():
        return dataclass(frozen=True, slots=True, kw_only=kw_only, order=order)

    def as_record(kind: type[T]) -> type[T]:
        inherited: dict[str, tuple[object, object]] = {}
        for base in reversed(kind.__mro__[1:]):
            inherited |= vars(base).get("__record_fields__", {})
        body = dict(vars(kind))
        own = {
            name: (annotation, body.pop(name, MISSING))
            for name, annotation in body.get("__annotations__", {}).items()
            if not str(annotation).startswith("ClassVar")
        }
        every = {**inherited, **own}
        for name, (_, default) in own.items():
            if type(default).__hash__ is None:  # as by `dataclass`: all instances would share it
                raise ValueError(f"the default of {name} can be changed: use field(default_factory=…)")
        for name in ("__dict__", "__weakref__"):
            body.pop(name, None)
        shared = {**_SHARED, **_ORDERED} if order else _SHARED
        # Python itself sets the hash of a class that defines `__eq__` to None
        body |= {name: function for name, function in shared.items() if body.get(name) is None}
        if not hasattr(kind, "__post_init__"):
            body["__post_init__"] = _nothing_more
        body |= {
            "__slots__": tuple(name for name in own if name not in inherited),
            "__match_args__": () if kw_only else tuple(every),
            "__names__": tuple(every),
            "__positional__": () if kw_only else tuple(every),
            "__defaults__": {n: d for n, (_, d) in every.items() if d is not MISSING and not _is_field(d)},
            "__factories__": {n: _factory(d) for n, (_, d) in every.items() if _is_field(d)},
            "__record_fields__": every,
            "__kw_only__": kw_only,
            "__dataclass_fields__": _FIELDS,
            "__dataclass_params__": _PARAMS,
        }
        new = cast("Any", type(kind))(kind.__name__, kind.__bases__, body)
        new.__qualname__ = kind.__qualname__
        # the class itself refuses to set anything
        new.__slot_setters__ = tuple((name, getattr(new, name).__set__) for name in every)
        return cast("type[T]", new)

    return as_record


def _is_field(default: object) -> bool:
    return isinstance(default, dataclasses.Field)


def _factory(default: Any) -> Callable[[], object]:  # noqa: ANN401
    """What makes the default of a field that is written `field(default_factory=…)`, the one form that records know."""
    plain = dataclasses.field()
    if default.default_factory is MISSING or any(
        getattr(default, name) != getattr(plain, name) for name in ("default", "init", "repr", "hash", "compare")
    ):
        raise TypeError("a record's field takes a default, or field(default_factory=…) and nothing else")
    return default.default_factory


class _Described:
    """What Python's own tools read of a dataclass, made at its first use."""

    def __init__(self, describe: Callable[[Any], object]) -> None:
        self._describe = describe

    def __get__(self, instance: object, owner: Any) -> object:  # noqa: ANN401
        return self._describe(owner)


@cache
def _any() -> Any:  # noqa: ANN401
    """A dataclass with one ordinary field."""
    return dataclass(frozen=True)(type("_Any", (), {"__annotations__": {"field": str}}))


def _fields_of(owner: Any) -> dict[str, dataclasses.Field[Any]]:  # noqa: ANN401
    """Python's own description of the fields of a record."""
    made = cast("dict[str, dataclasses.Field[Any]] | None", vars(cast("type", owner)).get("__made_fields__"))
    if made is None:
        made = {}
        for name, (annotation, default) in owner.__record_fields__.items():
            field: Any = dataclasses.field()
            if _is_field(default):
                field.default_factory = _factory(default)
            else:
                field.default = default
            field.name, field.type, field.kw_only = name, annotation, owner.__kw_only__
            field._field_type = cast("Any", dataclasses)._FIELD
            made[name] = field
        owner.__made_fields__ = made
    return made


def _init(self: Any, /, *args: object, **named: object) -> None:  # noqa: ANN401
    values = self.__defaults__ | named
    if args:
        positional = dict(zip(self.__positional__, args, strict=False))
        if len(positional) < len(args) or positional.keys() & named.keys():
            raise _wrong_arguments(self, args, named)
        values |= positional
    if self.__factories__:
        values = {name: make() for name, make in self.__factories__.items() if name not in values} | values
    if len(values) != len(self.__slot_setters__):
        raise _wrong_arguments(self, args, named)
    try:
        for name, set_slot in self.__slot_setters__:
            set_slot(self, values[name])
    except KeyError:
        raise _wrong_arguments(self, args, named) from None
    self.__post_init__()


def _nothing_more(self: object) -> None:
    """The `__post_init__` of a record that defines none."""


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
    for (_, set_slot), value in zip(self.__slot_setters__, state, strict=True):
        set_slot(self, value)


def _lt(self: object, other: object) -> bool:
    return _values(self) < _values(other) if type(self) is type(other) else NotImplemented


def _le(self: object, other: object) -> bool:
    return _values(self) <= _values(other) if type(self) is type(other) else NotImplemented


def _gt(self: object, other: object) -> bool:
    return _values(self) > _values(other) if type(self) is type(other) else NotImplemented


def _ge(self: object, other: object) -> bool:
    return _values(self) >= _values(other) if type(self) is type(other) else NotImplemented


_FIELDS = _Described(_fields_of)
_PARAMS = _Described(lambda _: _any().__dataclass_params__)
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
_ORDERED: dict[str, Callable[..., object]] = {"__lt__": _lt, "__le__": _le, "__gt__": _gt, "__ge__": _ge}
