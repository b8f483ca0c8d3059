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
from mlplatform.mock_cloud.building import build_held
from mlplatform.mock_cloud.clock import Clock
from mlplatform.mock_cloud.denied import refuse_by_policy
from mlplatform.mock_cloud.deployer import Deployer
from mlplatform.mock_cloud.effects import Effects
from mlplatform.mock_cloud.faults import Faults, NoFaults
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.imported import is_imported_as
from mlplatform.mock_cloud.key_versions import refuse_expired, with_version
from mlplatform.mock_cloud.movements import Drift
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.needs import needs_of
from mlplatform.mock_cloud.needs.base import Need, NeedKind
from mlplatform.mock_cloud.refusal import CloudRefused, Operation, RefusedCall, word_refusal
from mlplatform.mock_cloud.rollouts.base import UndoneMove, with_value
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.deletion import LeftoverRule
from mlplatform.mock_cloud.state import CloudSnapshot, CloudState
from mlplatform.mock_cloud.versions import refuse_version
from mlplatform.providers.accounts import Account


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
        self._state = CloudState(account, beside)
        self._needs = needs_of(account)
        self._lock = threading.RLock()

    @property
    def left(self) -> tuple[tuple[Held, LeftoverRule], ...]:
        """Deleted resources of which something is left."""
        return tuple(self._state.left)

    def serving(self) -> tuple[Held, ...]:
        """Endpoints that the cloud would not delete, because models are deployed to them, with their workflows."""
        return self._state.rollouts.serving()

    def take_models_off(self) -> tuple[str, ...]:
        """Take models off the endpoints that the cloud would not delete with them; their names."""
        return self._state.rollouts.take_off()

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
            return tuple(self._state.held[key] for key in sorted(self._state.held))

    def names(self) -> NameTable:
        """A copy of the names in use, for a cloud beside this one."""
        with self._lock:
            return self._state.names.copy()

    def occupy(self, token: str, id_: str, *, full: bool = True) -> None:
        """Fill a resource, for example a bucket with objects, or empty it."""
        (self._state.occupied.add if full else self._state.occupied.discard)((token, id_))

    def put(self, kind: NeedKind, name: str) -> None:
        """Put an object, an image or a secret there, as a person or CI does outside of every `up`.

        Args:
            kind: what it is.
            name: address of the object, of the image with its tag or digest, or name of the secret (`vault/name` where
                secrets are in vaults).
        """
        with self._lock:
            self._state.deposits.put(kind, name)

    def take(self, kind: NeedKind, name: str) -> None:
        """Take away what `put` put there."""
        with self._lock:
            self._state.deposits.take(kind, name)

    def is_there(self, kind: NeedKind, name: str) -> bool:
        """Whether something was put there."""
        with self._lock:
            return self._state.deposits.has(Need(kind, name, None))

    def objects(self, address: str) -> tuple[str, ...]:
        """The objects below an address, sorted."""
        with self._lock:
            return self._state.deposits.below(address)

    def invoke(self, endpoint: str) -> Answer:
        """Send a request to an endpoint, which answers only if everything behind it is there.

        Args:
            endpoint: physical name of the endpoint.
        """
        with self._lock:
            servers = self._needs.serving(endpoint, self._state.held.values())
            missing = [need for server in servers for need in server.needs if not self._state.deposits.has(need)]
        if not servers:
            return Answer(503, (), "no model serves: the endpoint does not exist, or waits for its release")
        if missing:
            return Answer(503, (), f"{missing[0].kind} {missing[0].name} is not there")
        return Answer(200, tuple(server.model for server in servers))

    def remember(self, name: str) -> CloudSnapshot:
        """A snapshot of the cloud, to return to with `recall`."""
        with self._lock:
            return self._state.remember(name)

    def recall(self, snapshot: CloudSnapshot) -> None:
        """Return to a snapshot."""
        with self._lock:
            self._state.recall(snapshot)
            self.run()

    def drift(self, how: Drift) -> None:
        """Let the cloud change something by itself, between two runs."""
        with self._lock:
            self._state.drift(how)

    def fire_alarms(self, *, firing: bool = True) -> bool:
        """Let alarms fire during the rollouts that updates begin from now on, or no longer.

        Returns:
            Whether this cloud's rollouts end within the update; elsewhere `drift("taken back")` ends them after it.
        """
        with self._lock:
            self._state.rollouts.alarmed = firing
            return self._state.rollouts.within_update

    def broken(self) -> tuple[UndoneMove, ...]:
        """What serves and would not start again, because something that it needs is deleted."""
        return tuple(self._state.rollouts.broken())

    def set_back(self) -> tuple[UndoneMove, ...]:
        """Changes of rollouts and autoscalers that the engine undid."""
        return self._state.movements.undone(self.contents())

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
            held = build_held(token, name, inputs, self._state.seeds[token, name], self.account, self._state.names)
            present = self._state.names.refuse_used(held.keys, token)
            if present is not None:
                held = self._state.rebuilt(present, inputs)
            else:
                held.made_at = self.clock.start
                self._state.names.refuse_kept(token, held.id, held.keys, self.clock.start)
            begin = self._state.links.usable_at(held, self.clock.start)
            self.effects.refuse_early(held, self._state.held.values(), self.clock.start)
            refuse_version(held, held.inputs, self._state.held.values(), new=present is None)
            held.ready_at = begin
            if is_in_cluster(token):
                refuse_object(held, self._state.held.values(), self.clock.start, self.account.cloud)
            held.ready_at = self.clock.after(held.ready_at, links.seconds(token, "create"))
            self._refuse_missing(held)
            refuse_expired(held, self._state.held.values(), self.clock.start)
            self._state.rollouts.apply(held)
            if present is not None:
                self._state.remove(present)
            self._state.add(held)
            self._state.seeds[token, name] += 1
            return self._done("create", held)

    def read(self, token: str, id_: str) -> Held | None:
        """A resource by its id; None if it does not exist.

        Raises:
            CloudRefused: the deployer may not read it.
        """
        with self._lock:
            held = self._state.held.get((token, id_))
            if held is None:
                return None
            self._refuse_denied("read", token, held.name, id_, held.inputs)
            return with_version(self._state.as_read(held), self.clock.start)

    def find(self, token: str, id_: str) -> Held | None:
        """A resource by the id that an import takes, which for some types is not the resource's own.

        Raises:
            CloudRefused: the deployer may not read it.
        """
        with self._lock:
            for held in self._state.held.values():
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
            held = self._state.held.get((token, id_))
            if held is None:
                raise word_refusal(rules_of(token).missing, token, id_, id_)
            self.faults.before("update", token, held.name)
            self._refuse_denied("update", token, held.name, id_, inputs)
            inputs = self._state.as_kept(held, inputs)
            links.refuse_immutable(held, inputs)
            if is_in_cluster(token):
                refuse_object_change(held, inputs)
            refuse_version(held, inputs, self._state.held.values(), new=False)
            changed = self._state.rebuilt(held, inputs)
            self._state.names.refuse_used(tuple(key for key in changed.keys if key not in held.keys), token)
            begin = self._state.links.usable_at(changed, self.clock.start)
            changed.ready_at = self.clock.after(begin, links.seconds(token, "update"))
            self._refuse_missing(changed)
            refuse_expired(changed, self._state.held.values(), self.clock.start)
            self._state.rollouts.apply(changed)
            if words := links.recycled(held, inputs) or self._state.rollouts.recycled(held, inputs):
                self.recycled.append((changed, words))
            if taken_back := self._state.rollouts.runs(changed):
                changed = self._state.rebuilt(changed, with_value(changed.inputs, *taken_back))
            self._state.remove(held)
            self._state.add(changed)
            return self._done("update", changed)

    def delete(self, token: str, id_: str) -> None:
        """Delete a resource; one that does not exist counts as deleted.

        Raises:
            CloudRefused: it is protected, in use, or not empty.
            AnswerLost: it was deleted, and the answer got lost.
        """
        with self._lock:
            held = self._state.held.get((token, id_))
            if held is None:
                return
            self.faults.before("delete", token, held.name)
            self._refuse_denied("delete", token, held.name, id_, held.inputs)
            links.refuse_protected(held)
            if is_in_cluster(token):
                refuse_object_deletion(held, self._state.held.values())
            refuse_by_policy(held, self._state.held.values())
            if (token, id_) in self._state.occupied:
                links.refuse_full(held)
            self._state.links.refuse_used(held)
            self._state.rollouts.refuse_deletion(held)
            self.clock.after(self.clock.start, links.seconds(token, "delete"))
            for deleted in (held, *self._state.links.contained(held, self._state.held.values())):
                self._state.remove(deleted)
                self._state.rollouts.remove(deleted)
                self._state.occupied.discard((deleted.token, deleted.id))
                self._state.links.mark_deleted(deleted)
                leftover = self._state.names.release(deleted, self.clock.start)
                if leftover:
                    self._state.left.append((deleted, leftover))
            self._done("delete", held)

    def _refuse_denied(
        self, operation: Operation | Literal["read"], token: str, name: str, id_: str, inputs: Mapping[str, object]
    ) -> None:
        if self.deployer is not None:
            self.deployer.refuse_denied(operation, token, name, id_, inputs)

    def _refuse_missing(self, held: Held) -> None:
        """Raises CloudRefused if something is not there that a resource needs."""
        for need in self._needs.of(held, self._state.held.values()):
            if need.error is not None and not self._state.deposits.has(need):
                raise word_refusal(need.error, held.token, held.name, held.id, need.name)

    def _done(self, op: Operation, held: Held) -> Held:
        self.counts[op] += 1
        self.faults.after(op, held)
        return with_version(held, self.clock.start)
