"""A cloud as it was, to go back to."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.links import Links
from mlplatform.mock_cloud.movements import Movements
from mlplatform.mock_cloud.names import Names
from mlplatform.mock_cloud.rules.base import Stays


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything a cloud knew at one time. What it holds is never changed in place, so the lists are enough."""

    name: str
    """What the one who remembers calls it."""

    held: dict[tuple[str, str], Held]
    """What was there."""

    names: Names
    """Which names were taken or kept."""

    links: Links
    """What pointed at what."""

    seeds: dict[tuple[str, str], int]
    """How often each resource had been made."""

    left: list[tuple[Held, Stays]]
    """What had been deleted and stayed."""

    movements: Movements
    """What rollouts and autoscalers had moved."""
