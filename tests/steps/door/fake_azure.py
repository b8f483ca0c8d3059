"""Queues, blobs and jobs of Azure in memory, by what their published descriptions say of these requests.

https://learn.microsoft.com/rest/api/storageservices/get-messages, …/put-message, …/delete-message2, …/put-blob,
https://learn.microsoft.com/rest/api/azureml/jobs; the token's endpoint by
https://learn.microsoft.com/azure/container-apps/managed-identity
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from mlplatform.services.rest import HttpAnswer

QUEUES = "https://acmedoor.queue.core.windows.net"
BLOBS = "https://acmemain.blob.core.windows.net"
MANAGEMENT = "https://management.azure.com"
IDENTITY = "http://localhost:12356/msi/token"
SECRET, CLIENT = "s3cret", "11111111-2222-4333-8444-555555555555"
JOBS = (
    "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acme-rg/providers"
    "/Microsoft.MachineLearningServices/workspaces/acme/jobs"
)
ENDED = ("Completed", "Failed", "Canceled")
PAGE = 2


class Message:
    """A message of a queue."""

    def __init__(self, number: int, text: str) -> None:
        self.number, self.text = number, text
        self.receipt, self.times = "", 0
        self.visible: datetime | None = None


class FakeAzure:
    """What answers the door's requests.

    Args:
        now: the time.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.queues: dict[str, list[Message]] = {"door": [], "door-dead": []}
        self.blobs: dict[str, tuple[bytes, str]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.canceled: list[str] = []
        self.refuse: Literal["for good", "for now", "no"] = "no"
        self.lost = 0
        """So many answers of writes get lost: the request itself has arrived."""
        self._count = 0

    def number(self) -> int:
        self._count += 1
        return self._count

    def put(self, queue: str, text: str, *, encoded: bool = False) -> None:
        """A message from elsewhere."""
        self.queues[queue].append(Message(self.number(), base64.b64encode(text.encode()).decode() if encoded else text))

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        parts = urlsplit(url)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        host, path = f"{parts.scheme}://{parts.netloc}", unquote(parts.path)
        if url.startswith(IDENTITY):
            return self._token(asked, headers)
        audience = "management" if host == MANAGEMENT else "storage"
        if headers.get("Authorization") != f"Bearer token-for-{audience}":
            return HttpAnswer(401)
        if audience == "storage" and not {"x-ms-version", "x-ms-date"} <= headers.keys():
            return HttpAnswer(400, headers={"x-ms-error-code": "MissingRequiredHeader"})
        if host == QUEUES:
            answer = self._queue(method, path, asked, body or b"")
        elif host == BLOBS:
            answer = (
                self._list_blobs(path, asked)
                if asked.get("comp") == "list"
                else self._blob(method, path, body or b"", headers)
            )
        elif host == MANAGEMENT and asked.get("api-version") == "2025-12-01":
            answer = self._job(method, path, asked, body or b"")
        else:
            return HttpAnswer(400)
        if method != "GET" and self.lost and answer.status < 300:
            self.lost -= 1
            return HttpAnswer(0, b"connection reset")
        return answer

    def _token(self, asked: Mapping[str, str], headers: Mapping[str, str]) -> HttpAnswer:
        if headers.get("X-IDENTITY-HEADER") != SECRET or asked.get("client_id") != CLIENT:
            return HttpAnswer(400)
        audience = str(asked["resource"]).removeprefix("https://").partition(".")[0]
        until = int(self.now().timestamp()) + 3600
        return _json(200, {"access_token": f"token-for-{audience}", "expires_on": str(until), "token_type": "Bearer"})

    def _queue(self, method: str, path: str, asked: Mapping[str, str], body: bytes) -> HttpAnswer:
        _, queue, _, *rest = path.split("/")
        messages = self.queues[queue]
        match method, rest:
            case "GET", []:
                assert 1 <= int(asked["numofmessages"]) <= 32
                found = [each for each in messages if each.visible is None or each.visible <= self.now()]
                for each in found[: int(asked["numofmessages"])]:
                    each.times += 1
                    each.receipt = f"r+{self.number()}/="
                    each.visible = self.now() + timedelta(seconds=int(asked["visibilitytimeout"]))
                listed = "".join(map(_xml, found[: int(asked["numofmessages"])]))
                return HttpAnswer(
                    200,
                    f'<?xml version="1.0" encoding="utf-8"?><QueueMessagesList>{listed}</QueueMessagesList>'.encode(),
                )
            case "POST", []:
                text = re.fullmatch(r"<QueueMessage><MessageText>([^<]*)</MessageText></QueueMessage>", body.decode())
                if text is None or len(text[1]) > 64 * 1024 or asked.get("messagettl") != "-1":
                    return HttpAnswer(400)
                messages.append(Message(self.number(), text[1]))
                return HttpAnswer(201)
            case "DELETE", [identifier]:
                held = [each for each in messages if f"id-{each.number}" == identifier]
                if not held or held[0].receipt != asked["popreceipt"]:
                    return HttpAnswer(404, headers={"x-ms-error-code": "MessageNotFound"})
                messages.remove(held[0])
                return HttpAnswer(204)
            case _:
                return HttpAnswer(400)

    def _blob(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        held = self.blobs.get(path)
        if method == "GET" and held and "x-ms-range" in headers:
            start, _, end = headers["x-ms-range"].removeprefix("bytes=").partition("-")
            return HttpAnswer(206, held[0][int(start) : int(end) + 1])
        if method == "GET":
            return HttpAnswer(200, held[0], {"etag": held[1]}) if held else HttpAnswer(404)
        if method != "PUT" or headers.get("x-ms-blob-type") != "BlockBlob":
            return HttpAnswer(400)
        if headers.get("If-None-Match") == "*" and held:
            return HttpAnswer(409, headers={"x-ms-error-code": "BlobAlreadyExists"})
        if "If-Match" in headers and (held is None or held[1] != headers["If-Match"]):
            return HttpAnswer(412, headers={"x-ms-error-code": "ConditionNotMet"})
        tag = f'"0x{self.number():X}"'
        self.blobs[path] = (body, tag)
        return HttpAnswer(201, headers={"etag": tag})

    def _list_blobs(self, container: str, asked: Mapping[str, str]) -> HttpAnswer:
        """https://learn.microsoft.com/rest/api/storageservices/list-blobs, a few at once."""
        names = sorted(each.removeprefix(f"{container}/") for each in self.blobs if each.startswith(f"{container}/"))
        found = [each for each in names if each.startswith(asked["prefix"]) and each >= asked.get("marker", "")]
        sizes = {each: len(self.blobs[f"{container}/{each}"][0]) for each in found}
        listed = "".join(
            f"<Blob><Name>{escape(each)}</Name><Properties><Content-Length>{sizes[each]}</Content-Length></Properties>"
            "</Blob>"
            for each in found[:PAGE]
        )
        more = escape(found[PAGE]) if len(found) > PAGE else ""
        return HttpAnswer(
            200,
            "<?xml version='1.0' encoding='utf-8'?><EnumerationResults><Blobs>"
            f"{listed}</Blobs><NextMarker>{more}</NextMarker></EnumerationResults>".encode(),
        )

    def _job(self, method: str, path: str, asked: Mapping[str, str], body: bytes) -> HttpAnswer:
        if not path.startswith(JOBS):
            return HttpAnswer(404)
        name, _, action = path.removeprefix(JOBS).lstrip("/").partition("/")
        job = self.jobs.get(name)
        match method, name, action:
            case "GET", "", "":
                return self._list(asked)
            case "GET", _, "":
                return _json(200, job) if job else _json(404, {"error": {"code": "UserError", "message": "not found"}})
            case "PUT", _, "":
                return self._put(name, json.loads(body))
            case "POST", _, "cancel":
                if job is None:
                    return HttpAnswer(404)
                if job["properties"]["status"] in ENDED:
                    return _json(400, {"error": {"code": "UserError", "message": "the job has ended"}})
                self.canceled.append(name)
                job["properties"]["status"] = "CancelRequested"
                return HttpAnswer(202)
            case _:
                return HttpAnswer(405)

    def _list(self, asked: Mapping[str, str]) -> HttpAnswer:
        assert asked["jobType"] == "Pipeline"
        found = [job for job in reversed(self.jobs.values()) if asked["tag"] in job["properties"].get("tags", {})]
        at = int(asked.get("$skip", 0))
        more = f"{MANAGEMENT}{JOBS}?api-version=2025-12-01&jobType=Pipeline&tag={asked['tag']}&%24skip={at + PAGE}"
        return _json(200, {"value": found[at : at + PAGE], **({"nextLink": more} if at + PAGE < len(found) else {})})

    def _put(self, name: str, body: dict[str, Any]) -> HttpAnswer:
        if self.refuse == "for good":
            return _json(400, {"error": {"code": "UserError", "message": "no such component"}})
        if self.refuse == "for now":
            return _json(503, {"error": {"code": "ServiceError", "message": "try again"}})
        if name in self.jobs:
            self.jobs[name]["properties"]["tags"] = body["properties"].get("tags", {})
            return _json(200, self.jobs[name])
        self.sent.append((name, body))
        self.jobs[name] = {
            "id": f"{JOBS}/{name}",
            "name": name,
            "properties": {**body["properties"], "status": "NotStarted"},
            "systemData": {"createdAt": f"{self.now():%Y-%m-%dT%H:%M:%S}.1234567Z"},
        }
        return _json(201, self.jobs[name])


def _json(status: int, body: object) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(body).encode())


def _xml(message: Message) -> str:
    text = message.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f"<QueueMessage><MessageId>id-{message.number}</MessageId><PopReceipt>{message.receipt}</PopReceipt>"
        f"<DequeueCount>{message.times}</DequeueCount><MessageText>{text}</MessageText></QueueMessage>"
    )
