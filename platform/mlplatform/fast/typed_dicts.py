"""The typed dictionaries of pydantic's core schemas, whose annotations are made when somebody asks for them.

`pydantic_core.core_schema` defines some ninety for type checkers, and nothing reads them in a process: to make their
annotations took as long as to load fifty modules. Each is the same class, and gets what `typing` makes of it at the
first question for that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, cast

from mlplatform.fast.switch import interpreter_supported

MODULES = frozenset({"pydantic_core.core_schema"})
"""Modules whose typed dictionaries are made so."""

_made: dict[type, _Later] = {}


class _Later:
    """What a class still lacks."""

    def __init__(self, make: Callable[[], type], names: tuple[str, ...]) -> None:
        self._make, self._names = make, names

    def give(self, owner: type) -> None:
        """Give a class all of it."""
        if _made.pop(owner, None) is None:
            return
        for base in cast("tuple[type, ...]", getattr(owner, "__orig_bases__", ())):
            give(base)
        whole = vars(self._make())
        for name in self._names:
            setattr(owner, name, whole[name])


def give(owner: type) -> None:
    """Give a class what it still lacks, if it was made here."""
    if (later := _made.get(owner)) is not None:
        later.give(owner)


class _Value:
    """An attribute of a class that is not there yet."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _: object, owner: type) -> object:
        give(owner)
        return getattr(owner, self._name)


class _Annotations(dict[str, object]):
    """Annotations that are not there yet, also for who looks into the class's own dictionary."""

    owner: type

    def __get__(self, _: object, owner: type) -> object:
        give(self.owner)
        return cast("Any", self.owner).__annotations__


def _asks(name: str) -> Callable[..., object]:
    def asked(self: _Annotations, *given: object) -> object:
        give(self.owner)
        return getattr(cast("Any", self.owner).__annotations__, name)(*given)

    return asked


for _name in ("__contains__", "__eq__", "__getitem__", "__iter__", "__len__", "__or__", "__repr__", "__ror__"):
    setattr(_Annotations, _name, _asks(_name))
for _name in ("copy", "get", "items", "keys", "values"):
    setattr(_Annotations, _name, _asks(_name))


class TypedDicts:
    """While a module is loaded in it, its typed dictionaries are made so."""

    def __enter__(self) -> None:
        self._meta: Any = None
        if not interpreter_supported():
            return
        if sys.version_info >= (3, 12):
            from typing import TypedDict
        else:
            from typing_extensions import TypedDict

        class Sample(TypedDict):
            pass

        self._meta = type(Sample)
        self._given: Any = vars(self._meta)["__new__"]
        empty: Any = type.__new__(self._meta, "Empty", (dict,), {})
        self._names = tuple(name for name in vars(Sample) if name not in {*vars(empty), "__orig_bases__"})
        self._meta.__new__ = staticmethod(self._new)

    def __exit__(self, *_: object) -> None:
        if self._meta is not None:
            self._meta.__new__ = self._given

    def _new(self, meta: Any, name: str, bases: tuple[Any, ...], space: dict[str, Any], **options: Any) -> type:  # noqa: ANN401 - as `type`
        plain: Callable[..., type] = self._given.__get__(None, meta)
        annotations = cast("dict[str, object]", space.get("__annotations__", {}))
        if options.keys() - {"total"} or not all(type(each) is str for each in annotations.values()):
            for base in bases:
                give(base)
            return plain(meta, name, bases, space, **options)
        given = dict(space)
        later = _Annotations()
        made = cast(
            "type",
            type.__new__(
                meta, name, (dict,), {**space, **{each: _Value(each) for each in self._names}, "__annotations__": later}
            ),
        )
        later.owner = made
        if "__orig_bases__" not in vars(made):
            cast("Any", made).__orig_bases__ = bases
        _made[made] = _Later(lambda: plain(meta, name, bases, given, **options), self._names)
        return made
