"""Typical changes of a platform, made to its spec one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.rehearse.feature_changes import change_features
from mlplatform.rehearse.layer_changes import change_addons, change_team, serve_on_cluster
from mlplatform.rehearse.pipeline_changes import change_triggers
from mlplatform.rehearse.turn import ADDED, Turn, TypicalChange, newer_model, with_endpoint
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec
from mlplatform.spec.variants import VariantSpec


@dataclass(frozen=True, slots=True)
class SkippedChange:
    """A change that this spec does not allow."""

    name: str
    """Title of the change."""

    reason: str
    """The reason."""


def _add_tag(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Another tag on every resource with tags."""
    return (Turn(_tagged(spec, "changed"), quiet=True),)


def _add_nodes(spec: PlatformSpec) -> tuple[Turn, ...]:
    """More nodes in the first pool without a reservation."""
    pools = _pools(spec)
    index = next((i for i, pool in enumerate(pools) if isinstance(pool.capacity, str)), None)
    if index is None:
        return ()
    more = pools[index].overlay(max_nodes=pools[index].max_nodes + 1)
    return (Turn(_with_pools(spec, (*pools[:index], more, *pools[index + 1 :]))),)


def _raise_least(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A node more that always runs, in the first pool without a reservation that can have one."""
    pools = _pools(spec)
    index = next(
        (i for i, pool in enumerate(pools) if isinstance(pool.capacity, str) and pool.min_nodes < pool.max_nodes), None
    )
    if index is None:
        return ()
    more = pools[index].overlay(min_nodes=pools[index].min_nodes + 1)
    return (Turn(_with_pools(spec, (*pools[:index], more, *pools[index + 1 :])), may_be_refused=True),)


def _next_model(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version of the first served model whose version is a number."""
    return tuple(Turn(newer) for newer in _with_newer_model(spec))


def _model_and_back(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version; once it serves, the former one again."""
    return tuple(
        turn
        for newer in _with_newer_model(spec)
        for turn in (Turn(newer, "the next version"), Turn(spec, "the former one again"))
    )


def _model_that_fails(spec: PlatformSpec) -> tuple[Turn, ...]:
    """The next version, which an alarm rolls back; then the spec has the former one again."""
    return tuple(
        turn
        for newer in _with_newer_model(spec, managed=True)
        for turn in (Turn(newer, "taken back", after="taken back"), Turn(spec, "the former one again"))
    )


def _add_variant(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Another variant with a tenth of the traffic; then it has all traffic, and the first one is removed."""
    found = newer_model(spec)
    if found is None:
        return ()
    index, newer = found
    endpoint = spec.endpoints[index]
    first, second = VariantSpec(name="main", model=endpoint.model), VariantSpec(name=ADDED, model=newer)
    # not every cloud copies requests to a shadow of more than one variant
    both = (first.overlay(traffic_percent=90), second.overlay(traffic_percent=10))
    # a monitor looks at the answers of one model
    beside = endpoint.overlay(model=None, shadow=None, variants=both, monitor=None)
    return (
        Turn(with_endpoint(spec, index, beside), "a tenth of the traffic", may_be_refused=True),
        Turn(with_endpoint(spec, index, beside.overlay(variants=(second,))), "all of it"),
    )


def _autoscale(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Autoscalers change counts; then another property of the same resources changes."""
    return (Turn(_tagged(spec, "autoscaled"), before="scaled", quiet=True),)


def _add_pool(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Another pool, like the first one without a reservation."""
    like = next((pool for pool in _pools(spec) if isinstance(pool.capacity, str)), None)
    return (Turn(_with_pools(spec, (*_pools(spec), like.overlay(name=ADDED)))),) if like else ()


def _remove_endpoint(spec: PlatformSpec) -> tuple[Turn, ...]:
    """Remove the last endpoint."""
    return (Turn(spec.overlay(endpoints=spec.endpoints[:-1])),) if spec.endpoints else ()


TYPICAL: Mapping[str, tuple[str, TypicalChange]] = {
    "tag": ("a tag more", _add_tag),
    "nodes": ("more nodes", _add_nodes),
    "least": ("more nodes that always run", _raise_least),
    "model": ("a new model version", _next_model),
    "rollback": ("a model there and back", _model_and_back),
    "alarm": ("a model that fails", _model_that_fails),
    "trigger": ("a pipeline with a door", change_triggers),
    "features": ("features online", change_features),
    "variant": ("a variant more", _add_variant),
    "autoscaled": ("autoscaled", _autoscale),
    "pool": ("a pool more", _add_pool),
    "endpoint": ("an endpoint less", _remove_endpoint),
    "team": ("a team more", change_team),
    "addon": ("an add-on", change_addons),
    "cluster-endpoint": ("an endpoint on the cluster", serve_on_cluster),
}
"""Name to title and function, in the order in which a rehearsal makes them."""


def change_turns(spec: PlatformSpec, name: str, target: str) -> tuple[Turn, ...] | SkippedChange:
    """The turns of one of the typical changes, or the reason why it is skipped.

    Args:
        spec: the spec before it.
        name: one of `TYPICAL`.
        target: name of the target that must accept the spec of every turn.
    """
    title, change = TYPICAL[name]
    try:
        turns = change(spec)
    except ValueError as error:
        return SkippedChange(title, str(error).splitlines()[-1].strip())
    if not turns:
        return SkippedChange(title, "the spec has nothing to change")
    from mlplatform import discovery

    backend = discovery.backend(spec.target(target).cloud)
    for turn in turns:
        problems = backend.problems(turn.spec.on(target))
        if problems:
            return SkippedChange(title, f"{problems[0].path}: {problems[0].expected}")
    return turns


def _tagged(spec: PlatformSpec, value: str) -> PlatformSpec:
    return spec.overlay(tags={**spec.tags, ADDED: value})


def _with_newer_model(spec: PlatformSpec, *, managed: bool = False) -> tuple[PlatformSpec, ...]:
    """The spec with the next version of a model; empty if there is no such model."""
    found = newer_model(spec, managed=managed)
    if found is None:
        return ()
    index, newer = found
    return (with_endpoint(spec, index, spec.endpoints[index].overlay(model=newer)),)


def _pools(spec: PlatformSpec) -> tuple[GpuPoolSpec, ...]:
    return spec.training.pools if spec.training else ()


def _with_pools(spec: PlatformSpec, pools: tuple[GpuPoolSpec, ...]) -> PlatformSpec:
    assert spec.training is not None
    return spec.overlay(training=spec.training.overlay(pools=pools))
