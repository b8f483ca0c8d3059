"""Runs of Argo Workflows in the training cluster, as the starter makes them from the templates of the layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote, urlencode

from mlplatform.services.kubernetes_api import MERGE, KubernetesApi, KubernetesRefused
from mlplatform.spec.pipeline_parameters import value_text
from mlplatform.steps.door.ledger import moment
from mlplatform.steps.door.ports import FoundRun, RunState, StartRefused
from mlplatform.steps.door.rules import Value

_PAGE = 100
_MOST_PAGES = 50
_FOR_GOOD = frozenset({400, 413, 422})
_ENDED: Mapping[str, RunState] = {"Succeeded": "succeeded", "Failed": "failed", "Error": "failed"}
"""https://github.com/argoproj/argo-workflows/blob/v4.0.6/pkg/apis/workflow/v1alpha1/workflow_phase.go: any other phase,
or none, is that of a run that is going"""

_STOP = "Stop"
"""How a run is stopped, https://argo-workflows.readthedocs.io/en/latest/walk-through/stopping-and-terminating-workflows/"""


class ArgoEngine:
    """Argo's runs in one namespace.

    Args:
        api: the API server.
        namespace: of the templates and their runs.
    """

    def __init__(self, api: KubernetesApi, namespace: str) -> None:
        self._api, self._namespace = api, namespace
        self._path = f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/workflows"

    def runs(self, pipeline: str) -> Sequence[FoundRun]:
        """The runs of a template, whoever started them: no label says that of a run that `kubectl` made."""
        return tuple(
            _found(each)
            for each in self._all()
            if _part(_part(each.get("spec")).get("workflowTemplateRef")).get("name") == pipeline
        )

    def start(self, pipeline: str, run: str, parameters: Mapping[str, Value]) -> None:
        """Make a run of its template; nothing where there is one of that name.

        Raises:
            StartRefused: the API server refuses it as it is.
        """
        given = [{"name": name, "value": value_text(value)} for name, value in sorted(parameters.items())]
        body = {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Workflow",
            "metadata": {
                "name": run,
                "namespace": self._namespace,
                # as `argo submit --from` writes it
                "labels": {"workflows.argoproj.io/workflow-template": pipeline},
            },
            "spec": {
                "workflowTemplateRef": {"name": pipeline},
                **({"arguments": {"parameters": given}} if given else {}),
            },
        }
        try:
            # 409: there is one of that name
            self._api.call("POST", self._path, body, allowed=(409,))
        except KubernetesRefused as refused:
            if refused.status in _FOR_GOOD:
                raise StartRefused(str(refused)) from None
            raise

    def stop(self, pipeline: str, handle: str) -> None:
        """Stop a run; nothing where it is gone."""
        del pipeline
        body = {"spec": {"shutdown": _STOP}}
        self._api.call("PATCH", f"{self._path}/{quote(handle, safe='')}", body, kind=MERGE, allowed=(404,))

    def _all(self) -> Iterator[Mapping[str, object]]:
        token = ""
        for _ in range(_MOST_PAGES):
            asked = {"limit": str(_PAGE), **({"continue": token} if token else {})}
            answer = self._api.call("GET", f"{self._path}?{urlencode(asked)}").json()
            yield from cast("Sequence[Mapping[str, object]]", answer.get("items") or ())
            token = str(_part(answer.get("metadata")).get("continue") or "")
            if not token:
                return
        raise RuntimeError(f"more than {_MOST_PAGES * _PAGE} workflows in the namespace {self._namespace}: delete some")


def _found(workflow: Mapping[str, object]) -> FoundRun:
    metadata, status = _part(workflow["metadata"]), _part(workflow.get("status"))
    name = str(metadata["name"])
    state = _ENDED.get(str(status.get("phase") or ""), "going")
    if state == "failed" and _part(workflow.get("spec")).get("shutdown"):
        state = "stopped"
    return FoundRun(run=name, handle=name, state=state, started=moment(str(metadata["creationTimestamp"])))


def _part(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
