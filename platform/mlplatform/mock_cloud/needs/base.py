"""The interface of every cloud's needs, and what was put there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.accounts import Account

NeedKind = Literal["object", "image", "secret"]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be there before a resource can use it."""

    kind: NeedKind
    """Files below an address, an image, or a secret with a value."""

    name: str
    """The address of a folder, the image's, or the secret's; a secret of a vault as `vault/name`."""

    error: CloudError | None
    """Answer of the cloud where it is missing; None where the cloud takes the resource and it then serves nothing."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A model server behind an endpoint."""

    model: str
    """Address of the model; empty where the image holds it."""

    needs: tuple[Need, ...]
    """What it needs to answer."""


class Deposits:
    """Objects, images and secrets that a person or CI put into a cloud."""

    def __init__(self) -> None:
        self._there: set[tuple[NeedKind, str]] = set()

    def copy(self) -> Deposits:
        """A copy with the same things."""
        other = Deposits()
        other._there = set(self._there)
        return other

    def put(self, kind: NeedKind, name: str) -> None:
        """Put something there."""
        self._there.add((kind, name))

    def take(self, kind: NeedKind, name: str) -> None:
        """Take something away."""
        self._there.discard((kind, name))

    def has(self, need: Need) -> bool:
        """Whether something is there; of a folder, any file below it."""
        if need.kind != "object":
            return (need.kind, need.name) in self._there
        return bool(self.below(need.name))

    def below(self, address: str) -> tuple[str, ...]:
        """The objects below an address, sorted."""
        begin = f"{address.rstrip('/')}/"
        return tuple(sorted(name for kind, name in self._there if kind == "object" and name.startswith(begin)))


class CloudNeeds:
    """A cloud whose resources need nothing.

    Args:
        account: the account of all resources.
    """

    def __init__(self, account: Account) -> None:
        self.account = account

    def of(self, held: Held, every: Iterable[Held]) -> Iterator[Need]:
        """What a resource needs when it is created or changed.

        Args:
            held: the resource.
            every: all resources of the cloud.
        """
        del held, every
        return iter(())

    def serving(self, endpoint: str, every: Iterable[Held]) -> tuple[Serving, ...]:
        """The model servers behind an endpoint; empty where there is no such endpoint, or it waits.

        Args:
            endpoint: physical name of the endpoint.
            every: all resources of the cloud.
        """
        del endpoint, every
        return ()
