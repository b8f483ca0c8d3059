"""Runs as pipeline jobs of a machine learning workspace, as the door starts, finds and stops them.

https://learn.microsoft.com/rest/api/azureml/jobs
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import quote, urlencode

from mlplatform.services.azure_api import AzureApi, AzureRefused
from mlplatform.steps.door.ports import FoundRun, RunState, StartRefused
from mlplatform.steps.door.rules import PipelineRules, Value, text_of

_API = "2025-12-01"
_MANAGEMENT = "https://management.azure.com"
_STATES: Mapping[str, RunState] = {"Completed": "succeeded", "Failed": "failed", "Canceled": "stopped"}
"""Every other status is one of a run that is going: https://learn.microsoft.com/rest/api/azureml/jobs/get#jobstatus"""

_LATELY = timedelta(days=3)
_MOST_PAGES = 40
_FOR_GOOD = frozenset({400, 404, 413, 422})


class WorkspaceJobs:
    """Pipeline jobs. A job is sent under the run's id: the service runs an id once."""

    def __init__(self, api: AzureApi, requests: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._api, self._requests, self._now = api, requests, now

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The runs with the pipeline's tag. The service lists the newest first: it is asked until a page has none that
        can be going or has ended lately."""
        oldest = self._now() - rules.longest - _LATELY
        found: list[FoundRun] = []
        for page in self._pages(rules):
            runs = [_found(each) for each in page]
            found += [run for run in runs if run.started > oldest or run.state == "going"]
            if runs and all(run.started <= oldest and run.state != "going" for run in runs):
                break
        return found

    def _pages(self, rules: PipelineRules) -> Iterator[Sequence[Mapping[str, object]]]:
        asked = {"api-version": _API, "jobType": "Pipeline", "listViewType": "ActiveOnly", "tag": tag_of(rules.name)}
        url = f"{_MANAGEMENT}{rules.start['jobs']}?{urlencode(asked)}"
        for _ in range(_MOST_PAGES):
            answer = self._api.call("management", "GET", url).json()
            yield cast("Sequence[Mapping[str, object]]", answer.get("value", ()))
            url = str(answer.get("nextLink") or "")
            if not url:
                return
            if not url.startswith(f"{_MANAGEMENT}/"):
                raise RuntimeError(f"the list of runs goes on at {url[:80]}, which is not the service")
        raise RuntimeError(f"more than {_MOST_PAGES} pages of runs: archive old ones")

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Send the run, unless it is there: a second sending would change its tags."""
        url = self._job(rules, run)
        if self._api.call("management", "GET", url, allowed=(404,)).status != 404:
            return
        body = with_values(json.loads(self._requests[rules.name]), parameters)
        try:
            self._api.call(
                "management", "PUT", url, json.dumps(body).encode(), headers={"Content-Type": "application/json"}
            )
        except AzureRefused as error:
            if error.status in _FOR_GOOD:
                raise StartRefused(str(error)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Cancel a run; one that has ended refuses that."""
        url = self._job(rules, run.run, "/cancel")
        self._api.call("management", "POST", url, b"", allowed=(400, 404, 409))

    def _job(self, rules: PipelineRules, run: str, action: str = "") -> str:
        return f"{_MANAGEMENT}{rules.start['jobs']}/{quote(run, safe='')}{action}?api-version={_API}"


def tag_of(pipeline: str) -> str:
    """Key of the tag that a pipeline's runs have, whoever starts them: the service lists runs by it."""
    return f"pipeline-{pipeline}"


def with_values(body: dict[str, object], parameters: Mapping[str, Value]) -> dict[str, object]:
    """The request with other values of parameters.

    Raises:
        StartRefused: the request has no parameter of that name.
    """
    inputs = cast("dict[str, dict[str, object]]", cast("dict[str, object]", body["properties"])["inputs"])
    for name, value in parameters.items():
        if inputs.get(name, {}).get("jobInputType") != "literal":
            raise StartRefused(f"the pipeline has no parameter {name}")
        inputs[name]["value"] = _text(value)
    return body


def _text(value: Value) -> str:
    """A value as every engine hands it on, within the single quotes that its command has."""
    return text_of(value).replace("'", "'\\''")


def _found(job: Mapping[str, object]) -> FoundRun:
    properties = cast("Mapping[str, object]", job["properties"])
    created = cast("Mapping[str, object]", job["systemData"])["createdAt"]
    return FoundRun(
        run=str(job["name"]),
        handle=str(job["id"]),
        state=_STATES.get(str(properties.get("status")), "going"),
        started=_time(str(created)),
    )


_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")


def _time(text: str) -> datetime:
    """A moment: the service writes seven digits of a second, which Python does not read."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no moment")
    zone = "+00:00" if found[2] in (None, "Z") else found[2]
    return datetime.fromisoformat(found[1] + zone).astimezone(UTC)
