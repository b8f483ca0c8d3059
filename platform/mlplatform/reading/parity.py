"""The problems that a target's backend has with a spec, at locations of the spec as its author wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.backend import Backend
from mlplatform.components.release_problems import problems_once_released, release_problems
from mlplatform.reading.describe.shape import Location, dotted_path
from mlplatform.reading.refusals.redact import hide_secrets, one_line
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target, override_endpoint, override_pool


def cloud_problems(spec: PlatformSpec, target: Target) -> Iterator[tuple[Location, Problem]]:
    """All problems of one target's cloud, with their locations in the whole spec."""
    index = spec.targets.index(target)
    overrides = list(_override_problems(spec, target, index))
    yield from overrides
    refused = {(str(location[2]), str(location[3])) for location, _ in overrides}
    try:
        narrowed = _without_overrides(spec, index, refused).on(target.name)
    except ValidationError as error:
        yield from _refused(error, PlatformSpec, ("targets", index), target)
        return
    for problem in _all_problems(narrowed, discovery.backend(target.cloud)):
        location = _widened(parse_path(problem.path), spec, narrowed, index)
        if _overridden_by(location, spec, refused):
            continue
        yield (
            location,
            replace(
                problem,
                path=dotted_path(location),
                got=one_line(hide_secrets(problem.got)),
                cloud=target.cloud,
                target=target.name,
            ),
        )


def _all_problems(narrowed: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Problems of the spec as it is wanted, of its releases, and of what is released."""
    known = dict.fromkeys((*backend.problems(narrowed), *release_problems(narrowed, backend)))
    if narrowed.extensions:
        from mlplatform.components.capability import extension_problems

        known |= dict.fromkeys(extension_problems(narrowed))
    yield from known
    if narrowed.record is not None and not known:
        # a release may bring what the spec leaves open, for example the first model of an endpoint
        yield from problems_once_released(narrowed, backend)


def _without_overrides(spec: PlatformSpec, index: int, refused: set[tuple[str, str]]) -> PlatformSpec:
    """The spec without the overrides of a target that were refused."""
    if not refused:
        return spec
    target = spec.targets[index]
    kept = target.overlay(
        pools={name: value for name, value in target.pools.items() if ("pools", name) not in refused},
        endpoints={name: value for name, value in target.endpoints.items() if ("endpoints", name) not in refused},
    )
    return spec.overlay(targets=(*spec.targets[:index], kept, *spec.targets[index + 1 :]))


def _overridden_by(location: Location, spec: PlatformSpec, refused: set[tuple[str, str]]) -> bool:
    """True if the override that was refused could have changed what is at a location."""
    match location:
        case ("endpoints", int() as at, *_):
            return ("endpoints", spec.endpoints[at].name) in refused
        case ("training", "pools", int() as at, *_) if spec.training:
            return ("pools", spec.training.pools[at].name) in refused
        case ("training", "cpu_pools", int() as at, *_) if spec.training:
            return ("pools", spec.training.cpu_pools[at].name) in refused
        case _:
            return False


def sibling_problems(spec: PlatformSpec) -> Iterator[tuple[Location, Problem]]:
    """All problems that the targets of one cloud have with each other, with their locations in the spec."""
    for cloud in dict.fromkeys(target.cloud for target in spec.targets):
        for problem in discovery.backend(cloud).check_siblings(spec):
            location = parse_path(problem.path)
            name = spec.targets[location[1]].name if len(location) > 1 and isinstance(location[1], int) else None
            yield location, replace(problem, path=dotted_path(location), target=name)


def _override_problems(spec: PlatformSpec, target: Target, index: int) -> Iterator[tuple[Location, Problem]]:
    """Problems of pools and endpoints that are valid without the target's overrides."""
    for pool in spec.training.all_pools if spec.training else ():
        try:
            override_pool(pool, target.pools.get(pool.name))
        except ValidationError as error:
            yield from _refused(error, type(pool), ("targets", index, "pools", pool.name), target)
    for endpoint in spec.endpoints:
        try:
            override_endpoint(endpoint, target.endpoints.get(endpoint.name))
        except ValidationError as error:
            yield from _refused(error, type(endpoint), ("targets", index, "endpoints", endpoint.name), target)


def _refused(
    error: ValidationError, model: type[SpecModel], prefix: Location, target: Target
) -> Iterator[tuple[Location, Problem]]:
    from mlplatform.reading.refusals.errors import problems_of

    for location, problem in problems_of(error, model, prefix):
        yield location, replace(problem, path=dotted_path(location), cloud=target.cloud, target=target.name)


def parse_path(path: str) -> Location:
    """The location of a path as backends write it, for example `endpoints[0].replicas`."""
    parts = re.findall(r"[^.\[\]]+", path)
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _widened(location: Location, spec: PlatformSpec, narrowed: PlatformSpec, index: int) -> Location:
    """The location in the whole spec of a location in the narrowed one, which may leave parts out."""
    match location:
        case ("targets", int() | str() as at, *rest) if at in (0, narrowed.targets[0].cloud, narrowed.targets[0].name):
            return ("targets", index, *rest)
        case ("targets", *rest):
            return ("targets", index, *rest)
        case ("endpoints", int() | str() as at, *rest):
            return ("endpoints", _index(at, narrowed.endpoints, spec.endpoints), *rest)
        case ("extensions", int() | str() as at, *rest):
            return ("extensions", _index(at, narrowed.extensions, spec.extensions), *rest)
        case ("training", "pools", int() | str() as at, *rest) if spec.training and narrowed.training:
            return ("training", "pools", _index(at, narrowed.training.pools, spec.training.pools), *rest)
        case ("training", "cpu_pools", int() | str() as at, *rest) if spec.training and narrowed.training:
            return ("training", "cpu_pools", _index(at, narrowed.training.cpu_pools, spec.training.cpu_pools), *rest)
        case _:
            return location


def _index(at: int | str, narrowed: Sequence[SpecModel], whole: Sequence[SpecModel]) -> int | str:
    names = [cast("str", item.name) for item in whole]  # pyright: ignore
    name = at if isinstance(at, str) else cast("str", narrowed[at].name) if at < len(narrowed) else ""  # pyright: ignore
    return names.index(name) if name in names else at
