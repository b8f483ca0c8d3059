"""Environment variables of workloads, and whether one contains a secret, without revealing its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.plan.documents import is_hidden
from mlplatform.plan.model import UNKNOWN, Value
from mlplatform.secret_text import holds_secret, names_secret

Variables = Callable[[Resource, str], Iterator[tuple[str, bool]]]
"""Returns the path of every variable and whether it contains a secret."""


def mapped_variables(resource: Resource, path: str) -> Iterator[tuple[str, bool]]:
    """Variables in a mapping from name to value."""
    for at, variables in resource.each(path):
        if isinstance(variables, Mapping):
            for name, value in cast("Mapping[str, Value]", variables).items():
                yield f"{at}.{name}", _holds_secret(name, value, f"{at}.{name}")


def listed_variables(resource: Resource, path: str) -> Iterator[tuple[str, bool]]:
    """Variables in a list of objects with `name` and `value`."""
    for at, variable in resource.each(path):
        if isinstance(variable, Mapping):
            item = cast("Mapping[str, Value]", variable)
            yield at, _holds_secret(str(item.get("name", "")), item.get("value"), at)


def _holds_secret(name: str, value: Value, at: str) -> bool:
    if is_hidden(value):
        return True
    if value is None:
        return False
    if value == UNKNOWN:
        if names_secret(name):
            raise UnknownInput(at)
        return False
    return holds_secret(name, value)
