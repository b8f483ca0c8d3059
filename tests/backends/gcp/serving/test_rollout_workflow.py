"""The rollout workflow, carried through: canary, blue-green, rollback, overtaking, and what it leaves alone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mlplatform.backends.gcp.serving.rollout_workflow import SOURCE
from mlplatform.components.labels import ROLLOUT_ANNOTATION

from .workflow import Workflow

ROLLOUT = "rollout@acme.iam.gserviceaccount.com"
NAME = "projects/acme/locations/us-central1/services/fraud"
LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"


class CloudRun:
    """One service with its revisions, and metrics that turn bad at a share of the traffic or at some minute."""

    def __init__(self, steps: list[int], traffic: list[dict[str, Any]], revisions: list[str]) -> None:
        policy = {"steps": steps, "bake_minutes": 2, "error_rate_percent": 2.0, "latency_p99_ms": 500}
        self.annotations = {ROLLOUT_ANNOTATION: json.dumps(policy)}
        self.traffic = traffic
        self.revisions = revisions
        self.ready = revisions[-1]
        self.moves: list[dict[str, int]] = []
        self.minutes = 0
        self.questions: list[str] = []
        self.logged: list[dict[str, Any]] = []
        self.bad_from_percent = 101
        self.bad_from_minute = 10**9
        self.overtaken_at = 10**9
        self.requests_per_minute = 0.0

    def event(self, caller: str = "ci@acme.iam.gserviceaccount.com", **operation: bool) -> dict[str, Any]:
        return {
            "data": {
                "resource": {"labels": {"service_name": "fraud"}},
                "protoPayload": {"authenticationInfo": {"principalEmail": caller}},
                "operation": operation or {"last": True},
            }
        }

    def run(self, event: dict[str, Any] | None = None) -> str:
        api = "googleapis.run.v2.projects.locations.services."
        calls = {
            f"{api}get": self._get,
            f"{api}patch": self._patch,
            f"{api}revisions.list": self._list,
            f"{api}revisions.delete": self._delete,
            "http.post": self._post,
            "sys.sleep": self._sleep,
            "sys.log": self._log,
        }
        environment = {
            "GOOGLE_CLOUD_PROJECT_ID": "acme",
            "GOOGLE_CLOUD_LOCATION": "us-central1",
            "ROLLOUT_ACCOUNT": ROLLOUT,
        }
        return Workflow(SOURCE.read_text("utf-8"), environment, calls).run(event or self.event())

    def share(self, revision: str) -> int:
        return sum(t.get("percent", 0) for t in self.traffic if t.get("revision", self.revisions[-1]) == revision)

    def _get(self, name: str) -> dict[str, Any]:
        assert name == NAME
        full = f"{NAME}/revisions/"
        created = "fraud-newer" if self.minutes >= self.overtaken_at else self.revisions[-1]
        return {
            "annotations": self.annotations,
            "traffic": self.traffic,
            "latestReadyRevision": full + self.ready,
            "latestCreatedRevision": full + created,
        }

    def _patch(self, name: str, updateMask: str, body: dict[str, Any]) -> None:  # noqa: N803 - the API's name
        assert (name, updateMask) == (NAME, "traffic")
        assert sum(target["percent"] for target in body["traffic"]) == 100
        assert {target["revision"] for target in body["traffic"]} <= set(self.revisions)
        self.traffic = list(body["traffic"])
        self.moves.append({target["revision"]: target["percent"] for target in self.traffic})

    def _list(self, parent: str) -> dict[str, Any]:
        assert parent == NAME
        return {
            "revisions": [
                {"name": f"{NAME}/revisions/{name}", "createTime": str(at)} for at, name in enumerate(self.revisions, 1)
            ]
        }

    def _delete(self, name: str) -> None:
        revision = name.rsplit("/", 1)[1]
        assert self.share(revision) == 0, "a revision with traffic cannot be deleted"
        self.revisions.remove(revision)

    def _post(self, url: str, auth: dict[str, str], body: dict[str, str]) -> dict[str, Any]:
        assert url == "https://monitoring.googleapis.com/v1/projects/acme/location/global/prometheus/api/v1/query"
        assert auth == {"type": "OAuth2"}
        self.questions.append(body["query"])
        if body["query"].startswith("sum(increase("):
            window = int(body["query"].partition("[")[2].partition("m]")[0])
            answered = self.requests_per_minute * window
            return {"body": {"data": {"result": [{"value": [0, str(answered)]}] if answered else []}}}
        share = self.share(self.revisions[-1])
        bad = share >= self.bad_from_percent or self.minutes >= self.bad_from_minute
        return {"body": {"data": {"result": [{"value": [0, "7"]}] if bad else []}}}

    def _sleep(self, seconds: int) -> None:
        self.minutes += seconds // 60

    def _log(self, severity: str, json: dict[str, Any]) -> None:
        self.logged.append({"severity": severity, **json})


def canary(*steps: int, **policy: int) -> CloudRun:
    pinned = [{"type": REVISION, "revision": "fraud-1", "percent": 100}]
    run = CloudRun(list(steps), pinned, ["fraud-0", "fraud-1", "fraud-2"])
    run.annotations[ROLLOUT_ANNOTATION] = json.dumps({**json.loads(run.annotations[ROLLOUT_ANNOTATION]), **policy})
    return run


def blue_green() -> CloudRun:
    return CloudRun([], [{"type": LATEST, "percent": 100}], ["fraud-0", "fraud-1", "fraud-2"])


def test_a_good_canary_climbs_to_all_traffic_and_keeps_one_revision_to_go_back_to() -> None:
    run = canary(10, 50)
    assert run.run() == "rolled out fraud-2"
    assert run.moves == [{"fraud-1": 90, "fraud-2": 10}, {"fraud-1": 50, "fraud-2": 50}, {"fraud-2": 100}]
    # two minutes of watching and three for late metrics, at each of three shares
    assert run.minutes == 15
    assert run.revisions == ["fraud-1", "fraud-2"]
    assert not run.logged


@pytest.mark.parametrize("percent", [10, 50, 100])
def test_a_bad_canary_goes_back_and_says_so(percent: int) -> None:
    run = canary(10, 50)
    run.bad_from_percent = percent
    assert run.run() == "took back fraud-2"
    assert run.moves[-1] == {"fraud-1": 100}
    assert run.moves[-2]["fraud-2"] == percent
    assert run.logged[0]["severity"] == "ERROR"
    assert run.logged[0]["back_to"] == "fraud-1"
    assert run.revisions == ["fraud-0", "fraud-1", "fraud-2"]


def test_blue_green_is_only_watched() -> None:
    run = blue_green()
    assert run.run() == "rolled out fraud-2"
    assert run.moves == []
    assert run.minutes == 5
    assert run.revisions == ["fraud-0", "fraud-1", "fraud-2"]


def test_a_bad_blue_green_goes_back_to_the_newest_former_revision() -> None:
    run = blue_green()
    run.bad_from_minute = 3
    assert run.run() == "took back fraud-2"
    assert run.moves == [{"fraud-1": 100}]


def test_an_endpoint_that_was_blue_green_ends_its_first_canary_with_all_traffic() -> None:
    run = CloudRun([20], [{"type": LATEST, "percent": 100}], ["fraud-1", "fraud-2"])
    assert run.run() == "rolled out fraud-2"
    assert run.moves[-1] == {"fraud-2": 100}


def test_a_newer_revision_takes_over_without_a_fight() -> None:
    run = canary(10, 50)
    run.overtaken_at = 7
    assert run.run() == "a newer revision takes over"
    assert run.moves == [{"fraud-1": 90, "fraud-2": 10}, {"fraud-1": 50, "fraud-2": 50}]
    assert not run.logged


def test_a_rollout_over_a_half_done_one_starts_from_the_revision_with_most_traffic() -> None:
    half = [
        {"type": REVISION, "revision": "fraud-0", "percent": 90},
        {"type": REVISION, "revision": "fraud-1", "percent": 10},
    ]
    run = CloudRun([10], half, ["fraud-0", "fraud-1", "fraud-2"])
    run.bad_from_percent = 10
    run.run()
    assert run.moves[-1] == {"fraud-0": 100}


def test_what_it_leaves_alone() -> None:
    own = canary(10)
    assert own.run(own.event(ROLLOUT)) == "nothing to roll out"
    begun = canary(10)
    assert begun.run(begun.event(first=True)) == "nothing to roll out"
    strange = canary(10)
    strange.annotations = {}
    assert strange.run() == "no rollout asked for"
    broken = canary(10)
    broken.ready = "fraud-1"
    assert broken.run().startswith("the new revision never became ready")
    only = CloudRun([10], [{"type": REVISION, "revision": "fraud-2", "percent": 100}], ["fraud-2"])
    assert only.run() == "nothing to go back to"
    for run in (own, begun, strange, broken, only):
        assert run.moves == []


def test_the_new_revision_alone_is_judged_by_the_alarms_thresholds() -> None:
    run = canary(10)
    run.run()
    question = run.questions[0]
    assert set(re.findall(r'revision_name="([^"]*)"', question)) == {"fraud-2"}
    assert set(re.findall(r'service_name="([^"]*)"', question)) == {"fraud"}
    assert "> 2.0" in question
    assert "> 500" in question
    assert question.count("(") == question.count(")")


def test_an_idle_canary_is_watched_longer_and_then_taken_back() -> None:
    run = canary(10, least_requests=100)
    assert run.run() == "took back fraud-2"
    assert run.traffic == [{"type": REVISION, "revision": "fraud-1", "percent": 100}]
    assert run.minutes == 4 * (2 + 3)
    assert "idle" in run.logged[0]["message"]


@pytest.mark.parametrize(("rate", "minutes"), [(1000.0, 5), (10.0, 10)])
def test_a_canary_counts_as_good_once_it_has_answered_enough(rate: float, minutes: int) -> None:
    run = canary(10, least_requests=100)
    run.requests_per_minute = rate
    assert run.run() == "rolled out fraud-2"
    # one step of a share, then all traffic
    assert run.minutes == 2 * minutes


def test_a_failing_canary_is_taken_back_however_few_its_requests() -> None:
    run = canary(10, least_requests=100)
    run.requests_per_minute = 1.0
    run.bad_from_minute = 7
    assert run.run() == "took back fraud-2"
    assert run.minutes == 7
