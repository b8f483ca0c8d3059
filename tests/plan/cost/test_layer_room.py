"""What the layer takes of the system pool: said with the cost, from what charts and objects ask for."""

from __future__ import annotations

import pytest

from mlplatform.components.system_room import PodsAsked, SystemRoom
from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.estimate import estimate
from mlplatform.plan.cost.layer_pods import layer_pods
from mlplatform.plan.cost.system_pool import room_words
from mlplatform.plan.cost.usage import StorageUsage, Usage
from mlplatform.plan.inside import INSIDE, RELEASE
from mlplatform.plan.model import Plan, Step


def _step(token: str, inputs: dict[str, object], op: str = "create") -> Step:
    return Step(op, f"urn:pulumi:prod-aws::p::{token}::it", token, "it", True, inputs)


def _release(chart: str, **values: object) -> Step:
    return _step(RELEASE, {"chart": f"oci://mirror/{chart}", "values": values})


def _room(*asked: PodsAsked, nodes: float = 2, cpus: float = 2.8, gib: float = 11) -> SystemRoom:
    return SystemRoom(nodes=nodes, node_cpus=cpus, node_gib=gib, asked=asked)


def test_a_release_asks_for_what_its_values_say_and_else_for_what_its_chart_says() -> None:
    (kueue,) = layer_pods([_release("kueue", controllerManager={"replicas": 2})])
    assert (kueue.pods, kueue.cpus, kueue.memory_gib, kueue.unsaid) == (2, 0.5, 0.5, False)
    # a release keeps the CPUs of the chart where its values name memory alone
    resources = {"requests": {"memory": "2Gi"}}
    (more,) = layer_pods([_release("kueue", controllerManager={"manager": {"resources": resources}})])
    assert (more.pods, more.cpus, more.memory_gib) == (1, 0.5, 2)


def test_a_chart_that_names_no_requests_counts_as_nothing_and_is_named() -> None:
    pods = layer_pods([_release("cert-manager", replicaCount=2, resources={"requests": {"cpu": "1", "memory": "1Gi"}})])
    assert {each.who for each in pods if each.unsaid} == {"cert-manager-cainjector", "cert-manager-webhook"}
    words = room_words(_room(*pods))
    assert words.startswith("The layer's own pods ask the system pool for 2.0 CPUs and 2.0 GiB")
    assert "cert-manager-cainjector, cert-manager-webhook" in words


def test_what_is_switched_off_or_runs_on_other_nodes_is_not_counted() -> None:
    off = {"userScheduler": {"enabled": False}}
    assert {each.who for each in layer_pods([_release("jupyterhub", scheduling=off)])} == {"hub", "proxy"}
    assert layer_pods([_release("nvidia-device-plugin"), _release("a-chart-of-somebody-else")]) == ()
    assert layer_pods([_step(RELEASE, {"chart": "kueue"}, "delete")]) == ()
    body: dict[str, object] = {"spec": {"template": {"spec": {"containers": [{}]}}}}
    assert layer_pods([_step("kubernetes:apps/v1:Deployment", body, INSIDE)]) == (), "its release stands for it"
    assert [each.unsaid for each in layer_pods([_step("kubernetes:apps/v1:Deployment", body)])] == [True]


def test_daemons_of_every_node_take_their_part_of_each() -> None:
    pods = {each.who: each for each in layer_pods([_release("network-operator")])}
    assert pods["network-operator-node-feature-discovery-worker"].daemon
    assert not pods["network-operator"].daemon


@pytest.mark.parametrize(
    ("room", "filled"),
    [
        (_room(), 0),
        (_room(PodsAsked("a", 2, 1, 1)), 1),
        (_room(PodsAsked("a", 3, 1, 1)), 2),
        (_room(PodsAsked("a", 5, 1, 1)), None),
        (_room(PodsAsked("a", 1, 3, 1)), None),
        (_room(PodsAsked("a", 1, 1, 12)), None),
        (_room(PodsAsked("a", 1e15, 0.001, 0)), None),
        (_room(PodsAsked("a", 1e15, 0, 0)), None),
        (_room(PodsAsked("a", 100, 0, 0)), 0),
        # the small ones fill what the large ones leave
        (_room(PodsAsked("b", 2, 0.8, 1), PodsAsked("a", 2, 2, 1)), 2),
        (_room(PodsAsked("a", 1, 0.1, 0.1), cpus=-0.1), None),
    ],
)
def test_nodes_are_filled_one_after_the_other(room: SystemRoom, filled: int | None) -> None:
    assert room.filled == filled
    assert ("more than it has" in room_words(room)) == (filled is None)


DISKS = {"aws": "disk/gp3", "gcp": "disk/pd-balanced", "azure": "disk/P4"}


@pytest.mark.parametrize("cloud", DISKS)
def test_the_disks_of_notebooks_have_a_price(cloud: str) -> None:
    values = {"hub": {"db": {"pvc": {"storage": "10Gi"}}}, "singleuser": {"storage": {"capacity": "20Gi"}}}
    region = {"aws": "us-east-1", "gcp": "us-central1", "azure": "eastus"}[cloud]
    provider = Step("create", "urn:p", f"pulumi:providers:{cloud}", "p", True, {"region": region, "location": region})
    plan = Plan(cloud, cloud, f"prod-{cloud}", (provider, _release("jupyterhub", **values), _release("kueue")))
    usage = Usage(storage=StorageUsage(notebook_homes=Range(0, 5, 50)))
    found = estimate(plan, usage)
    assert not found.unpriced
    hub, homes = next(each for each in found.resources if each.type == RELEASE).lines
    assert {hub.sku, homes.sku} == {DISKS[cloud]}
    assert hub.monthly.certain
    assert hub.monthly.expected > 0
    # Azure sells disks by tier: a home of 20 GiB costs as much as the hub's of 10
    each = hub.monthly.expected * (1 if cloud == "azure" else 2)
    assert homes.monthly.expected == pytest.approx(5 * each)
    assert (homes.monthly.low, homes.monthly.high) == (0, pytest.approx(50 * each))
