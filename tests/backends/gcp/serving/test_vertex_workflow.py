"""The workflow of an endpoint of Vertex AI, carried through: releases, canaries, what takes them back, and its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from .vertex_api import Vertex

ENDPOINT = "projects/acme/locations/us-central1/endpoints/250111832"
OTHER = "projects/acme/locations/us-central1/workflows/chat-deploy/executions/other"
GPU = "aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle"


def variant(id_: str, percent: int = 100, *, most: int = 4, role: str = "main") -> dict[str, Any]:
    return {
        "id": id_,
        "modelId": f"acme-chat-{role}",
        "model": {"displayName": f"acme-chat-{role}", "containerSpec": {"imageUri": "pkg.dev/vllm:1"}},
        "machineSpec": {"machineType": "a3-highgpu-8g"},
        "serviceAccount": "chat@acme",
        "percent": percent,
        "minReplicaCount": 1,
        "maxReplicaCount": most,
        "autoscalingMetricSpecs": [{"metricName": GPU, "target": 60}],
    }


def declare(*variants: dict[str, Any], zone: str = "", **policy: object) -> dict[str, str]:
    """The variables of the workflow."""
    whole = {
        "bad": "bad of IDS > 2",
        "count": "requests of IDS in MINUTES",
        "bake_minutes": 2,
        "least_requests": 0,
        "metrics_late_minutes": 6,
        "steps": [10, 50],
        "timeout": "60s",
        **policy,
    }
    names = [found["modelId"].rpartition("-")[2] for found in variants]
    return {
        "ENDPOINT": ENDPOINT,
        "HOST": "250111832-us-central1-1.prediction.p.vertexai.goog",
        "POLICY": json.dumps(whole),
        "STARTS": "projects/acme/locations/us-central1/jobs/chat-deploy",
        "VARIANTS": json.dumps(names),
        "ZONE": zone,
        **{f"VARIANT_{name}": json.dumps(found) for name, found in zip(names, variants, strict=True)},
    }


def served(*variants: dict[str, Any], **policy: object) -> Vertex:
    """An endpoint whose first release is deployed."""
    vertex = Vertex(declare(*variants, **policy))
    assert vertex.run().startswith("serves")
    vertex.moves.clear()
    vertex.calls.clear()
    return vertex


def release(vertex: Vertex, *variants: dict[str, Any], **policy: object) -> None:
    vertex.environment.update(declare(*variants, **policy))


def test_an_endpoint_that_waits_gets_nothing() -> None:
    vertex = Vertex(declare())
    assert vertex.run() == "no model is deployed"
    assert vertex.calls == []


def test_a_first_release_is_uploaded_and_gets_all_traffic() -> None:
    vertex = Vertex(declare(variant("11")))
    assert vertex.run() == 'serves {"11": 100}'
    assert vertex.serving == {"11": 100}
    assert vertex.calls == ["upload 1", "patch clientConnectionConfig", "deploy 11"]
    assert vertex.minutes == 0
    assert not vertex.logged


def test_the_second_start_finds_nothing_to_do() -> None:
    vertex = served(variant("11"))
    assert vertex.run().startswith("serves")
    assert vertex.calls == []


def test_a_canary_climbs_and_the_old_model_is_undeployed() -> None:
    vertex = served(variant("11"))
    release(vertex, variant("22"))
    assert vertex.run() == 'serves {"22": 100}'
    assert vertex.moves == [{"11": 90, "22": 10}, {"11": 50, "22": 50}, {"22": 100}]
    assert vertex.calls[:2] == ["upload 2", "deploy 22"]
    assert vertex.calls[-1] == "undeploy 11"
    assert vertex.minutes == 3 * (2 + 6)


@pytest.mark.parametrize(("bake", "minutes"), [(2, 8), (0, 0)])
def test_without_steps_all_traffic_moves_at_once(bake: int, minutes: int) -> None:
    vertex = served(variant("11"), steps=[], bake_minutes=bake)
    release(vertex, variant("22"), steps=[], bake_minutes=bake)
    vertex.run()
    assert (vertex.moves, vertex.minutes) == ([{"22": 100}], minutes)
    assert vertex.deployed == ["22"]


@pytest.mark.parametrize("from_percent", [10, 50, 100])
def test_a_bad_model_is_taken_back_and_not_tried_again(from_percent: int) -> None:
    vertex = served(variant("11"))
    vertex.bad = lambda split: split.get("22", 0) >= from_percent
    release(vertex, variant("22"))
    assert vertex.run() == "took back 22"
    assert (vertex.serving, vertex.deployed) == ({"11": 100}, ["11"])
    assert [line["severity"] for line in vertex.logged] == ["ERROR"]
    vertex.bad = lambda _: False
    vertex.calls.clear()
    assert vertex.run().startswith("was taken back before")
    assert vertex.calls == []
    # another release goes on, and so does the former one
    release(vertex, variant("11"))
    assert vertex.run() == 'serves {"11": 100}'
    release(vertex, variant("33"))
    assert vertex.run() == 'serves {"33": 100}'


def test_a_model_that_was_good_is_watched_again_when_it_comes_back() -> None:
    vertex = served(variant("11"))
    release(vertex, variant("22"))
    vertex.run()
    release(vertex, variant("11"))
    vertex.bad = lambda split: split.get("11", 0) > 0
    assert vertex.run() == "took back 11"
    assert vertex.serving == {"22": 100}


def test_no_capacity_is_tried_again_and_a_broken_server_is_not() -> None:
    vertex = served(variant("11"))
    release(vertex, variant("22"))
    vertex.fails_with = {"code": 429, "message": "quota"}
    assert vertex.run().startswith("no capacity")
    vertex.fails_with = {"tags": ["OperationError"], "operation": {"error": {"code": 8}}}
    assert vertex.run().startswith("no capacity")
    assert vertex.serving == {"11": 100}
    assert {line["severity"] for line in vertex.logged} == {"WARNING"}
    vertex.fails_with = {"tags": ["OperationError"], "operation": {"error": {"code": 9}}}
    assert vertex.run() == "took back 22"
    assert (vertex.serving, vertex.deployed) == ({"11": 100}, ["11"])
    vertex.fails_with = None
    assert vertex.run().startswith("was taken back before")


def test_an_execution_that_ended_half_way_is_finished_and_can_go_back() -> None:
    vertex = served(variant("11"))
    release(vertex, variant("22"))

    def crash(split: Mapping[str, int]) -> bool:
        raise RuntimeError(f"at {split}")

    vertex.bad = crash
    with pytest.raises(RuntimeError):
        vertex.run()
    assert vertex.serving == {"11": 90, "22": 10}
    vertex.bad = lambda _: True
    assert vertex.run() == "took back 22"
    assert (vertex.serving, vertex.deployed) == ({"11": 100}, ["11"])


def test_variants_share_the_traffic_and_one_of_them_is_released() -> None:
    stable, canary = variant("11", 90, role="stable"), variant("12", 10, role="canary")
    vertex = served(stable, canary)
    assert vertex.serving == {"11": 90, "12": 10}
    release(vertex, stable, variant("22", 10, role="canary"))
    vertex.run()
    assert vertex.serving == {"11": 90, "22": 10}
    assert all(sum(move.values()) == 100 for move in vertex.moves)
    assert "12" not in vertex.deployed


def test_another_split_of_good_variants_is_only_a_move() -> None:
    vertex = served(variant("11", 90, role="stable"), variant("12", 10, role="canary"))
    release(vertex, variant("11", 50, role="stable"), variant("12", 50, role="canary"))
    vertex.run()
    assert (vertex.moves, vertex.minutes) == ([{"11": 50, "12": 50}], 0)


def test_a_variant_without_traffic_is_deployed_once() -> None:
    vertex = served(variant("11", 100, role="stable"), variant("12", 0, role="idle"))
    vertex.run()
    assert (vertex.calls, vertex.deployed) == ([], ["11", "12"])


def test_bounds_change_in_place() -> None:
    vertex = served(variant("11"))
    release(vertex, variant("11", most=8))
    vertex.run()
    assert vertex.calls == ["mutate 11"]
    vertex.run()
    assert vertex.calls == ["mutate 11"]


def test_targets_change_in_place_beside_those_that_vertex_ai_adds() -> None:
    vertex = served(variant("11"))
    assert vertex.endpoint is not None
    resources = vertex.endpoint["deployedModels"][0]["dedicatedResources"]
    resources["autoscalingMetricSpecs"] = [{"metricName": "cpu"}, *resources["autoscalingMetricSpecs"]]
    vertex.run()
    assert vertex.calls == []
    other = variant("11")
    other["autoscalingMetricSpecs"] = [{"metricName": GPU, "target": 80}]
    release(vertex, other)
    vertex.run()
    assert vertex.calls == ["mutate 11"]


def test_a_quiet_model_is_taken_back_where_requests_are_asked_for() -> None:
    vertex = served(variant("11"))
    vertex.requests_per_minute = 0
    release(vertex, variant("22"), least_requests=100, steps=[10])
    assert vertex.run() == "took back 22"
    assert vertex.minutes == 4 * 8


def test_one_execution_works_at_a_time() -> None:
    vertex = Vertex(declare(variant("11")))
    vertex.others = [{"name": OTHER, "startTime": "50"}]
    assert vertex.run() == "another execution is at work"
    vertex.others = [{"name": OTHER, "startTime": "150"}]
    assert vertex.run().startswith("serves")


def test_undeploying_waits_for_its_turn_and_starts_no_more() -> None:
    vertex = served(variant("11", 90, role="stable"), variant("12", 10, role="canary"))
    vertex.others = [
        {"name": "projects/acme/locations/us-central1/workflows/chat-deploy/executions/a", "startTime": "5"}
    ]
    assert vertex.run(undeploy=True) == "no model is deployed"
    assert vertex.paused
    assert vertex.deployed == []


def test_an_endpoint_that_loses_its_model_is_emptied() -> None:
    vertex = served(variant("11"))
    release(vertex)
    assert vertex.run() == "no model is deployed"
    assert vertex.deployed == []


def test_before_the_endpoint_there_is_nothing_to_do() -> None:
    vertex = Vertex(declare(variant("11")))
    vertex.endpoint = None
    assert vertex.run() == "the endpoint does not exist"


def test_a_private_address_is_written_once_and_follows() -> None:
    vertex = Vertex(declare(variant("11"), zone="projects/acme/managedZones/vertex"))
    vertex.run()
    [(url, record)] = vertex.records.items()
    host = "250111832-us-central1-1.prediction.p.vertexai.goog."
    assert url == f"https://dns.googleapis.com/dns/v1/projects/acme/managedZones/vertex/rrsets/{host}/A"
    assert (record["name"], record["rrdatas"]) == (host, ["10.0.0.7"])
    assert vertex.endpoint is not None
    vertex.endpoint["privateServiceConnectConfig"] = {"pscAutomationConfigs": [{"ipAddress": "10.0.0.9"}]}
    vertex.run()
    assert vertex.records[url]["rrdatas"] == ["10.0.0.9"]
