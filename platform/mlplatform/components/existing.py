"""Existing resources that a platform uses and does not manage: named once, on the context, for every component.

The spec holds plain values, because names, zones and sizes decide which resources there are. Values that are only
passed on (ids, ARNs, e-mail addresses) may come from another resource of the same program: they are Pulumi inputs here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, TypeVar

import pulumi

from mlplatform.components.contract import contract
from mlplatform.spec.references import References, repeated_references

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend
    from mlplatform.spec.target import Target


P = TypeVar("P", bound="ExistingPart")

Workload = Literal["training", "pipelines", "serving", "ci"]
"""Workloads whose identities may exist."""


class ExistingPart:
    """An existing part of a platform; every cloud has its own kinds."""

    cloud: ClassVar[str]
    """Name of the backend."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other; those that are not known yet are not compared."""
        return iter(())


class ExistingNetwork(ExistingPart):
    """A network with its subnets."""


class ExistingKeys(ExistingPart):
    """Encryption keys."""


class ExistingStore(ExistingPart):
    """Places of the artifact store."""


class ExistingCluster(ExistingPart):
    """A Kubernetes cluster."""


class ExistingRegistry(ExistingPart):
    """Repositories of container images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingIdentity:
    """An identity that its owner made for one workload; its owner decides who may act as it."""

    principal: pulumi.Input[str]
    """Its name in grants, as `Identity(principal=…)` takes it."""

    acts: bool = False
    """Services act as it: it is one of `existing.identities`. Otherwise it only gets grants."""

    resource_id: str | None = None
    """Resource id, where services need that to act as it (Azure)."""

    client_id: pulumi.Input[str] | None = None
    """Client id, where workloads log in with it (Azure)."""


class ExistingIdentities(ExistingPart):
    """Identities of workloads and of CI."""

    @abstractmethod
    def of(self, workload: Workload, endpoint: str = "") -> ExistingIdentity | None:
        """The identity of a workload; None where it is not named, and the platform makes one.

        Args:
            workload: the workload.
            endpoint: name of the endpoint, for `serving`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """Existing resources that the platform uses. Their owner keeps their settings, service rights and alarms."""

    network: ExistingNetwork | None = None
    """Omitted: the target's `network`, or a new one."""

    keys: ExistingKeys | None = None
    """Omitted: one key per purpose is created."""

    store: ExistingStore | None = None
    """Existing places; the others are created. Omitted: all are created."""

    cluster: ExistingCluster | None = None
    """Omitted: one is created if the spec has `training`."""

    registry: ExistingRegistry | None = None
    """Existing repositories of images. Omitted: all are created."""

    identities: ExistingIdentities | None = None
    """Existing identities of workloads; the others are created. Omitted: all are created."""

    def identity(self, workload: Workload, endpoint: str = "") -> ExistingIdentity | None:
        """The existing identity of a workload; None where the platform makes one.

        Args:
            workload: the workload.
            endpoint: name of the endpoint, for `serving`.
        """
        return self.identities.of(workload, endpoint) if self.identities else None

    def problems(self, cloud: str) -> tuple[str, ...]:
        """Parts of another cloud, and references that must differ and do not; one sentence each."""
        parts: dict[str, ExistingPart | None] = {field.name: getattr(self, field.name) for field in fields(self)}
        foreign = (
            f"existing.{name} is a {type(part).__name__}, the target's cloud is {cloud}: give that cloud's kind"
            for name, part in parts.items()
            if part is not None and part.cloud != cloud
        )
        repeated = (
            f"existing.{name}.{each.field}: got '{each.value}', which is {each.earlier} too, expected another one; "
            "name the one that it is for"
            for name, part in parts.items()
            if part is not None
            for each in repeated_references(part.references())
        )
        return (*foreign, *repeated)

    def over(self, named: Existing) -> Existing:
        """These parts, and those that the spec's target names.

        Args:
            named: the parts that the target names.

        Raises:
            ValueError: a part is in both; the text has every one.
        """
        both = [each.name for each in fields(self) if getattr(self, each.name) and getattr(named, each.name)]
        if both:
            raise ValueError(
                "; ".join(
                    f"existing.{name}: got one from the program, and the target's existing.{name}: give one of them"
                    for name in both
                )
            )
        return Existing(**{each.name: getattr(self, each.name) or getattr(named, each.name) for each in fields(self)})


@contract("named_existing")
class ReadsExisting(Protocol):
    """Turns the `existing` of a target into parts that components take; backends without it name none in specs."""

    def __call__(self, target: Target, /) -> Existing: ...


def named_existing(backend: Backend, target: Target) -> Existing:
    """The existing parts that a target names; none where its backend has no `named_existing` module."""
    try:
        read = backend.load(ReadsExisting)
    except NotImplementedError:
        return Existing()
    return read(target)


@contract("as_existing")
class ShowsAsExisting(Protocol):
    """Turns a component's parts into the backend's kind of existing part."""

    def __call__(self, parts: object, /) -> ExistingPart: ...


def as_existing(backend: Backend, parts: object, kind: type[P]) -> P:
    """A component's parts, in the form that another platform on the same cloud takes.

    Raises:
        NotImplementedError: the backend has no `as_existing` module.
    """
    existing = backend.load(ShowsAsExisting)(parts)
    if not isinstance(existing, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(existing).__name__}")
    return existing


def known_after(value: pulumi.Input[str], ready: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """A value that is known only when other resources exist."""
    return pulumi.Output.all(value, *(each.urn for each in ready)).apply(lambda known: str(known[0]))
