"""The cases' stage on GCP: the door's own requests, answered by services in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.rest import HttpAnswer
from mlplatform.steps.door import gcp
from mlplatform.steps.door.ports import Ports
from mlplatform.steps.door.rules import DoorRules, Value

from .fake_google import BUCKET, DEAD, PARENT, SUBSCRIPTION, FakeGoogle, refused
from .stage import PIPELINE, DoorStage

DATA = "acme-ml-dev-data"
DEFINITION = json.dumps({"pipelineInfo": {"name": PIPELINE}}).encode()
NAME = f"definitions/{PIPELINE}/x.json"
RUN = {
    "displayName": PIPELINE,
    "serviceAccount": "acme-ml-dev-pipelines@acme-ml.iam.gserviceaccount.com",
    "runtimeConfig": {"gcsOutputDirectory": f"gs://acme-ml-dev-pipelines/{PIPELINE}/runs"},
}
ENVIRONMENT = {
    gcp.INBOX: SUBSCRIPTION,
    gcp.DEAD: DEAD,
    gcp.LEDGERS: f"gs://{BUCKET}/door/",
}
FROM: Mapping[str, str] = {
    "parent": PARENT,
    "definition": f"gs://{BUCKET}/{NAME}",
    "digest": hashlib.sha256(DEFINITION).hexdigest(),
    "run": json.dumps(RUN),
}
_ENDED = {"succeeded": "SUCCEEDED", "failed": "FAILED", "stopped": "CANCELLED"}


class GcpStage(DoorStage):
    """Pub/Sub, Cloud Storage and Vertex AI in memory."""

    folder = f"gs://{DATA}/claims/"
    start = FROM

    def __init__(self) -> None:
        super().__init__()
        self.google = FakeGoogle(lambda: self.now)
        self.google.objects[f"{BUCKET}/{NAME}"] = (DEFINITION, 1)

    def ports(self) -> Ports:
        return gcp.open_door(
            DoorRules("t", (self.pipeline,)),
            ENVIRONMENT,
            GoogleApi(self.google, sleep=lambda _: None),
            now=lambda: self.now,
        )

    def send(self, message: str) -> None:
        self.google.publish(message)

    def write_object(self, name: str, version: str = "1") -> None:
        about = {
            "eventType": "OBJECT_FINALIZE",
            "payloadFormat": "JSON_API_V1",
            "bucketId": DATA,
            "objectId": f"claims/{name}",
            "objectGeneration": version,
        }
        self.google.publish(json.dumps({"kind": "storage#object", "name": f"claims/{name}"}), about)

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        """All values of a definition are texts; the cases know them by their types."""
        return [
            (name.rpartition("/")[2], {each: self._typed(each, text) for each, text in _values(job).items()})
            for name, job in self.google.jobs.items()
            if job.get("serviceAccount")
        ]

    def _typed(self, name: str, text: str) -> Value:
        assert isinstance(text, str)
        return int(text) if self.pipeline.parameters[name] == "integer" else text

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        going = [name for name, job in self.google.jobs.items() if "endTime" not in job]
        for name in going[-1:]:
            self.google.end(name.rpartition("/")[2], _ENDED[state])

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        status = {"for good": 400, "for now": 503}

        def refusal(method: str, url: str) -> HttpAnswer | None:
            starts = method == "POST" and "/pipelineJobs?" in url
            return refused(status[how], "no") if starts else None

        self.google.refusals = [] if how == "no" else [refusal]

    def start_by_hand(self, name: str) -> None:
        self.google.start_by_hand(name, PIPELINE)

    def stopped(self) -> Sequence[str]:
        return self.google.told_to_stop

    def record(self) -> Sequence[Mapping[str, object]]:
        begin = f"{BUCKET}/door/{PIPELINE}/"
        return [json.loads(text) for name, (text, _) in sorted(self.google.objects.items()) if name.startswith(begin)]

    def dead(self) -> int:
        return len(self.google.dead)

    def waiting(self) -> int:
        return len(self.google.messages)

    def redeliver(self) -> None:
        self.google.redeliver()


def _values(job: Mapping[str, object]) -> dict[str, str]:
    return cast("dict[str, dict[str, str]]", job["runtimeConfig"]).get("parameterValues", {})
