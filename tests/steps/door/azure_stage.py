"""The cases' stage on Azure: the door's own requests, answered by services in memory."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from mlplatform.services.azure_api import AzureApi
from mlplatform.steps.door import azure, azure_runs
from mlplatform.steps.door.ports import Ports
from mlplatform.steps.door.rules import DoorRules, Value

from .fake_azure import BLOBS, CLIENT, ENDED, IDENTITY, JOBS, QUEUES, SECRET, FakeAzure
from .stage import PIPELINE, DoorStage

ACCOUNT = "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acme-rg/providers/Microsoft.Storage/"
DEFAULTS: dict[str, Value] = {"rounds": 200, "since": "2020-01-01"}
REQUEST: dict[str, Any] = {
    "properties": {
        "jobType": "Pipeline",
        "tags": {azure_runs.tag_of(PIPELINE): "fraud"},
        "inputs": {
            "Folder_ingest_claims": {"jobInputType": "uri_folder", "uri": "azureml://datastores/data/paths/claims/"},
            **{name: {"jobInputType": "literal", "value": str(value)} for name, value in DEFAULTS.items()},
        },
    }
}
ENVIRONMENT = {
    "IDENTITY_ENDPOINT": IDENTITY,
    "IDENTITY_HEADER": SECRET,
    "AZURE_CLIENT_ID": CLIENT,
    azure.INBOX: f"{QUEUES}/door",
    azure.DEAD: f"{QUEUES}/door-dead",
    azure.LEDGERS: f"{BLOBS}/pipelines/door",
    "MLPLATFORM_RUN_FRAUD_RETRAIN": json.dumps(REQUEST),
}
_ENDED = {"succeeded": "Completed", "failed": "Failed", "stopped": "Canceled"}


class AzureStage(DoorStage):
    """A storage queue, blobs and Azure ML in memory."""

    folder = "wasbs://data@acmemain.blob.core.windows.net/claims/"
    start: ClassVar[Mapping[str, str]] = {"jobs": JOBS, "request": "MLPLATFORM_RUN_FRAUD_RETRAIN"}

    def __init__(self) -> None:
        super().__init__()
        self.azure = FakeAzure(lambda: self.now)

    def ports(self) -> Ports:
        api = AzureApi(ENVIRONMENT, self.azure, sleep=lambda _: None, clock=lambda: self.now.timestamp())
        return azure.open_door(DoorRules("t", (self.pipeline,)), ENVIRONMENT, api, now=lambda: self.now)

    def send(self, message: str) -> None:
        self.azure.put("door", message)

    def write_object(self, name: str, version: str = "1") -> None:
        event = {
            "topic": f"{ACCOUNT}storageAccounts/acmemain",
            "subject": f"/blobServices/default/containers/data/blobs/claims/{name}",
            "eventType": "Microsoft.Storage.BlobCreated",
            "id": f"event-{self.azure.number()}",
            "data": {"api": "PutBlob", "eTag": version, "url": f"{BLOBS}/data/claims/{name}"},
        }
        self.azure.put("door", json.dumps(event), encoded=True)

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        return [(name, dict(self._changed(body))) for name, body in self.azure.sent if name != "by-hand"]

    def _changed(self, body: dict[str, Any]) -> Mapping[str, Value]:
        """Values that are not the defaults; all are texts there."""
        texts = {name: body["properties"]["inputs"][name]["value"] for name in DEFAULTS}
        kinds = self.pipeline.parameters
        return {
            name: int(text) if kinds[name] == "integer" else text
            for name, text in texts.items()
            if text != str(DEFAULTS[name])
        }

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        for job in self.azure.jobs.values():
            if job["properties"]["status"] not in ENDED:
                job["properties"]["status"] = _ENDED[state]

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        self.azure.refuse = how

    def start_by_hand(self, name: str) -> None:
        self.azure(
            "PUT",
            f"https://management.azure.com{JOBS}/{name}?api-version=2025-12-01",
            json.dumps(copy.deepcopy(REQUEST)).encode(),
            {"Authorization": "Bearer token-for-management"},
        )

    def stopped(self) -> Sequence[str]:
        return self.azure.canceled

    def record(self) -> Sequence[Mapping[str, object]]:
        lines = sorted((path, body) for path, (body, _) in self.azure.blobs.items() if f"/door/{PIPELINE}/" in path)
        return [json.loads(body) for _, body in lines]

    def dead(self) -> int:
        return len(self.azure.queues["door-dead"])

    def waiting(self) -> int:
        return len(self.azure.queues["door"])

    def redeliver(self) -> None:
        for message in self.azure.queues["door"]:
            message.visible = None
