"""The interface of every cloud's rollouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.mock_cloud.held import Held
from mlplatform.providers.wire import as_list, as_object, plain_value

AllHeld = Callable[[], Iterable[Held]]
"""Gives all resources of a cloud."""


@dataclass(frozen=True, slots=True)
class Move:
    """An input that the cloud changes by itself; the provider reads the new value from then on."""

    held: Held
    """The resource."""

    path: str
    """The input in wire names, `tag.key` within others and `profiles.0` within a list."""

    value: object
    """The new value."""

    owned: bool = True
    """True if the cloud owns it from then on; else the next run of the engine may change it."""


@dataclass(frozen=True, slots=True)
class UndoneMove:
    """A change of the cloud that a run of the engine undid."""

    subject: str
    """Logical name and type of the resource, or a name where no resource has it."""

    words: str
    """The value before and after."""


class CloudRollouts:
    """A cloud without rollouts: it accepts everything and moves nothing.

    Args:
        all_held: gives all resources of the cloud.
    """

    within_update: bool = False
    """Whether a rollout ends within the update that begins it, so that an alarm takes it back there."""

    def __init__(self, all_held: AllHeld) -> None:
        self.all_held = all_held
        self.alarmed = False
        """Whether alarms fire during every rollout from now on."""

    def copy(self) -> CloudRollouts:
        """A copy with the same rollouts."""
        return self

    def apply(self, held: Held) -> None:
        """Take over a created or changed resource; a refused one changes nothing.

        Raises:
            CloudRefused: it serves something that does not exist.
        """

    def runs(self, held: Held) -> tuple[str, object] | None:
        """The input of an updated resource that the cloud took back, with the value that it has; None for none."""
        del held
        return None

    def broken(self) -> list[UndoneMove]:
        """What serves and would not start again, because something that it needs is deleted."""
        return []

    def recycled(self, held: Held, inputs: Mapping[str, object]) -> str:
        """What an update replaces of what runs, beyond the cloud's table; empty for nothing."""
        del held, inputs
        return ""

    def refuse_deletion(self, held: Held) -> None:
        """Raises CloudRefused if a resource still serves."""

    def serving(self) -> tuple[Held, ...]:
        """Endpoints that the cloud would not delete, because models are deployed to them, with what deploys them."""
        return ()

    def take_off(self) -> tuple[str, ...]:
        """Take models off the endpoints that the cloud would not delete with them, as people do before a destroy.

        Returns:
            The endpoints that had some.
        """
        return ()

    def remove(self, held: Held) -> None:
        """Remove a deleted resource."""

    def roll_out(self) -> list[Move]:
        """Finish rollouts under way: the new one serves, and what serves no traffic is deleted."""
        return []

    def roll_back(self) -> list[Move]:
        """Let an alarm end the rollouts under way: what served before serves again."""
        return []

    def undone(self) -> list[UndoneMove]:
        """Changes that the engine undid, of things that are in no resource."""
        return []


def with_value(inputs: Mapping[str, object], path: str, value: object) -> dict[str, object]:
    """Inputs with another value at an existing path; envelopes off the path stay."""
    return cast("dict[str, object]", _with_value(inputs, path.split("."), value))


def _with_value(old: object, path: list[str], value: object) -> object:
    if not path:
        return value
    items = as_list(old)
    if items is not None:
        index = int(path[0])
        return [*items[:index], _with_value(items[index], path[1:], value), *items[index + 1 :]]
    entries = as_object(old) or {}
    return {**entries, path[0]: _with_value(entries.get(path[0]), path[1:], value)}


def as_text(value: object) -> str:
    """The value if it is a text; else an empty text."""
    inner = plain_value(value)
    return inner if isinstance(inner, str) else ""
