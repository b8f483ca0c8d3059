"""The plan that is priced: endpoints that wait for a release cost what they will cost once they are released.

A budget that only sees the waiting endpoints would pass today and break on the day of the first release.
"""

from __future__ import annotations

from dataclasses import replace

from mlplatform import discovery
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.releases import awaiting_releases
from mlplatform.plan.cost.model import Estimate
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec


def priced_plan(plan: Plan, spec: PlatformSpec | None, target: str) -> Plan:
    """The plan with everything released; the same plan where nothing waits, or its spec is unknown.

    Args:
        plan: a plan of one target.
        spec: the spec that it was made from; None where the plan comes from a file.
        target: the target's name.
    """
    if spec is None or not waiting_endpoints(spec, target):
        return plan
    from mlplatform.plan.record import record

    return record(as_released(spec, (target,), open_too=True), target, resolve=plan.resolved)


def waiting_endpoints(spec: PlatformSpec, target: str) -> tuple[str, ...]:
    """Names of the endpoints of a target of which something waits for a release."""
    if target not in {name for each in spec.targets for name in (each.name, each.cloud)}:
        return ()
    narrowed = spec.on(target)
    waiting = awaiting_releases(narrowed, discovery.backend(narrowed.targets[0].cloud))
    return tuple(dict.fromkeys(each.endpoint for each in waiting))


def say_released(estimate: Estimate, spec: PlatformSpec | None, target: str) -> Estimate:
    """The estimate with a warning that names the endpoints that are counted as released."""
    waiting = waiting_endpoints(spec, target) if spec else ()
    if not waiting:
        return estimate
    words = f"{', '.join(waiting)}: counted as if released, although the record of releases does not name all of it yet"
    return replace(estimate, warnings=(words, *estimate.warnings))
