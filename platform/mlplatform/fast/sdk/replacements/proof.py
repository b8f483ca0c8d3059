"""The proof that each replacement needs: it is called as the original is."""

from __future__ import annotations

import inspect
from collections.abc import Callable


def same_parameters(original: Callable[..., object], replacement: Callable[..., object]) -> bool:
    """True if both take the same parameters with the same defaults."""
    expected, actual = (inspect.signature(function).parameters.values() for function in (original, replacement))
    return [(p.name, p.default) for p in expected] == [(p.name, p.default) for p in actual]
