"""Typical changes of what is inside the training cluster."""

from __future__ import annotations

from typing import get_args

from mlplatform.rehearse.turn import ADDED, Turn, goes, with_endpoint
from mlplatform.spec.cluster import AddOn
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.rollouts import AllAtOnce
from mlplatform.spec.teams import TeamSpec

_WITH_VAULTS: AddOn = "external-secrets"
"""With it each namespace of jobs has a place for its secrets, which on Azure is a vault that holds them."""
_MONITOR_IMAGE = "docker.io/acme/monitor:1"
"""An image that nobody pulls: no pod of a rehearsal starts."""


def change_team(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A team more; then it may have more devices; then it goes."""
    pools = spec.training.pools if spec.training else ()
    pool = next((pool.name for pool in pools if isinstance(pool.capacity, str)), None)
    if spec.cluster is None or pool is None:
        return ()
    cluster = spec.cluster

    def with_quota(devices: int) -> PlatformSpec:
        return spec.overlay(cluster=cluster.overlay(teams=(*cluster.teams, TeamSpec(ADDED, quota={pool: devices}))))

    return (
        Turn(with_quota(1), "one device", quiet=True),
        Turn(with_quota(2), "another quota", quiet=True),
        *goes(spec, with_quota(2), "it goes", held=_WITH_VAULTS in cluster.addons),
    )


def change_addons(spec: PlatformSpec) -> tuple[Turn, ...]:
    """One add-on more and away again; where the layer has all of them, the last one goes and comes."""
    if spec.cluster is None:
        return ()
    present = spec.cluster.addons
    missing = next((each for each in get_args(AddOn) if each not in present), None)
    other = spec.overlay(cluster=spec.cluster.overlay(addons=(*present, missing) if missing else present[:-1]))
    if missing:
        return Turn(other, "it comes", quiet=True), *goes(spec, other, "it goes", held=missing == _WITH_VAULTS)
    return *goes(other, spec, "it goes", held=present[-1] == _WITH_VAULTS), Turn(spec, "it comes back", quiet=True)


def serve_on_cluster(spec: PlatformSpec) -> tuple[Turn, ...]:
    """A pool of CPUs, an endpoint on it with a monitor there, the next version of its model; then all of it goes."""
    if spec.training is None or spec.cluster is None:
        return ()
    pool = CpuPoolSpec(name=ADDED, min_nodes=1, max_nodes=3)
    pools = spec.overlay(training=spec.training.overlay(cpu_pools=(*spec.training.cpu_pools, pool)))
    monitor = ModelMonitorSpec(
        task="classification",
        on="cluster",
        pool=ADDED,
        workers=2,
        image=_MONITOR_IMAGE,
        reference=f"{ADDED}/reference",
    )
    endpoint = EndpointSpec(
        name=ADDED,
        on="cluster",
        pool=ADDED,
        model=f"{ADDED}/1",
        replicas=(1, 1),
        rollout=AllAtOnce(),
        capture_percent=10,
        monitor=monitor,
    )
    served = pools.overlay(endpoints=(*spec.endpoints, endpoint))
    newer = with_endpoint(served, len(spec.endpoints), endpoint.overlay(model=f"{ADDED}/2"))
    return (
        Turn(pools, "a pool of CPUs", quiet=True),
        Turn(served, "it serves", quiet=True),
        Turn(newer, "the next version", quiet=True),
        Turn(spec, "it goes"),
    )
