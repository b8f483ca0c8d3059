"""The bootstrap of one stack, derived from what the stack plans."""

from __future__ import annotations

from mlplatform import discovery
from mlplatform.components.bootstrap import (
    Bootstrap,
    BuildsBootstrap,
    DerivesRights,
    Operation,
    PlannedResource,
    sum_rights,
)
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec


def planned_resources(plan: Plan) -> tuple[PlannedResource, ...]:
    """The plan's resources, as their rights depend on them."""
    return tuple(PlannedResource(type=step.type, inputs=step.inputs) for step in plan.resources())


def derive_bootstrap(spec: PlatformSpec, target: str, plan: Plan, *, state: str | None = None) -> Bootstrap:
    """The bootstrap of one target.

    Args:
        spec: a validated spec.
        target: name of one of its targets.
        plan: the target's resolved plan, with everything released: the ids of own roles are known in it.
        state: URL of an existing state, which is then not made. Omitted: a new one.

    Raises:
        ValueError: the URL is not one of the target's cloud.
        mlplatform.components.bootstrap.UnknownRights: the rights of a planned type stand in no table.
    """
    narrowed = spec.on(target)
    backend = discovery.backend(narrowed.targets[0].cloud)
    return backend.load(BuildsBootstrap)(narrowed, planned_resources(plan), state)


def derive_rights(plan: Plan, *operations: Operation) -> tuple[str, ...]:
    """The rights that some operations on all resources of a plan take, sorted."""
    return sum_rights(discovery.backend(plan.cloud).load(DerivesRights), planned_resources(plan), operations)
