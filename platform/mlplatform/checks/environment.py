"""Environment variables of workloads, and whether one contains a secret, without revealing its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from mlplatform.checks.resource import Resource, UnknownInput
from mlplatform.plan.documents import is_hidden
from mlplatform.plan.model import UNKNOWN, Value

Variables = Callable[[Resource, str], Iterator[tuple[str, bool]]]
"""Returns the path of every variable and whether it contains a secret."""

_TELLING = re.compile(
    r"(^|_)(password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credentials?|connection_?string)$"
)
"""Names with these endings contain the secret itself; `…_SECRET_NAME`, `…_TOKEN_FILE` only its location."""
_HARMLESS = re.compile(r"^(|true|false|\d+)$", re.IGNORECASE)


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
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.]", "_", name).lower()
    if value is None or not _TELLING.search(words):
        return False
    if value == UNKNOWN:
        raise UnknownInput(at)
    return not _HARMLESS.match(str(value))
