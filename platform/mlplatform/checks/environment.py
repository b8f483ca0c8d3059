"""Environment variables of workloads, and whether one holds a secret, without ever handing out its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from mlplatform.checks.resource import Resource, UnknownInput, is_secret
from mlplatform.plan.model import UNKNOWN, Value

Variables = Callable[[Resource, str], Iterator[tuple[str, bool]]]
"""Gives the path of every variable and whether it holds a secret."""

_TELLING = re.compile(
    r"(^|_)(password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credentials?|connection_?string)$"
)
"""Names that end so hold the secret itself; `…_SECRET_NAME`, `…_TOKEN_FILE` only say where it is."""
_HARMLESS = re.compile(r"^(|true|false|\d+)$", re.IGNORECASE)


def mapped_variables(resource: Resource, path: str) -> Iterator[tuple[str, bool]]:
    """Variables as name and value."""
    for at, found in resource.each(path):
        if isinstance(found, Mapping):
            for name, value in cast("Mapping[str, Value]", found).items():
                yield f"{at}.{name}", _holds_secret(name, value, f"{at}.{name}")


def listed_variables(resource: Resource, path: str) -> Iterator[tuple[str, bool]]:
    """Variables as a list of objects with `name` and `value`."""
    for at, found in resource.each(path):
        if isinstance(found, Mapping):
            item = cast("Mapping[str, Value]", found)
            yield at, _holds_secret(str(item.get("name", "")), item.get("value"), at)


def _holds_secret(name: str, value: Value, at: str) -> bool:
    if is_secret(value):
        return True
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.]", "_", name).lower()
    if value is None or not _TELLING.search(words):
        return False
    if value == UNKNOWN:
        raise UnknownInput(at)
    return not _HARMLESS.match(str(value))
