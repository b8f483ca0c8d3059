"""An Airflow in memory: its answers to the starter, and what its scheduler and people do.

Held against Airflow 3.0.6, whose own server was asked the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from mlplatform.services.rest import HttpAnswer

URL = "https://airflow.acme.example"
USER, PASSWORD, TOKEN = "starter", "password-of-the-starter", "token-of-airflow"


class FakeAirflow:
    """The transport of `AirflowEngine`.

    Args:
        dag: the only DAG that it has.
        clock: the time.
    """

    def __init__(self, dag: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.dag, self.clock = dag, clock
        self.dag_runs: dict[str, dict[str, Any]] = {}
        self.refuses: Literal["for good", "for now", "no"] = "no"
        self.paused = False
        self.most = 100
        """Runs that it gives at once, whatever it is asked for."""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        split = urlsplit(url)
        if f"{split.scheme}://{split.netloc}" != URL:
            return HttpAnswer(0, b"no such host")
        given = json.loads(body) if body else {}
        if (method, split.path) == ("POST", "/auth/token"):
            known = given == {"username": USER, "password": PASSWORD}
            return _answer(201, {"access_token": TOKEN}) if known else _refused(401, "Invalid credentials")
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return _refused(401, "Invalid JWT token")
        asked = {key: values[0] for key, values in parse_qs(split.query).items()}
        match method, [unquote(each) for each in split.path.removeprefix("/api/v2/dags/").split("/")]:
            case _, [dag, *_] if dag != self.dag:
                return _refused(404, f"The DAG with dag_id: `{dag}` was not found")
            case "GET", [dag]:
                return _answer(200, {"dag_id": dag, "is_paused": self.paused})
            case "GET", [_, "dagRuns"]:
                return self._list(asked)
            case "POST", [_, "dagRuns"]:
                return self._make(given)
            case "PATCH", [_, "dagRuns", run]:
                return self._change(run, given)
            case _:
                return _refused(405, "Method Not Allowed")

    def _list(self, asked: Mapping[str, str]) -> HttpAnswer:
        assert asked["order_by"] == "-run_after"
        since = datetime.fromisoformat(asked["run_after_gte"])
        fitting = [each for each in self.dag_runs.values() if datetime.fromisoformat(each["run_after"]) >= since]
        fitting.sort(key=lambda each: each["run_after"], reverse=True)
        begin = int(asked["offset"])
        page = fitting[begin : begin + min(int(asked["limit"]), self.most)]
        return _answer(200, {"dag_runs": page, "total_entries": len(fitting)})

    def _make(self, given: Mapping[str, Any]) -> HttpAnswer:
        if self.refuses == "for now":
            return _refused(403, "Forbidden")
        unknown = set(given) - {"dag_run_id", "logical_date", "conf", "note"}
        if self.refuses == "for good" or unknown or "logical_date" not in given:
            return _refused(422, f"Extra inputs are not permitted, or a field is missing: {unknown}")
        if not all(isinstance(each, str) for each in given["conf"].values()):
            return _refused(400, "Invalid input for param: expected string")
        run = given["dag_run_id"]
        if run in self.dag_runs:
            return _refused(409, "Unique constraint violation")
        self._add(run, conf=given["conf"])
        return _answer(200, self.dag_runs[run])

    def _change(self, run: str, given: Mapping[str, Any]) -> HttpAnswer:
        if run not in self.dag_runs:
            return _refused(404, "The DagRun was not found")
        if set(given) - {"state", "note"} or given["state"] not in ("queued", "success", "failed"):
            return _refused(422, "Input should be 'queued', 'success' or 'failed'")
        self.dag_runs[run].update(given)
        return _answer(200, self.dag_runs[run])

    def _add(self, run: str, **more: object) -> None:
        now = self.clock().isoformat()
        self.dag_runs[run] = {
            "dag_run_id": run,
            "state": "queued",
            "queued_at": now,
            "start_date": None,
            "run_after": now,
            "conf": {},
            "note": None,
            **more,
        }

    # what the scheduler and people do

    def make_by_hand(self, name: str) -> None:
        """A run that somebody makes in Airflow itself."""
        self._add(name, by_hand=True)

    def end(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        """End what is going, as the scheduler does."""
        for run in self.dag_runs.values():
            if run["state"] in ("queued", "running"):
                run["state"] = "success" if state == "succeeded" else "failed"


def _answer(status: int, body: Mapping[str, object]) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(body).encode())


def _refused(status: int, detail: str) -> HttpAnswer:
    return _answer(status, {"detail": detail})
