"""Argo Workflows in memory: the API server's answers to the starter, and what Argo's controller makes of a run.

It refuses what an API server refuses: a run that does not fit the part of Argo's definition that is used, a second one
of a name, a body of another type than it is said to be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, cast
from urllib.parse import parse_qs, urlsplit

from mlplatform.services.rest import HttpAnswer

NAMESPACE = "pipelines"
PATH = f"/apis/argoproj.io/v1alpha1/namespaces/{NAMESPACE}/workflows"
TOKEN = "token-of-the-starter"


class FakeArgo:
    """The transport of `KubernetesApi`.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.workflows: dict[str, dict[str, Any]] = {}
        self.refuses: Literal["for good", "for now", "no"] = "no"
        self.away = False
        self.page = 500
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        split = urlsplit(url)
        self.asked.append((method, split.path))
        if self.away:
            return HttpAnswer(0, b"connection refused")
        if headers["Authorization"] != f"Bearer {TOKEN}":
            return _refused(401, "Unauthorized")
        if split.netloc != "10.0.0.1:443" or not split.path.startswith(PATH):
            return _refused(404, "the server could not find the requested resource")
        name = split.path[len(PATH) :].strip("/")
        if method == "GET":
            return self._list({key: values[0] for key, values in parse_qs(split.query).items()})
        if method == "POST":
            return self._make(json.loads(body or b""), headers)
        if method == "PATCH":
            return self._change(name, json.loads(body or b""), headers)
        return _refused(405, "method not allowed")

    def _list(self, asked: Mapping[str, str]) -> HttpAnswer:
        names = sorted(self.workflows)
        begin, size = int(asked.get("continue", "0")), min(int(asked["limit"]), self.page)
        more = str(begin + size) if begin + size < len(names) else ""
        items = [self.workflows[name] for name in names[begin : begin + size]]
        return _answer(200, {"kind": "WorkflowList", "metadata": {"continue": more}, "items": items})

    def _make(self, workflow: dict[str, Any], headers: Mapping[str, str]) -> HttpAnswer:
        assert headers["Content-Type"] == "application/json"
        if self.refuses == "for now":
            return _refused(403, "workflows.argoproj.io is forbidden")
        if wrong := _problem(workflow) or ("Workflow is invalid" if self.refuses == "for good" else ""):
            return _refused(422, wrong)
        name = workflow["metadata"]["name"]
        if name in self.workflows:
            return _refused(409, f'workflows.argoproj.io "{name}" already exists')
        workflow["metadata"]["creationTimestamp"] = f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"
        self.workflows[name] = workflow
        return _answer(201, workflow)

    def _change(self, name: str, change: dict[str, Any], headers: Mapping[str, str]) -> HttpAnswer:
        if headers["Content-Type"] != "application/merge-patch+json":
            return _refused(415, "the body of the request was in an unknown format")
        if name not in self.workflows:
            return _refused(404, f'workflows.argoproj.io "{name}" not found')
        self.workflows[name]["spec"].update(change["spec"])
        return _answer(200, self.workflows[name])

    # what the controller and people do

    def end(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        """End what is going, as the controller does."""
        for workflow in self.workflows.values():
            if "phase" not in workflow.get("status", {}):
                workflow["status"] = {"phase": "Succeeded" if state == "succeeded" else "Failed"}
                if state == "stopped":
                    workflow["spec"]["shutdown"] = "Stop"

    def make_by_hand(self, name: str, template: str) -> None:
        """A run that somebody makes with `kubectl`."""
        self.workflows[name] = {
            "metadata": {"name": name, "creationTimestamp": f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"},
            "spec": {"workflowTemplateRef": {"name": template}},
        }

    def values(self, name: str) -> dict[str, str]:
        """What a run was given."""
        given = cast("dict[str, Any]", self.workflows[name]["spec"].get("arguments", {})).get("parameters", ())
        return {each["name"]: each["value"] for each in given}


def _problem(workflow: Mapping[str, Any]) -> str:
    """Why the definition of a run does not take it; empty where it does.

    https://github.com/argoproj/argo-workflows/blob/v4.0.6/pkg/apis/workflow/v1alpha1/workflow_types.go
    """
    spec, name = workflow["spec"], workflow["metadata"]["name"]
    given = spec.get("arguments", {}).get("parameters", [])
    if (workflow["apiVersion"], workflow["kind"]) != ("argoproj.io/v1alpha1", "Workflow"):
        return "no such kind"
    if workflow["metadata"]["namespace"] != NAMESPACE or not re.fullmatch("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        return "metadata"
    if set(spec) - {"workflowTemplateRef", "arguments"} or set(spec["workflowTemplateRef"]) != {"name"}:
        return "unknown field"
    if any(set(each) != {"name", "value"} or not isinstance(each["value"], str) for each in given):
        return "spec.arguments.parameters: must be of type string"
    return ""


def _answer(status: int, body: Mapping[str, object]) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(body).encode())


def _refused(status: int, message: str) -> HttpAnswer:
    return _answer(status, {"kind": "Status", "status": "Failure", "message": message, "code": status})
