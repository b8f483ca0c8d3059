"""The cloud: creates, reads, updates and deletes resources, and refuses by its tables."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mlplatform.mock_cloud import links
from mlplatform.mock_cloud.api_server import (
    is_in_cluster,
    refuse_object,
    refuse_object_change,
    refuse_object_deletion,
)
from mlplatform.mock_cloud.building import build_held, rebuild_held
from mlplatform.mock_cloud.clock import Clock
from mlplatform.mock_cloud.denied import refuse_by_policy
from mlplatform.mock_cloud.deployer import Deployer
from mlplatform.mock_cloud.effects import Effects
from mlplatform.mock_cloud.faults import Faults, NoFaults
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.imported import is_imported_as
from mlplatform.mock_cloud.key_versions import refuse_expired, with_version
from mlplatform.mock_cloud.movements import Drift, Movements
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.needs import needs_of
from mlplatform.mock_cloud.needs.base import Deposits, Need, NeedKind
from mlplatform.mock_cloud.refusal import CloudRefused, Operation, RefusedCall, word_refusal
from mlplatform.mock_cloud.rollouts.base import UndoneMove, with_value
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.base import LeftoverRule
from mlplatform.mock_cloud.versions import refuse_version
from mlplatform.mock_cloud.written import written_buckets
from mlplatform.providers.accounts import Account

_HeldKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CloudSnapshot:
    """The whole state of a cloud at one time; its resources are never changed in place, so shallow copies do."""

    name: str
    """Name that the caller gave it."""

    held: dict[_HeldKey, Held]
    """Resources that exist."""

    names: NameTable
    """Names in use or kept."""

    links: links.Links
    """Links between resources."""

    seeds: dict[_HeldKey, int]
    """Number of times that each resource was created."""

    left: list[tuple[Held, LeftoverRule]]
    """Deleted resources of which something is left."""

    movements: Movements
    """Changes of rollouts and autoscalers."""

    deposits: Deposits
    """Objects, images and secrets that were put there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An endpoint's answer to one request."""

    status: int
    """HTTP status: 200, or 503 while nothing can answer."""

    models: tuple[str, ...]
    """Addresses of the models behind it; empty for one that the image holds."""

    reason: str = ""
    """Why nothing can answer."""


