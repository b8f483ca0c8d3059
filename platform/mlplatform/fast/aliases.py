"""Types with parameters, `tuple[…]` of `typing` and the like, set their own attributes without a question for each.

`typing` asks of every attribute that it sets on one whether it belongs to the type behind it. Those that it sets while
it makes one never do.
"""

from __future__ import annotations

import typing
from typing import Any

from mlplatform.fast.switch import interpreter_supported, report_unused

_OWN = frozenset({"__args__", "__origin__", "__parameters__", "__module__", "__metadata__", "_inst", "_name"})
"""Attributes that stand on the alias itself in every supported Python; the others are asked about."""


def set_directly() -> None:
    """Let `typing` set these attributes directly from now on."""
    base: Any = getattr(typing, "_BaseGenericAlias", None)
    if base is None or not interpreter_supported():
        report_unused("the direct setting of types' attributes", "it was made for other versions of Python")
        return
    plain = base.__setattr__
    if plain.__module__ != "typing":
        return
    directly = object.__setattr__

    def set_attribute(self: object, name: str, value: object) -> None:
        if name in _OWN:
            directly(self, name, value)
        else:
            plain(self, name, value)

    base.__setattr__ = set_attribute
