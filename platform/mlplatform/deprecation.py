"""Former names of public classes and arguments: they still work, with a warning that tells the present name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

T = TypeVar("T")


def former_names(module: str, names: Mapping[str, type | str]) -> Callable[[str], type]:
    """The `__getattr__` of a module in which classes were renamed, or that they left.

    Args:
        module: its `__name__`.
        names: present classes by former name; `package.module:Class` for one that is imported when asked for.
    """

    def look_up(name: str) -> type:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        present = names[name]
        told = present.replace(":", ".") if isinstance(present, str) else present.__name__
        warnings.warn(f"{module}.{name} is now {told}", DeprecationWarning, stacklevel=2)
        if isinstance(present, str):
            from pkgutil import resolve_name

            present = cast("type", resolve_name(present))
        return present

    return look_up


def former_argument(name: str, value: T | None, former: str, given: T | None) -> T | None:
    """The value of an argument that was renamed: of its present name, or else of its former one.

    Args:
        name: its present name.
        value: what was given under that name.
        former: its former name.
        given: what was given under that one.

    Raises:
        TypeError: both were given.
    """
    if given is None:
        return value
    if value is not None:
        raise TypeError(f"got both `{name}` and `{former}`, its former name: give `{name}` alone")
    warnings.warn(f"the argument `{former}` is now `{name}`", DeprecationWarning, stacklevel=3)
    return given
