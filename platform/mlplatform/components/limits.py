"""The pieces of a backend's limits and checks that are the same on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from mlplatform.components.backend import Backend, Limit
from mlplatform.components.narrowed import target_of
from mlplatform.components.problems import reference_problems, target_problems
from mlplatform.spec.artifact_store import Place, ResolvedPlace
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

T = TypeVar("T", bound=Target)

Violations = Callable[[PlatformSpec], Iterator[tuple[str, str]]]
"""Field path and value of everything in a spec that runs into a limit."""

Checks = Sequence[Callable[[PlatformSpec, T, Backend], Iterator[Problem]]]
"""Checks of a spec that is narrowed to one target, in the order of their problems."""


ON_CLUSTER = "run it on the training cluster, with `on` and `pool`"
"""The way out where a cloud's serving service refuses what the router and the pods of a cluster do."""


def refuse_nothing(_: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Violations of a limit that refuses no value: it only tells people what differs."""
    yield from ()


def per_endpoint(field: str, refused: Callable[[EndpointSpec], object | None]) -> Violations:
    """Violations of a limit of endpoints that the cloud's service runs.

    Args:
        field: path below the endpoint, for example `autoscaling.metric`.
        refused: the value of one endpoint that is refused, or None.
    """

    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            value = refused(endpoint) if endpoint.on == "managed" else None
            if value is not None:
                yield f"endpoints[{index}].{field}", str(value)

    return violations


def endpoint_limit(
    field: str, reason: str, alternative: str, refused: Callable[[EndpointSpec], object | None]
) -> Limit:
    """A field of endpoints that one cloud honours only in part.

    Args:
        field: path below the endpoint, for example `autoscaling.metric`.
        reason: why, in the cloud's own terms.
        alternative: the nearest thing that works.
        refused: the value of one endpoint that is refused, or None.
    """
    return Limit(f"endpoints.{field}", "partial", reason, alternative, per_endpoint(field, refused))


def owned_variables(endpoint: EndpointSpec, names: Collection[str], prefixes: tuple[str, ...] = ()) -> str | None:
    """Variables of an endpoint that somebody else sets: a user's value would be lost, or hide the model.

    Args:
        endpoint: the endpoint, with its plain variables and its secrets.
        names: names that the cloud, or the platform for this server, sets itself.
        prefixes: first parts of names that the cloud keeps for itself.
    """
    given = sorted({*endpoint.env, *endpoint.secrets})
    return ", ".join(name for name in given if name in names or name.startswith(prefixes)) or None


def per_place(place: Place, field: str, is_refused: Callable[[ResolvedPlace], bool]) -> Violations:
    """Violations of a limit of one place of the artifact store.

    Args:
        place: the place.
        field: path below the place of a field that is true or false, for example `worm.locked`.
        is_refused: whether the field is set and refused.
    """

    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if is_refused(spec.artifact_store.place(place)):
            yield f"artifact_store.{place}.{field}", "True"

    return violations


def version_problems(
    backend: Backend, spec: PlatformSpec, reason: Callable[[ResolvedPlace], str | None]
) -> Iterator[Problem]:
    """Places without versions that need them.

    Args:
        backend: the cloud.
        spec: the platform.
        reason: why a place needs versions, or None where it does not.
    """
    for place in spec.artifact_store.places():
        needed = reason(place)
        if needed and not place.versioned:
            path = f"artifact_store.{place.place}.versioned"
            yield backend.refuse(path, False, f"true: {needed}", f"set {path} to true")


def check_target(
    spec: PlatformSpec,
    backend: Backend,
    kind: type[T],
    checks: Checks[T],
    *,
    anywhere: Checks[T] = (),
    region_field: str = "region",
) -> Iterator[Problem]:
    """Everything a cloud refuses in a spec that is narrowed to it, beyond its declared limits.

    Args:
        spec: the narrowed spec.
        backend: the cloud.
        kind: the model of its targets.
        checks: what is checked where the catalogue has the target's region.
        anywhere: what is checked first, in any region.
        region_field: the cloud's name of the field of the region.
    """
    target = target_of(spec, kind)
    yield from target_problems(backend, target, region_field)
    yield from reference_problems(backend, f"targets[{backend.name}]", target.references())
    for check in anywhere:
        yield from check(spec, target, backend)
    if backend.catalog.is_region(target.location):
        for check in checks:
            yield from check(spec, target, backend)
