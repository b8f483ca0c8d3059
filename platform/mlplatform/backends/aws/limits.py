"""Everything AWS cannot do or refuses in a spec, gathered from its rooms. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.artifact_store import limits as artifact_store
from mlplatform.backends.aws.identity import limits as identity
from mlplatform.backends.aws.network import limits as network
from mlplatform.backends.aws.serving import limits as serving
from mlplatform.backends.aws.target import aws_target
from mlplatform.backends.aws.training import limits as training
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.refused_places import target_problems
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_ROOMS = (network, training, serving, artifact_store, identity)
"""Rooms that refuse something, in the order in which their problems are reported."""

LIMITS: tuple[Limit, ...] = (*artifact_store.LIMITS, *serving.LIMITS)


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in a spec already narrowed to it, beyond its declared limits."""
    target = aws_target(spec)
    yield from target_problems(backend, target)
    if not backend.catalog.is_region(target.region):
        return
    for room in _ROOMS:
        yield from room.problems(spec, backend)
