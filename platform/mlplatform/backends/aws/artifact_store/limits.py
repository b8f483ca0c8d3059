"""What S3 refuses in the artifact store. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.components.backend import Backend, Limit
from mlplatform.components.refused_places import replica_problems
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def _legal_hold(place: Place) -> Callable[[PlatformSpec], Iterator[tuple[str, str]]]:
    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if spec.artifact_store.place(place).legal_hold:
            yield f"artifact_store.{place}.legal_hold", "True"

    return violations


LIMITS: tuple[Limit, ...] = tuple(
    Limit(
        field=f"artifact_store.{place}.legal_hold",
        support="unsupported",
        reason="S3 has no legal hold for a whole bucket, only for single object versions, set one by one",
        alternative=f"set artifact_store.{place}.worm, or hold the objects with S3 Batch Operations",
        violations=_legal_hold(place),
    )
    for place in PLACES
)


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in the store beyond the declared limits."""
    yield from replica_problems(backend, spec, spec.targets[0])
    store = spec.artifact_store
    for place in store.places():
        needs = "worm" if place.worm else "replication" if store.replicated else None
        if needs and not place.versioned:
            yield backend.refuse(
                f"artifact_store.{place.place}.versioned",
                False,
                f"true: S3 needs versioning for {needs}",
                f"set artifact_store.{place.place}.versioned to true",
            )
