"""A module of a backend that a spec needs, and what in a spec needs it. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

Places = Callable[[PlatformSpec], Iterator[tuple[str, str]]]
"""Field path and value of everything in a narrowed spec that needs a module."""


@record()
class NeededModule:
    """A module below a backend's package, and the field of the spec that needs it."""

    module: str
    """Its path, `training.cluster`."""

    contract: str
    """The name of its contract, `BuildsCluster`; empty for one that several contracts stand for."""

    field: str
    """The spec field, without indices. Empty: every platform needs the module."""

    support: Literal["unsupported", "partial"]
    """`unsupported`: without the module every value of the field is refused."""

    places: Places
    """What in a spec needs it."""

    instead: str
    """The nearest thing that works without it."""


def lacking_reason(title: str, package: str, needed: NeededModule) -> str:
    """Why a cloud refuses what needs a module that its package has not written.

    Args:
        title: of the cloud.
        package: of its backend.
        needed: the module.
    """
    return f"the backend of {title} has no module {package}.{needed.module} ({needed.contract})"


def one(field: str, value: Callable[[PlatformSpec], object]) -> Places:
    """One place, where a spec has a value there.

    Args:
        field: the place.
        value: what is there; nothing needs the module where that is empty.
    """

    def places(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if value(spec):
            yield field, "one"

    return places
