"""Limits of the artifact store on Azure, and problems of its places. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import per_place, version_problems
from mlplatform.components.problems import replica_problems
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = tuple(
    limit
    for place in PLACES
    for limit in (
        Limit(
            field=f"artifact_store.{place}.worm.locked",
            support="unsupported",
            reason="Azure creates retention policies unlocked; locking is a separate, irreversible step",
            alternative=f"leave artifact_store.{place}.worm.locked false, and lock after the first `up`: "
            "az storage account update --immutability-state Locked --immutability-period <days> -n <account>",
            violations=per_place(place, "worm.locked", lambda place: place.worm is not None and place.worm.locked),
        ),
        Limit(
            field=f"artifact_store.{place}.legal_hold",
            support="partial",
            reason="a container with version-level retention cannot have a container-level legal hold",
            alternative=f"set either artifact_store.{place}.worm or artifact_store.{place}.legal_hold",
            violations=per_place(place, "legal_hold", lambda place: place.worm is not None and place.legal_hold),
        ),
    )
)


def problems(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """Problems of the store beyond its limits."""
    yield from replica_problems(backend, spec, target)
    yield from version_problems(
        backend, spec, lambda place: "write-once storage keeps every version" if place.worm else None
    )
