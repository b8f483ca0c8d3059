"""What a cloud holds and knows: resources with their names and links, and what was put there; kept and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplatform.mock_cloud import links
from mlplatform.mock_cloud.building import rebuild_held
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.movements import Drift, Movements
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.needs.base import Deposits
from mlplatform.mock_cloud.read_back import answer_of, as_kept, as_read
from mlplatform.mock_cloud.rollouts.base import CloudRollouts, with_value
from mlplatform.mock_cloud.rules.deletion import LeftoverRule
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


class CloudState:
    """The present state of a cloud. Who uses it keeps threads apart.

    Args:
        account: the account of all resources.
        beside: names that other stacks have, which are refused here too. Omitted: none.
    """

    def __init__(self, account: Account, beside: Sequence[NameTable] = ()) -> None:
        self.account = account
        self.held: dict[_HeldKey, Held] = {}
        """Resources that exist, by type and id."""
        self.names = NameTable(account, beside)
        """Names in use or kept."""
        self.links = links.Links()
        """Links between resources."""
        self.movements = Movements(account.cloud, lambda: self.held.values())
        """Changes of rollouts and autoscalers."""
        self.deposits = Deposits()
        """Objects, images and secrets that were put there."""
        self.seeds: Counter[_HeldKey] = Counter()
        """Number of times that each resource was created."""
        self.occupied: set[_HeldKey] = set()
        """Resources that hold something, such as a bucket with objects."""
        self.left: list[tuple[Held, LeftoverRule]] = []
        """Deleted resources of which something is left."""

    @property
    def rollouts(self) -> CloudRollouts:
        """Rollouts of the cloud, those under way included."""
        return self.movements.rollouts

    def remember(self, name: str) -> CloudSnapshot:
        """A snapshot, to return to with `recall`."""
        names, linked, movements = self.names.copy(), self.links.copy(), self.movements.copy()
        seeds, deposits = dict(self.seeds), self.deposits.copy()
        return CloudSnapshot(name, dict(self.held), names, linked, seeds, list(self.left), movements, deposits)

    def recall(self, snapshot: CloudSnapshot) -> None:
        """Return to a snapshot."""
        self.held = dict(snapshot.held)
        self.names, self.links = snapshot.names.copy(), snapshot.links.copy()
        self.movements = snapshot.movements.copy()
        self.deposits = snapshot.deposits.copy()
        self.seeds, self.left = Counter(snapshot.seeds), list(snapshot.left)
        self.occupied.clear()
        for held in self.held.values():
            self._write(held)

    def drift(self, how: Drift) -> None:
        """Change what the cloud changes by itself."""
        for move in self.movements.drift(how):
            held = self.held[move.held.token, move.held.id]
            self.remove(held)
            self._add(self.rebuilt(held, with_value(held.inputs, move.path, move.value)))

    def rebuilt(self, held: Held, inputs: Mapping[str, object]) -> Held:
        """The same resource with other inputs."""
        return rebuild_held(held, inputs, self.account, self.names)

    def as_read(self, held: Held) -> Held:
        """A resource as its provider reads it."""
        return as_read(held, self.held.values())

    def as_kept(self, held: Held, inputs: Mapping[str, object]) -> Mapping[str, object]:
        """The inputs that the cloud keeps of an update."""
        return as_kept(held, inputs, self.held.values())

    def add(self, held: Held) -> None:
        """Add a resource that a program wrote, with its names, its links, and what it writes."""
        held.answered = answer_of(held, self.held.values())
        self._add(held)

    def _add(self, held: Held) -> None:
        self.held[held.token, held.id] = held
        self.names.add(held)
        self.links.add(held)
        self._write(held)

    def remove(self, held: Held) -> None:
        """Remove a resource; its names stay in use until they are released."""
        del self.held[held.token, held.id]
        self.links.remove(held)

    def _write(self, program: Held) -> None:
        """Fill what a program writes to while the platform runs."""
        self.occupied |= {(each.token, each.id) for each in written_buckets(program, self.held.values())}
