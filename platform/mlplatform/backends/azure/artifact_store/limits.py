"""Limits of the artifact store on Azure, and problems of its places. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.backends.azure.target import azure_target
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.refused_places import replica_problems
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_Violations = Callable[[PlatformSpec], Iterator[tuple[str, str]]]


def _locked(place: Place) -> _Violations:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        worm = spec.artifact_store.place(place).worm
        if worm and worm.locked:
            yield f"artifact_store.{place}.worm.locked", "True"

    return violations


def _held(place: Place) -> _Violations:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        resolved = spec.artifact_store.place(place)
        if resolved.worm and resolved.legal_hold:
            yield f"artifact_store.{place}.legal_hold", "True"

    return violations


LIMITS: tuple[Limit, ...] = tuple(
    limit
    for place in PLACES
    for limit in (
        Limit(
            field=f"artifact_store.{place}.worm.locked",
            support="unsupported",
            reason="Azure creates retention policies unlocked; locking is a separate and final act",
            alternative=f"leave artifact_store.{place}.worm.locked false, and lock after the first `up`: "
            "az storage account update --immutability-state Locked --immutability-period <days> -n <account>",
            violations=_locked(place),
        ),
        Limit(
            field=f"artifact_store.{place}.legal_hold",
            support="partial",
            reason="a container whose versions have their own retention takes no legal hold of its own",
            alternative=f"set either artifact_store.{place}.worm or artifact_store.{place}.legal_hold",
            violations=_held(place),
        ),
    )
)


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Problems of the store beyond its limits."""
    yield from replica_problems(backend, spec, azure_target(spec))
    for place in spec.artifact_store.places():
        if place.worm and not place.versioned:
            yield backend.refuse(
                f"artifact_store.{place.place}.versioned",
                "False",
                "true: write-once storage keeps every version",
                f"set artifact_store.{place.place}.versioned to true",
            )
