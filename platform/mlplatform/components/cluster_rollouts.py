"""How a new model takes over on the training cluster: what moves the traffic, and what counts its answers.

Argo Rollouts starts all replicas of a new release beside the former ones and leads a service's name to them or back.
The router gives a fixed share to the newest replicas: outside of a rollout these are the ones that serve. Imports no
SDK.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.spec.endpoints import AllAtOnce, CanaryRollout, EndpointSpec


def is_rolled_out(endpoint: EndpointSpec) -> bool:
    """Whether a new model is measured and can be taken back."""
    return not isinstance(endpoint.rollout, AllAtOnce)


def canary_percent(endpoint: EndpointSpec) -> int | None:
    """Share of a variant's requests that its newest replicas get while they are measured. None: no canary."""
    return endpoint.rollout.steps[0] if isinstance(endpoint.rollout, CanaryRollout) else None


def preview_upstream(variant: str) -> str:
    """What the router calls the newest replicas of a variant; no variant has a name with `_`."""
    return f"{variant}_preview"


def next_upstream(variant: str) -> str:
    """What the router counts the requests to them under: it sends these to the serving replicas while there are no
    newer ones."""
    return f"{variant}_next"


def answering_upstreams(endpoint: EndpointSpec) -> Iterator[str]:
    """The names under which requests of live variants are counted."""
    for variant in endpoint.all_variants():
        yield variant.name
        if canary_percent(endpoint):
            yield next_upstream(variant.name)


def most_replicas(endpoint: EndpointSpec) -> int:
    """Replicas of each set at most: one more while they are replaced one by one, twice as many in a rollout."""
    most = endpoint.replicas[1]
    return 2 * most if is_rolled_out(endpoint) else most + 1
