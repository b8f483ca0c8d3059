"""Changes that a cloud makes by itself between two runs of the engine: rollouts finish, autoscalers change counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Literal

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts import rollouts_of
from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts, Move, UndoneMove
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.update import AutoscaledCount
from mlplatform.providers.wire import as_list, plain_value, value_at_path

Drift = Literal["rolled out", "taken back", "scaled"]
"""Changes of a cloud by itself: rollouts under way finish, or an alarm rolls them back, or every autoscaler adds one
because of load."""


class Movements:
    """Rollouts, and every input that the cloud has changed and owns since.

    Args:
        cloud: its name.
        all_held: gives everything that it holds.
        rollouts: of the cloud. Omitted: those of an empty one.
    """

    def __init__(self, cloud: str, all_held: AllHeld, rollouts: CloudRollouts | None = None) -> None:
        self._cloud = cloud
        self._all_held = all_held
        self.rollouts = rollouts or rollouts_of(cloud, all_held)
        self._moved: dict[tuple[str, str, str], tuple[str, object]] = {}

    def copy(self) -> Movements:
        """A copy with the same movements."""
        other = Movements(self._cloud, self._all_held, self.rollouts.copy())
        other._moved = dict(self._moved)
        return other

    def drift(self, how: Drift) -> list[Move]:
        """The inputs to change. Those that the cloud owns stay its own until the resource is replaced."""
        match how:
            case "rolled out":
                moves = self.rollouts.roll_out()
            case "taken back":
                moves = self.rollouts.roll_back()
            case "scaled":
                moves = [move for held in self._all_held() for move in _scale(held)]
        for move in moves:
            if move.owned:
                self._moved[move.held.token, move.held.id, move.path] = (move.held.seed, plain_value(move.value))
        return moves

    def undone(self, contents: Iterable[Held]) -> tuple[UndoneMove, ...]:
        """Changes of the cloud that the engine undid."""
        moves = list(self.rollouts.undone())
        held_by_id = {(held.token, held.id): held for held in contents}
        for (token, id_, path), (seed, value) in sorted(self._moved.items(), key=lambda moved: moved[0]):
            held = held_by_id.get((token, id_))
            now = value_at_path(held.inputs, path) if held and held.seed == seed else value
            if held and now != value:
                moves.append(UndoneMove(f"{held.name} ({token})", f"{path} was {value} and is {now}"))
        return tuple(moves)


def _scale(held: Held) -> Iterator[Move]:
    for rule in rules_of(held.token).autoscaled:
        if rule.token == held.token and (not rule.only_if or value_at_path(held.inputs, rule.only_if)):
            yield from _add_one(held, rule)


def _add_one(held: Held, rule: AutoscaledCount) -> Iterator[Move]:
    many, star, _ = rule.path.partition(".*.")
    positions = range(len(as_list(value_at_path(held.inputs, many)) or ())) if star else (0,)
    for position in positions:
        path, maximum = (pattern.replace("*", str(position)) for pattern in (rule.path, rule.maximum))
        count, bound = value_at_path(held.inputs, path), value_at_path(held.inputs, maximum) if maximum else inf
        if isinstance(count, (int, float)) and isinstance(bound, (int, float)) and count < bound:
            yield Move(held, path, int(count) + 1)
