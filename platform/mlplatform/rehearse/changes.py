"""Changes that every platform sees sooner or later, made to the spec one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec

Change = Callable[[PlatformSpec], PlatformSpec | None]
"""The changed spec; None where there is nothing to change."""

ADDED = "rehearsal"
"""Name of what a rehearsal adds."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A change that this spec does not allow."""

    name: str
    """Of the change."""

    reason: str
    """Why."""


def tag(spec: PlatformSpec) -> PlatformSpec | None:
    """Another tag on everything that can carry one."""
    return spec.overlay(tags={**spec.tags, ADDED: "changed"})


def nodes(spec: PlatformSpec) -> PlatformSpec | None:
    """More nodes in the first pool whose capacity is not reserved."""
    pools = _pools(spec)
    index = next((i for i, pool in enumerate(pools) if isinstance(pool.capacity, str)), None)
    if index is None:
        return None
    more = pools[index].overlay(max_nodes=pools[index].max_nodes + 1)
    return _with_pools(spec, (*pools[:index], more, *pools[index + 1 :]))


def model(spec: PlatformSpec) -> PlatformSpec | None:
    """The next version of the first served model whose version is a number."""
    for index, endpoint in enumerate(spec.endpoints):
        name, _, version = (endpoint.model or "").rpartition("/")
        if name and version.isdigit() and not endpoint.variants:
            shadow = endpoint.shadow.model if endpoint.shadow else ""
            newer = int(version) + 1
            newer += f"{name}/{newer}" == shadow
            changed = endpoint.overlay(model=f"{name}/{newer}")
            return _with_endpoints(spec, (*spec.endpoints[:index], changed, *spec.endpoints[index + 1 :]))
    return None


def pool(spec: PlatformSpec) -> PlatformSpec | None:
    """One more pool, like the first whose capacity is not reserved."""
    like = next((found for found in _pools(spec) if isinstance(found.capacity, str)), None)
    return _with_pools(spec, (*_pools(spec), like.overlay(name=ADDED))) if like else None


def endpoint(spec: PlatformSpec) -> PlatformSpec | None:
    """One endpoint less."""
    return _with_endpoints(spec, spec.endpoints[:-1]) if spec.endpoints else None


TYPICAL: Mapping[str, tuple[str, Change]] = {
    "tag": ("a tag more", tag),
    "nodes": ("more nodes", nodes),
    "model": ("a new model version", model),
    "pool": ("a pool more", pool),
    "endpoint": ("an endpoint less", endpoint),
}
"""Name to what it is, for people, and how it is made; in the order in which they are made."""


def changed(spec: PlatformSpec, name: str, cloud: str) -> PlatformSpec | Skipped:
    """A spec after one of the typical changes, or why it cannot be made.

    Args:
        spec: before.
        name: one of `TYPICAL`.
        cloud: the target that must still accept it.
    """
    title, change = TYPICAL[name]
    try:
        found = change(spec)
    except ValueError as error:
        return Skipped(title, str(error).splitlines()[-1].strip())
    if found is None:
        return Skipped(title, "the spec has nothing of the kind")
    from mlplatform.spec import discovery

    problems = discovery.backend(cloud).problems(found.on(cloud))
    return Skipped(title, f"{problems[0].path}: {problems[0].expected}") if problems else found


def _pools(spec: PlatformSpec) -> tuple[GpuPoolSpec, ...]:
    return spec.training.pools if spec.training else ()


def _with_pools(spec: PlatformSpec, pools: tuple[GpuPoolSpec, ...]) -> PlatformSpec:
    assert spec.training is not None
    return spec.overlay(training=spec.training.overlay(pools=pools))


def _with_endpoints(spec: PlatformSpec, endpoints: tuple[EndpointSpec, ...]) -> PlatformSpec:
    return spec.overlay(endpoints=endpoints)
