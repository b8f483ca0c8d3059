"""Limits of the artifact store on GCP. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.problems import replica_problems
from mlplatform.spec.artifact_store import PLACES
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS = tuple(
    Limit(
        field=f"artifact_store.{place}.legal_hold",
        support="partial",
        reason="a bucket's default event-based hold covers only objects that are written afterwards",
        alternative="hold and release older objects with gcloud storage objects update",
        violations=refuse_nothing,
    )
    for place in PLACES
)
"""Fields of the store that GCP honours only in part."""


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Names that no bucket may have, and a missing second region."""
    yield from _names(spec, backend)
    others = [region for region in backend.catalog.regions if region != target.region]
    near = [region for region in others if region.split("-")[0] == target.region.split("-")[0]]
    yield from replica_problems(backend, spec, target, next(iter(near or others), None))


def _names(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    for field, name in (("name", spec.name), ("environment", spec.environment)):
        if (field == "name" and name.startswith("goog")) or "google" in name or "g00gle" in name:
            yield backend.refuse(
                field,
                name,
                "a name that does not contain 'google' and does not start with 'goog': Cloud Storage refuses both in "
                "names of buckets",
                f"use {re.sub('g(oo|00)g(le)?', 'g', name)} or another name",
            )
