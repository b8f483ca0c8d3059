"""Limits and problems of the artifact store on S3. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import per_place, version_problems
from mlplatform.components.problems import replica_problems
from mlplatform.spec.artifact_store import PLACES, ResolvedPlace
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = tuple(
    Limit(
        field=f"artifact_store.{place}.legal_hold",
        support="unsupported",
        reason="S3 has no legal hold for a whole bucket, only for single object versions, set one by one",
        alternative=f"set artifact_store.{place}.worm, or hold the objects with S3 Batch Operations",
        violations=per_place(place, "legal_hold", lambda place: place.legal_hold),
    )
    for place in PLACES
)


def problems(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    """Everything S3 refuses in the store beyond the declared limits."""
    yield from replica_problems(backend, spec, target)

    def reason(place: ResolvedPlace) -> str | None:
        needs = "worm" if place.worm else "replication" if spec.artifact_store.replicated else None
        return f"S3 needs versioning for {needs}" if needs else None

    yield from version_problems(backend, spec, reason)
