"""How a new model takes over on the training cluster: what moves the traffic, and what counts its answers.

Argo Rollouts starts all replicas of a new release beside the former ones and leads a service's name to them or back.
The router gives a fixed share to the name of each step. Outside of a rollout, and before the step, such a name leads to
the replicas that serve. Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce, CanaryRollout

FIRST_SECONDS = 120
"""Seconds until the router sends the new replicas requests, and a minute of them is measured."""

STEP_SECONDS = 180
"""Seconds from the start of a later step's job until the router sends more requests, and a minute of them is measured:
an image that a node does not have, the names in DNS, and the minute."""

MOST_WATCH_MINUTES = 180
"""Longest watch of all steps: `up` waits for it, and the job of the rendered CI that applies both stacks has 350
minutes, of which nodes, models and the cloud's own stack take their part."""


def is_rolled_out(endpoint: EndpointSpec) -> bool:
    """Whether a new model is measured and can be taken back."""
    return not isinstance(endpoint.rollout, AllAtOnce)


@record(kw_only=True)
class CanaryShare:
    """A step of a canary: one more part of a variant's requests goes to its newest replicas."""

    suffix: str
    """What the names of the step end with: its percentage, and nothing for the first one."""

    percent: int
    """Share of the variant's requests that comes with this step, besides those of the former steps."""


def canary_shares(endpoint: EndpointSpec) -> tuple[CanaryShare, ...]:
    """The steps in which a variant's requests go to its newest replicas while they are measured; none without a
    canary."""
    if not isinstance(endpoint.rollout, CanaryRollout):
        return ()
    steps = endpoint.rollout.steps
    return tuple(
        CanaryShare(suffix=str(step) if former else "", percent=step - former)
        for former, step in zip((0, *steps), steps, strict=False)
    )


def step_start(position: int, bake_minutes: int) -> int:
    """Seconds from the start of the measurements to a step; the watch of a later one begins with its job."""
    former = FIRST_SECONDS + bake_minutes * 60 + (position - 1) * (STEP_SECONDS + bake_minutes * 60)
    return former if position else 0


def watch_minutes(endpoint: EndpointSpec) -> int:
    """Minutes of the watch of all steps."""
    if isinstance(endpoint.rollout, AllAtOnce):
        return FIRST_SECONDS // 60
    bake, last = endpoint.rollout.bake_minutes, max(1, len(canary_shares(endpoint))) - 1
    lead = STEP_SECONDS if last else FIRST_SECONDS
    return (step_start(last, bake) + lead) // 60 + bake


def preview_upstream(variant: str, suffix: str = "") -> str:
    """What the router calls the newest replicas of a variant in a step; no variant has a name with `_`."""
    return f"{variant}_preview{suffix}"


def next_upstream(variant: str, suffix: str = "") -> str:
    """What the router counts the requests of a step under: it sends these to the serving replicas while there are no
    newer ones, and before the step."""
    return f"{variant}_next{suffix}"


def answering_upstreams(endpoint: EndpointSpec) -> Iterator[str]:
    """The names under which requests of live variants are counted."""
    for variant in endpoint.all_variants():
        yield variant.name
        for share in canary_shares(endpoint):
            yield next_upstream(variant.name, share.suffix)


def most_replicas(endpoint: EndpointSpec) -> int:
    """Replicas of each set at most: one more while they are replaced one by one, twice as many in a rollout."""
    most = endpoint.replicas[1]
    return 2 * most if is_rolled_out(endpoint) else most + 1
