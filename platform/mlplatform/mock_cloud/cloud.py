"""The cloud: creates, reads, updates and deletes resources, and refuses as its tables say."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from mlplatform.mock_cloud import links, making, settling
from mlplatform.mock_cloud.call import Call, Op
from mlplatform.mock_cloud.clock import Clock
from mlplatform.mock_cloud.faults import Faults, NoFaults
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.memory import Memory
from mlplatform.mock_cloud.movements import Drift, Movements
from mlplatform.mock_cloud.names import Names
from mlplatform.mock_cloud.refused import CloudRefused
from mlplatform.mock_cloud.rollouts.base import SetBack, replaced
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.base import Stays
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.accounts import Account

Key = tuple[str, str]


class Cloud:
    """One account of one cloud. Safe to call from many threads: each call happens whole.

    account: where resources live. faults: what goes wrong; omitted: nothing.
    """

    def __init__(self, account: Account, faults: Faults | None = None) -> None:
        self.account = account
        self.faults: Faults = faults or NoFaults()
        self.clock = Clock()
        self.counts: Counter[str] = Counter()
        """Changes made since the last `run`, by operation."""
        self.refusals: list[Call] = []
        """What was refused since the last `run`."""
        self.left: list[tuple[Held, Stays]] = []
        """What was deleted and stays all the same."""
        self._held: dict[Key, Held] = {}
        self._names = Names(account)
        self._links = links.Links()
        self._movements = Movements(account.cloud, lambda: self._held.values())
        self._seeds: Counter[tuple[str, str]] = Counter()
        self._occupied: set[Key] = set()
        self._lock = threading.RLock()

    def run(self) -> None:
        """Begin another run of the engine: counts from zero, the clock from where it is."""
        with self._lock:
            self.clock.run()
            self.counts.clear()
            self.refusals.clear()

    def contents(self) -> tuple[Held, ...]:
        """Everything that is there, by type and id."""
        with self._lock:
            return tuple(self._held[key] for key in sorted(self._held))

    def occupy(self, token: str, id_: str, *, full: bool = True) -> None:
        """Somebody puts things into a resource, objects into a bucket for example, or takes them out again."""
        (self._occupied.add if full else self._occupied.discard)((token, id_))

    def remember(self, name: str) -> Memory:
        """The cloud as it is now, to go back to."""
        with self._lock:
            named, linked, moved = self._names.copy(), self._links.copy(), self._movements.copy()
            return Memory(name, dict(self._held), named, linked, dict(self._seeds), list(self.left), moved)

    def recall(self, memory: Memory) -> None:
        """Go back to how it was."""
        with self._lock:
            self._held = dict(memory.held)
            self._names, self._links = memory.names.copy(), memory.links.copy()
            self._movements = memory.movements.copy()
            self._seeds, self.left = Counter(memory.seeds), list(memory.left)
            self._occupied.clear()
            self.run()

    def drift(self, how: Drift) -> None:
        """The cloud goes on by itself between two runs."""
        with self._lock:
            for move in self._movements.drift(how):
                held = self._held[move.held.token, move.held.id]
                self._forget(held)
                self._put(self._changed(held, replaced(held.inputs, move.path, move.value)))

    def set_back(self) -> tuple[SetBack, ...]:
        """What rollouts and autoscalers had moved and the engine undid."""
        return self._movements.set_back(self.contents())

    def waited(self, seconds: float) -> None:
        """The provider waited before it asks again."""
        with self._lock:
            self.clock.after(self.clock.start + self.clock.elapsed, seconds)
            self.counts["retry"] += 1

    def given_up(self, op: str, token: str, name: str, refused: CloudRefused) -> None:
        """The provider took a refusal for final."""
        with self._lock:
            self.refusals.append(Call(op, token, name, refused))

    def create(self, token: str, name: str, inputs: Mapping[str, object]) -> Held:
        """Make a resource, and answer as its provider does.

        Raises:
            CloudRefused: the name is taken, something it points at is gone, an identity is not usable yet.
            AnswerLost: it was made, and the answer got lost.
        """
        with self._lock:
            self.faults.before("create", token, name)
            held = making.new(token, name, inputs, self._seeds[token, name], self.account, self._names)
            present = self._names.refuse_taken(held.keys, token)
            if present is not None:
                held = self._changed(present, inputs)
            else:
                self._names.refuse_kept(token, held.id, held.keys, self.clock.start)
            begin = settling.usable(held, self._links, self.clock.start)
            held.ready = self.clock.after(begin, links.seconds(token, "create"))
            self._movements.rollouts.put(held)
            if present is not None:
                self._forget(present)
            self._put(held)
            self._seeds[token, name] += 1
            return self._done("create", held)

    def read(self, token: str, id_: str) -> Held | None:
        """A resource by its id; None where there is none."""
        with self._lock:
            return self._held.get((token, id_))

    def update(self, token: str, id_: str, inputs: Mapping[str, object]) -> Held:
        """Change a resource in place.

        Raises:
            CloudRefused: it is not there, or the cloud does not change one of its properties.
            AnswerLost: it was changed, and the answer got lost.
        """
        with self._lock:
            held = self._held.get((token, id_))
            if held is None:
                raise refusal(rules_of(token).missing, token, id_, id_)
            self.faults.before("update", token, held.name)
            links.refuse_frozen(held, inputs)
            changed = self._changed(held, inputs)
            self._names.refuse_taken(tuple(key for key in changed.keys if key not in held.keys), token)
            begin = settling.usable(changed, self._links, self.clock.start)
            changed.ready = self.clock.after(begin, links.seconds(token, "update"))
            self._movements.rollouts.put(changed)
            self._forget(held)
            self._put(changed)
            return self._done("update", changed)

    def delete(self, token: str, id_: str) -> None:
        """Remove a resource; what is not there is removed already.

        Raises:
            CloudRefused: it is in use, or somebody keeps things in it.
            AnswerLost: it was removed, and the answer got lost.
        """
        with self._lock:
            held = self._held.get((token, id_))
            if held is None:
                return
            self.faults.before("delete", token, held.name)
            if (token, id_) in self._occupied:
                links.refuse_full(held)
            self._links.refuse_used(held)
            self._movements.rollouts.refuse_gone(held)
            self.clock.after(self.clock.start, links.seconds(token, "delete"))
            for part in (held, *self._links.inside(held, self._held.values())):
                self._forget(part)
                self._movements.rollouts.gone(part)
                self._occupied.discard((part.token, part.id))
                self._links.bury(part)
                stays = self._names.release(part, self.clock.start)
                if stays:
                    self.left.append((part, stays))
            self._done("delete", held)

    def _changed(self, held: Held, inputs: Mapping[str, object]) -> Held:
        return making.changed(held, inputs, self.account, self._names)

    def _put(self, held: Held) -> None:
        self._held[held.token, held.id] = held
        self._names.take(held)
        self._links.add(held)

    def _forget(self, held: Held) -> None:
        del self._held[held.token, held.id]
        self._links.remove(held)

    def _done(self, op: Op, held: Held) -> Held:
        self.counts[op] += 1
        self.faults.after(op, held)
        return held
