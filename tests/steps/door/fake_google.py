"""Pub/Sub, Cloud Storage and Vertex AI Pipelines in memory, as their published descriptions say that they answer.

There is no emulator of Vertex AI, and Google's of Pub/Sub is a program in Java: `make prove ONE=google-door` holds each
request and each answer here against the services' own descriptions.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from mlplatform.services.rest import HttpAnswer

TOKEN = "token-of-the-door"
SUBSCRIPTION, DEAD = "projects/acme-ml/subscriptions/door", "projects/acme-ml/topics/door-dead"
TOPIC = "projects/acme-ml/topics/door"
PARENT = "projects/acme-ml/locations/us-central1"
BUCKET = "acme-ml-dev-definitions"
_HIDDEN = timedelta(seconds=280)

Json = dict[str, object]


class FakeGoogle:
    """The three services; it is the transport of `GoogleApi`.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.messages: dict[str, tuple[Json, datetime]] = {}
        self.dead: list[Json] = []
        self.objects: dict[str, tuple[bytes, int]] = {}
        self.jobs: dict[str, Json] = {}
        self.requests: list[tuple[str, str, object]] = []
        self.refusals: list[Callable[[str, str], HttpAnswer | None]] = []
        self.told_to_stop: list[str] = []
        self._numbers = 0

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        """HttpAnswer a request."""
        parts = urlsplit(url)
        if parts.netloc == "metadata.google.internal":
            assert headers["Metadata-Flavor"] == "Google"
            return _answer({"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})
        assert headers["Authorization"] == f"Bearer {TOKEN}"
        assert parts.scheme == "https"
        for refusal in tuple(self.refusals):
            if (answer := refusal(method, url)) is not None:
                return answer
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.requests.append((method, url, body))
        match parts.netloc:
            case "pubsub.googleapis.com":
                return self._pubsub(parts.path, cast("Json", json.loads(body or b"{}")))
            case "storage.googleapis.com":
                return self._storage(method, parts.path, asked, body or b"", headers)
            case "us-central1-aiplatform.googleapis.com":
                return self._vertex(method, parts.path, asked, cast("Json", json.loads(body or b"{}")))
            case _:
                raise AssertionError(url)

    def number(self) -> int:
        """Another number each time, as generations and ids are."""
        self._numbers += 1
        return 1_700_000_000_000_000 + self._numbers

    # Pub/Sub

    def publish(self, text: str = "", attributes: Mapping[str, str] | None = None) -> None:
        """Put a message into the door's topic."""
        message: Json = {"data": base64.b64encode(text.encode()).decode(), "messageId": str(self.number())}
        if attributes:
            message["attributes"] = dict(attributes)
        self.messages[f"ack-{self.number()}"] = (message, self.clock())

    def redeliver(self) -> None:
        """End the time for which messages are hidden that somebody received."""
        self.messages = {handle: (message, self.clock()) for handle, (message, _) in self.messages.items()}

    def _pubsub(self, path: str, body: Json) -> HttpAnswer:
        match path:
            case _ if path == f"/v1/{SUBSCRIPTION}:pull":
                now, found = self.clock(), list[Json]()
                for handle, (message, visible) in self.messages.items():
                    if visible <= now and len(found) < cast("int", body["maxMessages"]):
                        self.messages[handle] = (message, now + _HIDDEN)
                        found.append({"ackId": handle, "message": message})
                return _answer({"receivedMessages": found} if found else {})
            case _ if path == f"/v1/{SUBSCRIPTION}:acknowledge":
                for handle in cast("list[str]", body["ackIds"]):
                    self.messages.pop(handle, None)
                return _answer({})
            case _ if path == f"/v1/{TOPIC}:publish":
                for message in cast("list[Json]", body["messages"]):
                    self.messages[f"ack-{self.number()}"] = (message, self.clock())
                return _answer({"messageIds": [str(self.number())]})
            case _ if path == f"/v1/{DEAD}:publish":
                self.dead += cast("list[Json]", body["messages"])
                return _answer({"messageIds": [str(self.number())]})
            case _:
                return refused(404, f"no {path}")

    # Cloud Storage

    def _storage(
        self, method: str, path: str, asked: Mapping[str, str], body: bytes, headers: Mapping[str, str]
    ) -> HttpAnswer:
        if method == "GET" and (found := re.fullmatch(r"/storage/v1/b/([^/]+)/o", path)):
            return self._listed(found[1], asked)
        if method == "GET" and (found := re.fullmatch(r"/storage/v1/b/([^/]+)/o/([^/]+)", path)):
            there = self.objects.get(f"{found[1]}/{unquote(found[2])}")
            if there is None:
                return HttpAnswer(404, b"No such object")
            content, generation = there
            if "Range" in headers:
                start, _, end = headers["Range"].removeprefix("bytes=").partition("-")
                return HttpAnswer(206, content[int(start) : int(end) + 1])
            return HttpAnswer(200, content, {"x-goog-generation": str(generation)})
        if method == "POST" and (found := re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", path)):
            name, expected = f"{found[1]}/{asked['name']}", asked.get("ifGenerationMatch")
            if expected is not None and self.objects.get(name, (b"", 0))[1] != int(expected):
                return refused(412, "At least one of the pre-conditions you specified did not hold.")
            generation = self.number()
            self.objects[name] = (body, generation)
            return _answer({"bucket": found[1], "name": asked["name"], "generation": str(generation)})
        return refused(404, f"no {path}")

    def _listed(self, bucket: str, asked: Mapping[str, str]) -> HttpAnswer:
        """https://docs.cloud.google.com/storage/docs/json_api/v1/objects/list, a few at once."""
        names = sorted(each.removeprefix(f"{bucket}/") for each in self.objects if each.startswith(f"{bucket}/"))
        found = [each for each in names if each.startswith(asked["prefix"]) and each >= asked.get("pageToken", "")]
        listed: list[object] = [
            {"name": each, "size": str(len(self.objects[f"{bucket}/{each}"][0]))} for each in found[:2]
        ]
        return _answer({**({"items": listed} if listed else {}), **({"nextPageToken": found[2]} if found[2:] else {})})

    # Vertex AI

    def _vertex(self, method: str, path: str, asked: Mapping[str, str], body: Json) -> HttpAnswer:
        if path == f"/v1/{PARENT}/pipelineJobs" and method == "POST":
            name = f"{PARENT}/pipelineJobs/{asked['pipelineJobId']}"
            if name in self.jobs:
                return refused(409, f"{name} already exists.")
            specification = cast("Json", body["pipelineSpec"])
            info = cast("Json", specification["pipelineInfo"])
            self.jobs[name] = {**body, "name": name, "state": "PIPELINE_STATE_PENDING", "createTime": self._time()}
            self.jobs[name]["pipelineName"] = info["name"]
            return _answer({"name": name, "state": "PIPELINE_STATE_PENDING"})
        if path == f"/v1/{PARENT}/pipelineJobs" and method == "GET":
            return self._list(asked)
        if method == "POST" and path.endswith(":cancel"):
            name = path.removeprefix("/v1/").removesuffix(":cancel")
            job = self.jobs.get(name)
            if job is None:
                return refused(404, f"{name} not found")
            if "endTime" in job:
                return refused(400, "The job is in a terminal state.")
            job["state"] = "PIPELINE_STATE_CANCELLING"
            self.told_to_stop.append(name.rpartition("/")[2])
            return _answer({})
        return refused(404, f"no {path}")

    def _list(self, asked: Mapping[str, str]) -> HttpAnswer:
        found = re.fullmatch(r'pipeline_name="([^"]+)" AND create_time>"([^"]+)"', asked["filter"])
        assert found is not None, asked
        assert asked["orderBy"] == "create_time desc"
        fields = asked["readMask"].split(",")
        fitting = sorted(
            (
                job
                for job in self.jobs.values()
                if job["pipelineName"] == found[1] and str(job["createTime"]) > found[2]
            ),
            key=lambda job: str(job["createTime"]),
            reverse=True,
        )
        first, size = int(asked.get("pageToken", "0")), int(asked["pageSize"])
        page = [{field: job[field] for field in fields} for job in fitting[first : first + size]]
        more = {"nextPageToken": str(first + size)} if first + size < len(fitting) else {}
        return _answer({"pipelineJobs": page, **more} if page else {})

    def start_by_hand(self, run: str, pipeline: str) -> None:
        """Start a run as a person does in the console."""
        name = f"{PARENT}/pipelineJobs/{run}"
        self.jobs[name] = {
            "name": name,
            "state": "PIPELINE_STATE_RUNNING",
            "createTime": self._time(),
            "pipelineName": pipeline,
        }

    def end(self, run: str, state: str = "SUCCEEDED") -> None:
        """Let a run end."""
        self.jobs[f"{PARENT}/pipelineJobs/{run}"] |= {"state": f"PIPELINE_STATE_{state}", "endTime": self._time()}

    def _time(self) -> str:
        return self.clock().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _answer(body: Mapping[str, object]) -> HttpAnswer:
    return HttpAnswer(200, json.dumps(body).encode(), {"content-type": "application/json"})


_WORDS = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS"}


def refused(status: int, message: str, reason: str = "") -> HttpAnswer:
    """An answer that is no success."""
    return HttpAnswer(
        status,
        json.dumps(
            {"error": {"code": status, "message": message, "status": reason or _WORDS.get(status, "UNAVAILABLE")}}
        ).encode(),
    )
