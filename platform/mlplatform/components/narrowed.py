"""A spec narrowed to one cloud: its target as that cloud's own type. Imports no SDK."""

from __future__ import annotations

from typing import TypeVar

from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target

T = TypeVar("T", bound=Target)


def target_of(spec: PlatformSpec, kind: type[T]) -> T:
    """The only target of a narrowed spec.

    Raises:
        TypeError: it is another cloud's.
    """
    return typed_target(spec.targets[0], kind)


def typed_target(target: Target, kind: type[T]) -> T:
    """A target as its cloud's own type.

    Raises:
        TypeError: it is another cloud's.
    """
    if not isinstance(target, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(target).__name__}")
    return target
