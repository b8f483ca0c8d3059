"""Custom jobs of Vertex AI in memory; `make prove ONE=google-door` holds what is sent against the description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs, urlsplit

from mlplatform.services.rest import HttpAnswer

PARENT = "projects/123456789012/locations/us-central1"
RUN = f"{PARENT}/pipelineJobs/fraud-retrain-1"
THE_RUN = {
    "name": RUN,
    "serviceAccount": "acme-ml-dev-pipelines@acme-ml-dev.iam.gserviceaccount.com",
    "encryptionSpec": {"kmsKeyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/volumes"},
    "pscInterfaceConfig": {"networkAttachment": "projects/p/regions/us-central1/networkAttachments/pipelines"},
    "labels": {"pipeline": "fraud-retrain", "vertex-ai-pipelines-run-billing-id": "7"},
}
JOB = f"{PARENT}/customJobs/1"

Json = dict[str, object]


class FakeVertex:
    """One run, and the jobs that its steps send; it is the transport of `GoogleApi`.

    Args:
        states: what each look at a job finds; the last one stays. `None`: no answer.
    """

    def __init__(self, *states: str | None) -> None:
        self.states: list[str | None] = list(states)
        self.jobs: list[Json] = []
        self.cancelled: list[str] = []
        self.run: Json = dict(THE_RUN)
        self.talk: list[tuple[str, str, object, int, object]] = []

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        """Answer a request."""
        parts = urlsplit(url)
        if parts.netloc == "metadata.google.internal":
            return HttpAnswer(200, json.dumps({"access_token": "t", "expires_in": 3599}).encode())
        assert headers["Authorization"] == "Bearer t"
        assert parts.netloc == "us-central1-aiplatform.googleapis.com"
        sent = json.loads(body) if body else None
        status, answer = self._answer(method, parts.path.removeprefix("/v1/"), parse_qs(parts.query), sent)
        self.talk.append((method, url, sent, status, answer))
        return HttpAnswer(status, json.dumps(answer).encode() if answer is not None else b"")

    def _answer(self, method: str, path: str, asked: Mapping[str, list[str]], sent: object) -> tuple[int, Json | None]:
        match method, path:
            case "GET", _ if path == self.run["name"]:
                return 200, self.run
            case "GET", _ if path == f"{PARENT}/customJobs":
                (name,) = (each.partition('"')[2][:-1] for each in asked["filter"])
                return 200, {"customJobs": [job for job in self.jobs if job["displayName"] == name]}
            case "POST", _ if path == f"{PARENT}/customJobs":
                made = {**cast("Json", sent), "name": JOB, "state": "JOB_STATE_PENDING"}
                self.jobs.append(made)
                return 200, made
            case "GET", _ if path == JOB:
                state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
                if state is None:
                    return 403, {"error": {"code": 403, "message": "not now", "status": "PERMISSION_DENIED"}}
                error = {"error": {"code": 3, "message": "replica 1 exited with 7"}} if state.endswith("FAILED") else {}
                return 200, {**self.jobs[-1], "state": state, **error}
            case "POST", _ if path == f"{JOB}:cancel":
                self.cancelled.append(path)
                return 200, {}
            case _:
                raise AssertionError(f"{method} {path}")
