"""A Vertex AI of the tests' own: models with versions, one endpoint, its deployments and the split of its traffic.

It refuses what the API refuses: https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints
"""

# ruff: noqa: ANN401 - what an API takes is of any type
from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from mlplatform.backends.gcp.serving.vertex.workflow import SOURCE

from .workflow import Raised, Workflow

_AI = "googleapis.aiplatform.v1.projects.locations."


class Vertex:
    """The project with the endpoint that a plan declares."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {
            "GOOGLE_CLOUD_PROJECT_ID": "acme",
            "GOOGLE_CLOUD_LOCATION": "us-central1",
            "GOOGLE_CLOUD_WORKFLOW_ID": "chat-deploy",
            "GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID": "me",
            **environment,
        }
        self.name = self.environment["ENDPOINT"]
        self.endpoint: dict[str, Any] | None = {"name": self.name, "deployedModels": [], "trafficSplit": {}}
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.others: list[dict[str, Any]] = []
        self.moves: list[dict[str, int]] = []
        self.calls: list[str] = []
        self.minutes = 0
        self.logged: list[dict[str, Any]] = []
        self.records: dict[str, Any] = {}
        self.paused = False
        self.bad: Callable[[Mapping[str, int]], bool] = lambda _: False
        self.requests_per_minute = 100.0
        self.fails_with: dict[str, Any] | None = None

    @property
    def serving(self) -> dict[str, int]:
        """Deployed models with traffic."""
        split = (self.endpoint or {}).get("trafficSplit", {})
        return {id_: share for id_, share in split.items() if share}

    @property
    def deployed(self) -> list[str]:
        return [model["id"] for model in (self.endpoint or {}).get("deployedModels", [])]

    def run(self, **request: Any) -> Any:
        calls = {
            f"{_AI}endpoints.get": self._get_endpoint,
            f"{_AI}endpoints.patch": self._patch,
            f"{_AI}endpoints.deployModel": self._deploy,
            f"{_AI}endpoints.undeployModel": self._undeploy,
            f"{_AI}endpoints.mutateDeployedModel": self._mutate,
            f"{_AI}models.get": self._get_model,
            f"{_AI}models.upload": self._upload,
            f"{_AI}models.patch": self._patch_model,
            "googleapis.workflowexecutions.v1.projects.locations.workflows.executions.list": self._executions,
            "googleapis.cloudscheduler.v1.projects.locations.jobs.pause": self._pause,
            "http.get": self._get,
            "http.post": self._post,
            "http.patch": self._change_record,
            "sys.sleep": self._sleep,
            "sys.log": self._log,
        }
        return Workflow(SOURCE.read_text("utf-8"), self.environment, calls).run(request)

    def _refuse(self, code: int, message: str) -> Raised:
        return Raised({"code": code, "message": message, "tags": ["HttpError"]})

    def _found(self) -> dict[str, Any]:
        if self.endpoint is None:
            raise self._refuse(404, "endpoint not found")
        return self.endpoint

    def _get_endpoint(self, name: str, region: str) -> Any:
        assert (name, region) == (self.name, "us-central1")
        return copy.deepcopy(self._found())

    def _patch(self, name: str, region: str, updateMask: str, body: dict[str, Any]) -> Any:  # noqa: N803
        assert (name, region) == (self.name, "us-central1")
        assert set(body) == {updateMask}
        if updateMask == "trafficSplit":
            self._split(body["trafficSplit"])
        self._found()[updateMask] = body[updateMask]
        self.calls.append(f"patch {updateMask}")

    def _split(self, split: dict[str, int]) -> None:
        if set(split) - set(self.deployed):
            raise self._refuse(400, f"the split names models that are not deployed: {split}")
        if sum(split.values()) != 100 or not all(isinstance(share, int) for share in split.values()):
            raise self._refuse(400, f"the shares must add up to 100: {split}")
        self.moves.append({id_: share for id_, share in split.items() if share})

    def _deploy(self, endpoint: str, region: str, body: dict[str, Any], connector_params: dict[str, Any]) -> Any:
        assert (endpoint, region) == (self.name, "us-central1")
        assert connector_params["timeout"] > 7200, "the connector gives up before the deployment does"
        model, split = body["deployedModel"], dict(body["trafficSplit"])
        assert re.fullmatch("[0-9]{1,10}", model["id"])
        if model["id"] in self.deployed:
            raise self._refuse(409, "already deployed")
        assert self._get_model(model["model"], region), "no such version"
        if self.fails_with:
            raise Raised(self.fails_with)
        assert sum(split.values()) == 100
        assert split["0"] == (0 if self.deployed else 100)
        share = split.pop("0")
        found = self._found()
        found["deployedModels"].append(model)
        found["trafficSplit"] = {**split, model["id"]: share}
        found["privateServiceConnectConfig"] = {"pscAutomationConfigs": [{"ipAddress": "10.0.0.7"}]}
        self.calls.append(f"deploy {model['id']}")

    def _undeploy(self, endpoint: str, region: str, body: dict[str, Any], connector_params: dict[str, Any]) -> Any:
        assert (endpoint, region) == (self.name, "us-central1")
        del connector_params
        id_, found = body["deployedModelId"], self._found()
        others = [other for other in self.deployed if other != id_]
        split = body.get("trafficSplit")
        if found["trafficSplit"].get(id_) and others and not split:
            raise self._refuse(400, "it has traffic")
        found["deployedModels"] = [model for model in found["deployedModels"] if model["id"] != id_]
        if split:
            self._split(split)
        found["trafficSplit"] = split or {key: value for key, value in found["trafficSplit"].items() if key != id_}
        self.calls.append(f"undeploy {id_}")

    def _mutate(self, endpoint: str, region: str, body: dict[str, Any], connector_params: dict[str, Any]) -> Any:
        assert (endpoint, region) == (self.name, "us-central1")
        del connector_params
        assert not set(body["deployedModel"]["dedicatedResources"]) & {"machineSpec"}
        [model] = [model for model in self._found()["deployedModels"] if model["id"] == body["deployedModel"]["id"]]
        for path in body["updateMask"].split(","):
            key = path.removeprefix("dedicatedResources.")
            model["dedicatedResources"][key] = body["deployedModel"]["dedicatedResources"][key]
        self.calls.append(f"mutate {model['id']}")

    def _get_model(self, name: str, region: str) -> Any:
        assert region == "us-central1"
        base, _, of = name.partition("@")
        for version in reversed(self.versions.get(base, [])):
            if not of or of in (version["versionId"], *version["versionAliases"]):
                return copy.deepcopy(version)
        raise self._refuse(404, "model not found")

    def _upload(self, parent: str, region: str, body: dict[str, Any], connector_params: dict[str, Any]) -> Any:
        assert region == "us-central1"
        del connector_params
        name = body.get("parentModel") or f"{parent}/models/{body['modelId']}"
        assert bool(body.get("parentModel")) == (name in self.versions), "a second model of one id"
        assert re.fullmatch("[a-z][a-z0-9_-]{0,62}", name.rpartition("/")[2])
        versions = self.versions.setdefault(name, [])
        versions.append({**copy.deepcopy(body["model"]), "name": name, "versionId": str(len(versions) + 1)})
        self.calls.append(f"upload {versions[-1]['versionId']}")

    def _patch_model(self, name: str, region: str, updateMask: str, body: dict[str, Any]) -> Any:  # noqa: N803
        assert (updateMask, region) == ("labels", "us-central1")
        base, _, id_ = name.partition("@")
        [version] = [version for version in self.versions[base] if version["versionId"] == id_]
        version["labels"] = body["labels"]

    def _executions(self, parent: str, filter: str) -> Any:
        assert (parent, filter) == ("projects/acme/locations/us-central1/workflows/chat-deploy", 'state="ACTIVE"')
        executions = [{"name": f"{parent}/executions/me", "startTime": "100"}, *self.others]
        return {"executions": executions}

    def _pause(self, name: str) -> None:
        assert name == self.environment["STARTS"]
        self.paused = True

    def _get(self, url: str, auth: Any) -> Any:
        assert auth == {"type": "OAuth2"}
        if url not in self.records:
            raise self._refuse(404, "no such record")
        return {"body": self.records[url]}

    def _post(self, url: str, auth: Any, body: dict[str, Any]) -> Any:
        assert auth == {"type": "OAuth2"}
        if url.startswith("https://dns."):
            self.records[f"{url}/{body['name']}/{body['type']}"] = body
            return {"body": body}
        question = body["query"]
        assert "IDS" not in question
        assert "MINUTES" not in question
        if ">" not in question:
            return {"body": {"data": {"result": [{"value": [0, str(self.requests_per_minute * self.minutes)]}]}}}
        return {"body": {"data": {"result": [{}] if self.bad(self.serving) else []}}}

    def _change_record(self, url: str, auth: Any, body: dict[str, Any]) -> Any:
        assert auth == {"type": "OAuth2"}
        assert url in self.records
        self.records[url] = body

    def _sleep(self, seconds: int) -> None:
        self.minutes += 1
        if seconds == 30:
            self.others = []

    def _log(self, severity: str, json: dict[str, Any]) -> None:
        self.logged.append({"severity": severity, **json})
