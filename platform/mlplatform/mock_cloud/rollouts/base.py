"""What every cloud's rollouts can be asked and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.mock_cloud.held import Held
from mlplatform.providers.wire import as_list, as_object, bare

There = Callable[[], Iterable[Held]]
"""Everything that a cloud holds, when asked."""


@dataclass(frozen=True, slots=True)
class Move:
    """An input that the cloud changes by itself, as the provider reads it from then on."""

    held: Held
    """Of which resource."""

    path: str
    """Where, in wire names, `tag.key` within others and `profiles.0` within a list."""

    value: object
    """What it is now."""

    owned: bool = True
    """Whether it is the cloud's from then on; else the next run of the engine may change it."""


@dataclass(frozen=True, slots=True)
class SetBack:
    """Something that the cloud had moved and a run of the engine undid."""

    subject: str
    """Logical name and type of the resource, or the name of what no resource stands for."""

    words: str
    """What it was and what it is."""


class Rollouts:
    """A cloud that has none: takes everything and moves nothing.

    there: gives everything that the cloud holds.
    """

    def __init__(self, there: There) -> None:
        self.there = there

    def copy(self) -> Rollouts:
        """Another one that knows the same."""
        return self

    def put(self, held: Held) -> None:
        """A resource is made or changed, and is to be so; nothing is remembered where it is refused.

        Raises:
            CloudRefused: it serves something that is not there.
        """

    def refuse_gone(self, held: Held) -> None:
        """Raises CloudRefused where a resource still serves."""

    def gone(self, held: Held) -> None:
        """A resource is no longer there."""

    def roll_out(self) -> list[Move]:
        """Rollouts under way come to their end: the new one serves, and what serves nobody is cleared away."""
        return []

    def take_back(self) -> list[Move]:
        """An alarm ends them: what served before serves again."""
        return []

    def set_back(self) -> list[SetBack]:
        """What was moved and is not so any more, of what no resource stands for."""
        return []


def replaced(inputs: Mapping[str, object], path: str, value: object) -> dict[str, object]:
    """Inputs with another value at a path that is there; envelopes off the path stay."""
    return cast("dict[str, object]", _replaced(inputs, path.split("."), value))


def _replaced(old: object, path: list[str], value: object) -> object:
    if not path:
        return value
    items = as_list(old)
    if items is not None:
        index = int(path[0])
        return [*items[:index], _replaced(items[index], path[1:], value), *items[index + 1 :]]
    entries = as_object(old) or {}
    return {**entries, path[0]: _replaced(entries.get(path[0]), path[1:], value)}


def text(value: object) -> str:
    """A value that is a text, or none."""
    found = bare(value)
    return found if isinstance(found, str) else ""
