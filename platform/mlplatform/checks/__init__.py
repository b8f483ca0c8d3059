"""Checks of a plan: the rules, the engine that applies them, and the classes that a rule of your own is made of."""

from __future__ import annotations

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_FORMER: dict[str, type] = {"Fault": CheckFault, "NotKnown": UnknownInput, "Rule": CheckRule}
"""Classes by their names of earlier releases."""

__all__ = ["CheckFault", "CheckRule", "Entry", "Resource", "UnknownInput"]


def __getattr__(name: str) -> object:
    if name not in _FORMER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import warnings

    present = _FORMER[name]
    warnings.warn(f"{__name__}.{name} is now {present.__name__}", DeprecationWarning, stacklevel=2)
    return present
