"""Changes that every platform sees sooner or later, made to the spec one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlplatform.mock_cloud.movements import Drift
from mlplatform.spec.endpoints import EndpointSpec, VariantSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of a change: what the stack is to be, and what the cloud does by itself around it."""

    spec: PlatformSpec
    """After it."""

    title: str = ""
    """For people, where a change has more than one turn; empty where it has one."""

    before: Drift | None = None
    """What happens in the cloud before it; a preview must then show no change."""

    after: Drift = "rolled out"
    """How the rollouts that it begins end."""


Change = Callable[[PlatformSpec], tuple[Turn, ...]]
"""The turns to a changed spec; none where there is nothing to change."""

ADDED = "rehearsal"
"""Name of what a rehearsal adds."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A change that this spec does not allow."""

    name: str
    """Of the change."""

    reason: str
    """Why."""


def tag(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Another tag on everything that can carry one."""
    return (Turn(_tagged(spec, "changed")),)


def nodes(spec: PlatformSpec) -> tuple[Turn, ...]:
    """More nodes in the first pool whose capacity is not reserved."""
    pools = _pools(spec)
    index = next((i for i, pool in enumerate(pools) if isinstance(pool.capacity, str)), None)
    if index is None:
        return ()
    more = pools[index].overlay(max_nodes=pools[index].max_nodes + 1)
    return (Turn(_with_pools(spec, (*pools[:index], more, *pools[index + 1 :]))),)


def model(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version of the first served model whose version is a number."""
    return tuple(Turn(newer) for newer in _newer(spec))


def rollback(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version, and when it serves the former one again."""
    return tuple(
        turn for newer in _newer(spec) for turn in (Turn(newer, "the next version"), Turn(spec, "the former one again"))
    )


def alarm(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version, which an alarm takes back; somebody then gives the former one back to the spec."""
    return tuple(
        turn
        for newer in _newer(spec)
        for turn in (Turn(newer, "taken back", after="taken back"), Turn(spec, "the former one again"))
    )


def variant(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A variant more, with a tenth of the traffic; then all of it, and the first one goes."""
    found = _served(spec)
    if found is None:
        return ()
    index, newer = found
    serves = spec.endpoints[index]
    first, second = VariantSpec(name="main", model=serves.model), VariantSpec(name=ADDED, model=newer)
    # not every cloud copies requests to a shadow of more than one variant
    both = (first.overlay(traffic_percent=90), second.overlay(traffic_percent=10))
    beside = serves.overlay(model=None, shadow=None, variants=both)
    return (
        Turn(_with_endpoint(spec, index, beside), "a tenth of the traffic"),
        Turn(_with_endpoint(spec, index, beside.overlay(variants=(second,))), "all of it"),
    )


def autoscaled(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Autoscalers count anew, and then everything they scale is changed in something else."""
    return (Turn(_tagged(spec, "autoscaled"), before="scaled"),)


def pool(spec: PlatformSpec) -> tuple[Turn, ...]:
    """One more pool, like the first whose capacity is not reserved."""
    like = next((found for found in _pools(spec) if isinstance(found.capacity, str)), None)
    return (Turn(_with_pools(spec, (*_pools(spec), like.overlay(name=ADDED)))),) if like else ()


def endpoint(spec: PlatformSpec) -> tuple[Turn, ...]:
    """One endpoint less."""
    return (Turn(spec.overlay(endpoints=spec.endpoints[:-1])),) if spec.endpoints else ()


TYPICAL: Mapping[str, tuple[str, Change]] = {
    "tag": ("a tag more", tag),
    "nodes": ("more nodes", nodes),
    "model": ("a new model version", model),
    "rollback": ("a model there and back", rollback),
    "alarm": ("a model that fails", alarm),
    "variant": ("a variant more", variant),
    "autoscaled": ("autoscaled", autoscaled),
    "pool": ("a pool more", pool),
    "endpoint": ("an endpoint less", endpoint),
}
"""Name to what it is, for people, and how it is made; in the order in which they are made."""


def changed(spec: PlatformSpec, name: str, cloud: str) -> tuple[Turn, ...] | Skipped:
    """The turns of one of the typical changes, or why it cannot be made.

    Args:
        spec: before.
        name: one of `TYPICAL`.
        cloud: the target that must still accept every one of them.
    """
    title, change = TYPICAL[name]
    try:
        turns = change(spec)
    except ValueError as error:
        return Skipped(title, str(error).splitlines()[-1].strip())
    if not turns:
        return Skipped(title, "the spec has nothing of the kind")
    from mlplatform import discovery

    for turn in turns:
        problems = discovery.backend(cloud).problems(turn.spec.on(cloud))
        if problems:
            return Skipped(title, f"{problems[0].path}: {problems[0].expected}")
    return turns


def _tagged(spec: PlatformSpec, value: str) -> PlatformSpec:
    return spec.overlay(tags={**spec.tags, ADDED: value})


def _served(spec: PlatformSpec) -> tuple[int, str] | None:
    """The first endpoint with one model whose version is a number, and the next version."""
    for index, serves in enumerate(spec.endpoints):
        name, _, version = (serves.model or "").rpartition("/")
        if name and version.isdigit() and not serves.variants:
            shadow = serves.shadow.model if serves.shadow else ""
            newer = int(version) + 1
            newer += f"{name}/{newer}" == shadow
            return index, f"{name}/{newer}"
    return None


def _newer(spec: PlatformSpec) -> tuple[PlatformSpec, ...]:
    """The spec with the next version of a model; none where there is no such model."""
    found = _served(spec)
    if found is None:
        return ()
    index, newer = found
    return (_with_endpoint(spec, index, spec.endpoints[index].overlay(model=newer)),)


def _pools(spec: PlatformSpec) -> tuple[GpuPoolSpec, ...]:
    return spec.training.pools if spec.training else ()


def _with_pools(spec: PlatformSpec, pools: tuple[GpuPoolSpec, ...]) -> PlatformSpec:
    assert spec.training is not None
    return spec.overlay(training=spec.training.overlay(pools=pools))


def _with_endpoint(spec: PlatformSpec, index: int, changed: EndpointSpec) -> PlatformSpec:
    return spec.overlay(endpoints=(*spec.endpoints[:index], changed, *spec.endpoints[index + 1 :]))
