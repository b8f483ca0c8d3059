"""The rollout's logic app, run against an endpoint in memory: steps, bake, alarm, clean-up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplatform.backends.azure.serving.rollout_workflow import workflow_definition

from .logic_app import Endpoint, Run, Terminated

OURS = {"managed-by": "mlplatform"}
ALARMS = ("acme-errors", "acme-latency")


def workflow(
    endpoint: Endpoint, shares: dict[str, int], *, steps: tuple[int, ...] = (100,), bake: int = 2, **more: object
) -> Run:
    parameters = {
        "endpoint": "/subscriptions/x/onlineEndpoints/scorer",
        "body": {
            "location": "westus3",
            "identity": {},
            "tags": {"owner": "ml"},
            "properties": {"authMode": "AADToken", "publicNetworkAccess": "Disabled", "mirrorTraffic": {}},
        },
        "release": "r2",
        "traffic": json.dumps(shares),
        "wanted": [
            {"variant": name.partition("-")[0], "name": name, "weight": weight} for name, weight in shares.items()
        ],
        "keep": list(shares),
        "steps": list(steps),
        "bake": bake,
        "alerts": "/subscriptions/x/alerts",
        "identity": "/subscriptions/x/identity",
        **more,
    }
    definition = workflow_definition(alarm_names=ALARMS, api="2025-12-01", counted="busy" in more)
    assert set(definition["parameters"]) == set(parameters)  # type: ignore[call-overload]
    return Run(definition, parameters, endpoint)


def counted(endpoint: Endpoint, shares: dict[str, int], least: int, **more: object) -> Run:
    busy = f"AmlOnlineEndpointTrafficLog\n| where Requests >= {least}"
    return workflow(endpoint, shares, logs="2f1c", busy=busy, **more)  # type: ignore[arg-type]


def single() -> Endpoint:
    return Endpoint({"main-old": 100}, {"release": "r2"}, {"main-old": OURS, "main-new": OURS})


def test_a_canary_grows_step_by_step_and_the_old_deployment_goes() -> None:
    endpoint = single()
    workflow(endpoint, {"main-new": 100}, steps=(10, 50, 100), bake=3)
    assert endpoint.history == [
        {"main-new": 10, "main-old": 90},
        {"main-new": 50, "main-old": 50},
        {"main-new": 100},
    ]
    assert endpoint.minutes == 9
    assert list(endpoint.deployments) == ["main-new"]
    assert endpoint.tags == {"owner": "ml", "release": "r2"}


@pytest.mark.parametrize("minute", [1, 4])
def test_an_alarm_takes_the_release_back_and_it_is_not_tried_again(minute: int) -> None:
    endpoint = single()
    endpoint.alerts = lambda now: ["acme-latency"] if now >= minute else []
    with pytest.raises(Terminated, match="r2 was taken back: alarm"):
        workflow(endpoint, {"main-new": 100}, steps=(10, 100), bake=3)
    assert endpoint.traffic == {"main-old": 100}
    assert endpoint.tags["taken-back"] == "r2"
    assert set(endpoint.deployments) == {"main-old", "main-new"}
    before = list(endpoint.history)
    workflow(endpoint, {"main-new": 100}, steps=(10, 100), bake=3)
    assert endpoint.history == before


def test_alarms_of_others_take_nothing_back() -> None:
    endpoint = single()
    endpoint.alerts = lambda _: ["other-errors"]
    workflow(endpoint, {"main-new": 100})
    assert endpoint.traffic == {"main-new": 100}


def test_only_the_changed_variant_moves() -> None:
    endpoint = Endpoint(
        {"stable-a": 90, "canary-b": 10}, {"release": "r2"}, {"stable-a": OURS, "canary-b": OURS, "canary-c": OURS}
    )
    workflow(endpoint, {"stable-a": 90, "canary-c": 10}, steps=(50, 100))
    assert endpoint.history == [{"stable-a": 90, "canary-c": 5, "canary-b": 5}, {"stable-a": 90, "canary-c": 10}]
    assert set(endpoint.deployments) == {"stable-a", "canary-c"}


def test_a_pipelines_deployment_hands_over_and_stays() -> None:
    endpoint = Endpoint({"blue": 100}, {"release": "r2"}, {"blue": {}, "main-new": OURS})
    workflow(endpoint, {"main-new": 100}, steps=(10, 100))
    assert endpoint.traffic == {"main-new": 100}
    assert set(endpoint.deployments) == {"blue", "main-new"}


def test_a_newer_release_ends_an_older_rollout_without_deleting_anything() -> None:
    endpoint = single()

    def newer(minute: int) -> None:
        if minute == 1:
            endpoint.tags["release"] = "r3"

    endpoint.on_minute = newer
    workflow(endpoint, {"main-new": 100}, steps=(10, 100), bake=1)
    assert endpoint.history == [{"main-new": 10, "main-old": 90}]
    assert set(endpoint.deployments) == {"main-old", "main-new"}


def test_nothing_happens_before_the_release_is_marked() -> None:
    endpoint = single()
    endpoint.tags["release"] = "r1"
    workflow(endpoint, {"main-new": 100})
    assert endpoint.history == []
    assert len(endpoint.deployments) == 2


def test_where_traffic_is_right_only_leftovers_go() -> None:
    endpoint = Endpoint({"main-new": 100}, {"release": "r2"}, {"main-new": OURS, "shadow-old": OURS, "mine": {}})
    workflow(endpoint, {"main-new": 100}, keep=["main-new"])
    assert endpoint.history == []
    assert set(endpoint.deployments) == {"main-new", "mine"}


def test_an_idle_release_is_watched_longer_and_then_taken_back() -> None:
    endpoint = single()
    with pytest.raises(Terminated, match="r2 was taken back: too few requests"):
        counted(endpoint, {"main-new": 100}, 100, steps=(10, 100), bake=3)
    assert endpoint.history == [{"main-new": 10, "main-old": 90}, {"main-old": 100}]
    assert endpoint.minutes == 4 * 3
    assert endpoint.tags["taken-back"] == "r2"
    assert set(endpoint.deployments) == {"main-old", "main-new"}


@pytest.mark.parametrize(("rate", "minutes"), [(50, 3), (20, 5), (10, 10)])
def test_a_step_is_good_once_the_release_had_enough_requests(rate: int, minutes: int) -> None:
    endpoint = single()
    endpoint.per_minute = rate
    counted(endpoint, {"main-new": 100}, 100, steps=(10, 100), bake=3)
    assert endpoint.traffic == {"main-new": 100}
    # each step counts its own requests
    assert endpoint.minutes == 2 * minutes


def test_a_failing_release_is_taken_back_however_few_its_requests() -> None:
    endpoint = single()
    endpoint.per_minute = 1
    endpoint.alerts = lambda now: ["acme-errors"] if now >= 7 else []
    with pytest.raises(Terminated, match="r2 was taken back: alarm"):
        counted(endpoint, {"main-new": 100}, 100, steps=(10, 100), bake=3)
    assert endpoint.minutes == 7


def test_a_log_that_does_not_answer_has_no_requests() -> None:
    endpoint = single()
    endpoint.per_minute, endpoint.log_refuses = 1000, True

    def known_later(minute: int) -> None:
        endpoint.log_refuses = minute < 5

    endpoint.on_minute = known_later
    counted(endpoint, {"main-new": 100}, 100, steps=(100,), bake=3)
    assert endpoint.minutes == 5
    endpoint = single()
    endpoint.per_minute, endpoint.log_refuses = 1000, True
    with pytest.raises(Terminated, match="too few requests"):
        counted(endpoint, {"main-new": 100}, 100, steps=(100,), bake=3)


def test_every_moving_variant_needs_its_requests_and_the_others_none() -> None:
    endpoint = Endpoint(
        {"stable-a": 90, "canary-b": 10}, {"release": "r2"}, {"stable-a": OURS, "canary-b": OURS, "canary-c": OURS}
    )
    endpoint.per_minute = 50
    counted(endpoint, {"stable-a": 90, "canary-c": 10}, 100, steps=(50, 100), bake=1)
    assert endpoint.minutes == 2 * 2
    first = Endpoint({}, {"release": "r2"}, {"main-new": OURS})
    counted(first, {"main-new": 100}, 100, steps=(10, 100), bake=1)
    assert first.traffic == {"main-new": 100}
    assert first.minutes == 2


def test_nobody_is_asked_before_the_watch_ends() -> None:
    endpoint = single()
    endpoint.per_minute = 1000
    counted(endpoint, {"main-new": 100}, 100, steps=(100,), bake=3)
    assert endpoint.asked == 1


def test_the_longest_watch_ends_within_its_limits() -> None:
    counts = {
        name: _until(workflow_definition(alarm_names=ALARMS, api="x", counted=name))["count"] for name in (False, True)
    }
    assert counts[False] > 70
    assert counts[True] > 4 * 70


def _until(definition: Any) -> Any:  # noqa: ANN401 - a document
    walk = definition["actions"]["due"]["actions"]["walk"]["actions"]
    return walk["step"]["actions"]["bake"]["limit"]


def _names(actions: dict[str, Any]) -> list[str]:
    names: list[str] = []
    for name, action in actions.items():
        names.append(name)
        for branch in (action, action.get("else", {}), action.get("default", {}), *action.get("cases", {}).values()):
            names += _names(branch.get("actions", {}))
    return names


def test_action_names_are_unique_in_the_whole_workflow() -> None:
    names = _names(workflow_definition(alarm_names=ALARMS, api="x", counted=True)["actions"])  # type: ignore[arg-type]
    assert len(names) == len(set(names))
