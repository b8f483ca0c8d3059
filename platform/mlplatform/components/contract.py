"""Contracts: what the `build` function of a backend's module takes and returns, as a `Protocol` per module."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import signature
from types import ModuleType
from typing import TypeVar

C = TypeVar("C")

_MODULES: dict[object, str] = {}


class BrokenContract(TypeError):
    """A backend's module does not fulfil its contract; the text names module, expected and found signature."""


def contract(module: str) -> Callable[[type[C]], type[C]]:
    """Make a `Protocol` the contract of a module.

    Args:
        module: path below a backend's package, for example `network.network`.
    """

    def declare(kind: type[C]) -> type[C]:
        _MODULES[kind] = module
        return kind

    return declare


def module_of(kind: type[object]) -> str:
    """Path of a contract's module below a backend's package."""
    return _MODULES[kind]


def contracts() -> dict[str, type[object]]:
    """The contracts of the modules that were imported so far, by the module's path."""
    return {module: kind for kind, module in _MODULES.items() if isinstance(kind, type)}


def checked_build(module: ModuleType, kind: type[C]) -> C:
    """A module's `build`, checked once to take what the contract passes.

    Raises:
        BrokenContract: there is no such function, or it takes other parameters.
    """
    build = getattr(module, "build", None)
    if not callable(build):
        raise BrokenContract(
            f"{module.__name__} breaks {kind.__name__}: expected a function build({', '.join(parameters(kind))}), "
            "found none"
        )
    _check(build, module.__name__, kind)
    return module.build


@cache
def _check(build: Callable[..., object], module: str, kind: type[object]) -> None:
    expected, found = parameters(kind), tuple(signature(build).parameters)
    # one that a backend does not use may begin with an underscore
    if expected != tuple(name.lstrip("_") for name in found):
        raise BrokenContract(
            f"{module} breaks {kind.__name__}: expected build({', '.join(expected)}), found build({', '.join(found)})"
        )


def parameters(kind: type[object]) -> tuple[str, ...]:
    """What the `build` of a contract takes, in order."""
    return tuple(signature(kind.__call__).parameters)[1:]
