"""Former names of public classes: they still work, with a warning that tells the present name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping


def former_names(module: str, names: Mapping[str, type]) -> Callable[[str], type]:
    """The `__getattr__` of a module in which classes were renamed.

    Args:
        module: its `__name__`.
        names: present classes by former name.
    """

    def look_up(name: str) -> type:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        warnings.warn(f"{module}.{name} is now {names[name].__name__}", DeprecationWarning, stacklevel=2)
        return names[name]

    return look_up
