"""What somebody else made and a platform uses as it is: named once, on the context, and found there by every component.

The spec holds plain values, because names, zones and sizes decide which resources there are. What is only handed on
(ids, ARNs, e-mail addresses) may come from another resource of the same program, so it stands here, as Pulumi inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar, TypeVar

import pulumi

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend


P = TypeVar("P", bound="ExistingPart")


class ExistingPart:
    """A part of a platform that is there already; every cloud has its own kinds."""

    cloud: ClassVar[str]
    """Name of the backend."""


class ExistingNetwork(ExistingPart):
    """A network with its subnets."""


class ExistingKeys(ExistingPart):
    """Encryption keys."""


class ExistingStore(ExistingPart):
    """Places of the artifact store."""


class ExistingCluster(ExistingPart):
    """A Kubernetes cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """What is not made but used. Its settings, its rights for services and its alarms stay its owner's."""

    network: ExistingNetwork | None = None
    """Omitted: the target's `network`, else one is made."""

    keys: ExistingKeys | None = None
    """Omitted: one key per purpose is made."""

    store: ExistingStore | None = None
    """Places that exist; the others are made. Omitted: all are made."""

    cluster: ExistingCluster | None = None
    """Omitted: one is made where the spec has `training`."""

    def problems(self, cloud: str) -> tuple[str, ...]:
        """What does not belong to a cloud, as sentences."""
        parts: dict[str, ExistingPart | None] = {field.name: getattr(self, field.name) for field in fields(self)}
        return tuple(
            f"existing.{name} is a {type(part).__name__}, the target's cloud is {cloud}: give that cloud's kind"
            for name, part in parts.items()
            if part is not None and part.cloud != cloud
        )


def as_existing(backend: Backend, parts: object, kind: type[P]) -> P:
    """A component's parts, as another platform on the same cloud takes them.

    Raises:
        NotImplementedError: the backend cannot say so.
    """
    shown = backend.load("as_existing")(parts)
    if not isinstance(shown, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(shown).__name__}")
    return shown


def after(value: pulumi.Input[str], ready: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """A value that is handed on only when something else stands."""
    return pulumi.Output.all(value, *(each.urn for each in ready)).apply(lambda known: str(known[0]))
