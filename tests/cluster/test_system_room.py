"""The system pool is judged before anything is planned, with the numbers that the layer really has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mlplatform import (
    AllAtOnce,
    ClusterSpec,
    EndpointSpec,
    PlatformSpec,
    SystemPoolSpec,
    TrackingSpec,
    TrainingSpec,
    discovery,
)
from mlplatform.backends.aws.training.limits import AUTOSCALER
from mlplatform.backends.azure.training.limits import NETWORK_OPERATOR
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.layer_pods import layer_pods_of
from mlplatform.plan.cost.layer_pods import layer_pods
from mlplatform.plan.inside import RELEASE
from mlplatform.plan.model import Plan, Step

from ..conftest import CLOUDS
from .conftest import CPU_POOLS, INSIDE, POOLS, WEB, everything, small_spec

OWN = {"aws": (AUTOSCALER,), "gcp": (), "azure": NETWORK_OPERATOR}
BARE = {"aws": (AUTOSCALER,), "gcp": (), "azure": ()}
"""Without a pool with InfiniBand."""


def _steps(items: Iterable[LayerItem]) -> Iterable[Step]:
    for item in items:
        body: dict[str, Any]
        if isinstance(item.body, ChartRelease):
            token, body = RELEASE, {"chart": item.body.chart, "values": item.body.values}
        else:
            body = wire_object(item.body)
            token = f"kubernetes:{body['apiVersion']}:{body['kind']}"
        yield Step("create", f"urn::{item.role}", token, item.role, True, body)


def _numbers(pods: Iterable[Any]) -> set[tuple[str, float, float, float, bool]]:
    return {(each.who, each.pods, round(each.cpus, 6), round(each.memory_gib, 6), each.daemon) for each in pods}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_spec_tells_the_same_pods_as_a_plan_with_everything(cloud: str, layered: Callable[[str], Plan]) -> None:
    spec = as_released(everything(cloud), (cloud,)).on(cloud)
    assert _numbers((*layer_pods_of(spec), *OWN[cloud])) == _numbers(layer_pods(layered(cloud).steps))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_spec_tells_the_same_pods_as_a_small_layer(cloud: str) -> None:
    training = TrainingSpec(pools=POOLS[:1], cpu_pools=(*CPU_POOLS, WEB))
    rolled = EndpointSpec.model_validate(INSIDE.model_dump(exclude={"rollout"}))
    spec = small_spec(cloud, training=training, cluster=ClusterSpec(engines=()), endpoints=(rolled,))
    spec = as_released(spec, (cloud,)).on(cloud)
    assert not isinstance(spec.endpoints[0].rollout, AllAtOnce)
    pods = _numbers(layer_pods(_steps(layer_items(layer_context(spec, cloud)))))
    assert _numbers((*layer_pods_of(spec), *BARE[cloud])) == pods
    assert "argo-rollouts" in {who for who, *_ in pods}


def _found(spec: PlatformSpec, cloud: str) -> list[str]:
    return [str(each) for each in discovery.backend(cloud).problems(spec.on(cloud)) if "system_pool" in str(each)]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_system_pool_that_does_not_hold_the_layer_is_refused(cloud: str) -> None:
    layer = ClusterSpec(engines=("trainer", "ray"), addons=("argo-workflows", "cert-manager", "external-secrets"))
    changes = {"cluster": layer, "tracking": TrackingSpec()}
    one = TrainingSpec(system_pool=SystemPoolSpec(min_nodes=1, max_nodes=1), cpu_pools=CPU_POOLS)
    (found,) = _found(small_spec(cloud, training=one, **changes), cloud)
    assert "One that finds no node waits for ever" in found
    assert "max_nodes=1, vcpus=4" in found
    assert "raise max_nodes" in found
    assert _found(small_spec(cloud, **changes), cloud) == [], "the default holds it"