class Cloud:
    """One account of one cloud. It is thread-safe: calls do not interleave.

    Args:
        account: the account of all resources.
        faults: faults to inject. Omitted: none.
        deployer: whoever makes the calls. Omitted: somebody who may do everything.
        beside: names that other stacks have, which are refused here too. Omitted: none.
    """

    def __init__(
        self,
        account: Account,
        faults: Faults | None = None,
        deployer: Deployer | None = None,
        beside: Sequence[NameTable] = (),
    ) -> None:
        self.account = account
        self.faults: Faults = faults or NoFaults()
        self.deployer = deployer
        self.clock = Clock()
        self.effects = Effects()
        """Rights that the program waited for."""
        self.counts: Counter[str] = Counter()
        """Changes since the last `run`, by operation."""
        self.refusals: list[RefusedCall] = []
        """Final refusals since the last `run`."""
        self.recycled: list[tuple[Held, str]] = []
        """Resources for whose update the cloud replaced machines in use since the last `run`, with what it replaced."""
        self.left: list[tuple[Held, LeftoverRule]] = []
        """Deleted resources of which something is left."""
        self._held: dict[_HeldKey, Held] = {}
        self._names = NameTable(account, beside)
        self._links = links.Links()
        self._movements = Movements(account.cloud, lambda: self._held.values())
        self._needs = needs_of(account)
        self._deposits = Deposits()
        self._seeds: Counter[_HeldKey] = Counter()
        self._occupied: set[_HeldKey] = set()
        self._lock = threading.RLock()

    def serving(self) -> tuple[Held, ...]:
        """Endpoints that the cloud would not delete, because models are deployed to them, with their workflows."""
        return self._movements.rollouts.serving()

    def take_models_off(self) -> tuple[str, ...]:
        """Take models off the endpoints that the cloud would not delete with them; their names."""
        return self._movements.rollouts.take_off()

    def run(self) -> None:
        """Begin another run of the engine: counts restart at zero, the clock goes on."""
        with self._lock:
            self.clock.run()
            self.counts.clear()
            self.refusals.clear()
            self.recycled.clear()

    def contents(self) -> tuple[Held, ...]:
        """All resources, by type and id."""
        with self._lock:
            return tuple(self._held[key] for key in sorted(self._held))

    def names(self) -> NameTable:
        """A copy of the names in use, for a cloud beside this one."""
        with self._lock:
            return self._names.copy()

    def occupy(self, token: str, id_: str, *, full: bool = True) -> None:
        """Fill a resource, for example a bucket with objects, or empty it."""
        (self._occupied.add if full else self._occupied.discard)((token, id_))

    def put(self, kind: NeedKind, name: str) -> None:
        """Put an object, an image or a secret there, as a person or CI does outside of every `up`.

        Args:
            kind: what it is.
            name: address of the object, of the image with its tag or digest, or name of the secret (`vault/name` where
                secrets are in vaults).
        """
        with self._lock:
            self._deposits.put(kind, name)

    def take(self, kind: NeedKind, name: str) -> None:
        """Take away what `put` put there."""
        with self._lock:
            self._deposits.take(kind, name)

    def is_there(self, kind: NeedKind, name: str) -> bool:
        """Whether something was put there."""
        with self._lock:
            return self._deposits.has(Need(kind, name, None))

    def objects(self, address: str) -> tuple[str, ...]:
        """The objects below an address, sorted."""
        with self._lock:
            return self._deposits.below(address)

    def invoke(self, endpoint: str) -> Answer:
        """Send a request to an endpoint, which answers only if everything behind it is there.

        Args:
            endpoint: physical name of the endpoint.
        """
        with self._lock:
            servers = self._needs.serving(endpoint, self._held.values())
            missing = [need for server in servers for need in server.needs if not self._deposits.has(need)]
        if not servers:
            return Answer(503, (), "no model serves: the endpoint does not exist, or waits for its release")
        if missing:
            return Answer(503, (), f"{missing[0].kind} {missing[0].name} is not there")
        return Answer(200, tuple(server.model for server in servers))

    def remember(self, name: str) -> CloudSnapshot:
        """A snapshot of the cloud, to return to with `recall`."""
        with self._lock:
            names, linked, movements = self._names.copy(), self._links.copy(), self._movements.copy()
            seeds, deposits = dict(self._seeds), self._deposits.copy()
            return CloudSnapshot(name, dict(self._held), names, linked, seeds, list(self.left), movements, deposits)

    def recall(self, snapshot: CloudSnapshot) -> None:
        """Return to a snapshot."""
        with self._lock:
            self._held = dict(snapshot.held)
            self._names, self._links = snapshot.names.copy(), snapshot.links.copy()
            self._movements = snapshot.movements.copy()
            self._deposits = snapshot.deposits.copy()
            self._seeds, self.left = Counter(snapshot.seeds), list(snapshot.left)
            self._occupied.clear()
            for held in self._held.values():
                self._write(held)
            self.run()

    def drift(self, how: Drift) -> None:
        """Let the cloud change something by itself, between two runs."""
        with self._lock:
            for move in self._movements.drift(how):
                held = self._held[move.held.token, move.held.id]
                self._remove(held)
                self._add(self._rebuilt(held, with_value(held.inputs, move.path, move.value)))

    def fire_alarms(self, *, firing: bool = True) -> bool:
        """Let alarms fire during the rollouts that updates begin from now on, or no longer.

        Returns:
            Whether this cloud's rollouts end within the update; elsewhere `drift("taken back")` ends them after it.
        """
        with self._lock:
            self._movements.rollouts.alarmed = firing
            return self._movements.rollouts.within_update

    def broken(self) -> tuple[UndoneMove, ...]:
        """What serves and would not start again, because something that it needs is deleted."""
        return tuple(self._movements.rollouts.broken())

    def set_back(self) -> tuple[UndoneMove, ...]:
        """Changes of rollouts and autoscalers that the engine undid."""
        return self._movements.undone(self.contents())

    def note_retry(self, seconds: float) -> None:
        """Count the time that a provider waits before it retries."""
        with self._lock:
            self.clock.after(self.clock.start + self.clock.elapsed, seconds)
            self.counts["retry"] += 1

    def note_refusal(self, op: str, token: str, name: str, refused: CloudRefused) -> None:
        """Record a refusal after which the provider does not retry."""
        with self._lock:
            self.refusals.append(RefusedCall(op, token, name, refused))

    def create(self, token: str, name: str, inputs: Mapping[str, object]) -> Held:
        """Create a resource, and answer as its provider does.

        Raises:
            CloudRefused: the deployer lacks a right, the name is in use, a referenced resource is deleted, an identity
                is not usable yet.
            AnswerLost: it was created, and the answer got lost.
        """
        with self._lock:
            self.faults.before("create", token, name)
            self._refuse_denied("create", token, name, "", inputs)
            held = build_held(token, name, inputs, self._seeds[token, name], self.account, self._names)
            present = self._names.refuse_used(held.keys, token)
            if present is not None:
                held = self._rebuilt(present, inputs)
            else:
                held.made_at = self.clock.start
                self._names.refuse_kept(token, held.id, held.keys, self.clock.start)
            begin = self._links.usable_at(held, self.clock.start)
            self.effects.refuse_early(held, self._held.values(), self.clock.start)
            refuse_version(held, held.inputs, self._held.values(), new=present is None)
            held.ready_at = begin
            if is_in_cluster(token):
                refuse_object(held, self._held.values(), self.clock.start, self.account.cloud)
            held.ready_at = self.clock.after(held.ready_at, links.seconds(token, "create"))
            self._refuse_missing(held)
            refuse_expired(held, self._held.values(), self.clock.start)
            self._movements.rollouts.apply(held)
            if present is not None:
                self._remove(present)
            self._add(held)
            self._seeds[token, name] += 1
            return self._done("create", held)

    def read(self, token: str, id_: str) -> Held | None:
        """A resource by its id; None if it does not exist.

        Raises:
            CloudRefused: the deployer may not read it.
        """
        with self._lock:
            held = self._held.get((token, id_))
            if held is None:
                return None
            self._refuse_denied("read", token, held.name, id_, held.inputs)
            return with_version(held, self.clock.start)

    def find(self, token: str, id_: str) -> Held | None:
        """A resource by the id that an import takes, which for some types is not the resource's own.

        Raises:
            CloudRefused: the deployer may not read it.
        """
        with self._lock:
            for held in self._held.values():
                if held.token == token and is_imported_as(held, id_, self.account):
                    return self.read(token, held.id)
            return None

    def update(self, token: str, id_: str, inputs: Mapping[str, object]) -> Held:
        """Change a resource in place.

        Raises:
            CloudRefused: it does not exist, or the cloud does not change one of its properties.
            AnswerLost: it was changed, and the answer got lost.
        """
        with self._lock:
            held = self._held.get((token, id_))
            if held is None:
                raise word_refusal(rules_of(token).missing, token, id_, id_)
            self.faults.before("update", token, held.name)
            self._refuse_denied("update", token, held.name, id_, inputs)
            links.refuse_immutable(held, inputs)
            if is_in_cluster(token):
                refuse_object_change(held, inputs)
            refuse_version(held, inputs, self._held.values(), new=False)
            changed = self._rebuilt(held, inputs)
            self._names.refuse_used(tuple(key for key in changed.keys if key not in held.keys), token)
            begin = self._links.usable_at(changed, self.clock.start)
            changed.ready_at = self.clock.after(begin, links.seconds(token, "update"))
            self._refuse_missing(changed)
            refuse_expired(changed, self._held.values(), self.clock.start)
            self._movements.rollouts.apply(changed)
            if words := links.recycled(held, inputs) or self._movements.rollouts.recycled(held, inputs):
                self.recycled.append((changed, words))
            if taken_back := self._movements.rollouts.runs(changed):
                changed = self._rebuilt(changed, with_value(changed.inputs, *taken_back))
            self._remove(held)
            self._add(changed)
            return self._done("update", changed)

    def delete(self, token: str, id_: str) -> None:
        """Delete a resource; one that does not exist counts as deleted.

        Raises:
            CloudRefused: it is protected, in use, or not empty.
            AnswerLost: it was deleted, and the answer got lost.
        """
        with self._lock:
            held = self._held.get((token, id_))
            if held is None:
                return
            self.faults.before("delete", token, held.name)
            self._refuse_denied("delete", token, held.name, id_, held.inputs)
            links.refuse_protected(held)
            if is_in_cluster(token):
                refuse_object_deletion(held, self._held.values())
            refuse_by_policy(held, self._held.values())
            if (token, id_) in self._occupied:
                links.refuse_full(held)
            self._links.refuse_used(held)
            self._movements.rollouts.refuse_deletion(held)
            self.clock.after(self.clock.start, links.seconds(token, "delete"))
            for deleted in (held, *self._links.contained(held, self._held.values())):
                self._remove(deleted)
                self._movements.rollouts.remove(deleted)
                self._occupied.discard((deleted.token, deleted.id))
                self._links.mark_deleted(deleted)
                leftover = self._names.release(deleted, self.clock.start)
                if leftover:
                    self.left.append((deleted, leftover))
            self._done("delete", held)

    def _refuse_denied(
        self, operation: Operation | Literal["read"], token: str, name: str, id_: str, inputs: Mapping[str, object]
    ) -> None:
        if self.deployer is not None:
            self.deployer.refuse_denied(operation, token, name, id_, inputs)

    def _refuse_missing(self, held: Held) -> None:
        """Raises CloudRefused if something is not there that a resource needs."""
        for need in self._needs.of(held, self._held.values()):
            if need.error is not None and not self._deposits.has(need):
                raise word_refusal(need.error, held.token, held.name, held.id, need.name)

    def _rebuilt(self, held: Held, inputs: Mapping[str, object]) -> Held:
        return rebuild_held(held, inputs, self.account, self._names)

    def _add(self, held: Held) -> None:
        self._held[held.token, held.id] = held
        self._names.add(held)
        self._links.add(held)
        self._write(held)

    def _write(self, program: Held) -> None:
        """Fill what a program writes to while the platform runs."""
        self._occupied |= {(each.token, each.id) for each in written_buckets(program, self._held.values())}

    def _remove(self, held: Held) -> None:
        del self._held[held.token, held.id]
        self._links.remove(held)

    def _done(self, op: Operation, held: Held) -> Held:
        self.counts[op] += 1
        self.faults.after(op, held)
        return with_version(held, self.clock.start)
