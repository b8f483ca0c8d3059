"""What a cloud moves by itself between two runs of the engine: rollouts end, autoscalers count anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts import rollouts_of
from mlplatform.mock_cloud.rollouts.base import Move, Rollouts, SetBack, There
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.base import Owned
from mlplatform.providers.wire import as_list, bare, within

Drift = Literal["rolled out", "taken back", "scaled"]
"""What a cloud does by itself: rollouts under way come to their end, or an alarm takes them back to what served before;
load comes, and every autoscaler adds one."""


class Movements:
    """Rollouts, and every input that the cloud owns since it moved it.

    cloud: its name. there: gives everything that it holds. rollouts: omitted, those of an empty cloud.
    """

    def __init__(self, cloud: str, there: There, rollouts: Rollouts | None = None) -> None:
        self._cloud = cloud
        self._there = there
        self.rollouts = rollouts or rollouts_of(cloud, there)
        self._moved: dict[tuple[str, str, str], tuple[str, object]] = {}

    def copy(self) -> Movements:
        """Another one that knows the same."""
        other = Movements(self._cloud, self._there, self.rollouts.copy())
        other._moved = dict(self._moved)
        return other

    def drift(self, how: Drift) -> list[Move]:
        """What is to be moved; what the cloud owns from now on is the cloud's until the resource is made anew."""
        match how:
            case "rolled out":
                moves = self.rollouts.roll_out()
            case "taken back":
                moves = self.rollouts.take_back()
            case "scaled":
                moves = [move for held in self._there() for move in _scaled(held)]
        for move in moves:
            if move.owned:
                self._moved[move.held.token, move.held.id, move.path] = (move.held.seed, bare(move.value))
        return moves

    def set_back(self, contents: Iterable[Held]) -> tuple[SetBack, ...]:
        """What was the cloud's, and what the engine made of it."""
        found = list(self.rollouts.set_back())
        there = {(held.token, held.id): held for held in contents}
        for (token, id_, path), (seed, value) in sorted(self._moved.items(), key=lambda moved: moved[0]):
            held = there.get((token, id_))
            now = within(held.inputs, path) if held and held.seed == seed else value
            if held and now != value:
                found.append(SetBack(f"{held.name} ({token})", f"{path} was {value} and is {now}"))
        return tuple(found)


def _scaled(held: Held) -> Iterator[Move]:
    for rule in rules_of(held.token).owned:
        if rule.token == held.token and (not rule.only_if or within(held.inputs, rule.only_if)):
            yield from _one_more(held, rule)


def _one_more(held: Held, rule: Owned) -> Iterator[Move]:
    many, star, _ = rule.path.partition(".*.")
    positions = range(len(as_list(within(held.inputs, many)) or ())) if star else (0,)
    for position in positions:
        path, most = (wanted.replace("*", str(position)) for wanted in (rule.path, rule.most))
        count, bound = within(held.inputs, path), within(held.inputs, most)
        if isinstance(count, (int, float)) and isinstance(bound, (int, float)) and count < bound:
            yield Move(held, path, int(count) + 1)
