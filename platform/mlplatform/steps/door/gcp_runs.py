"""Runs of Vertex AI Pipelines, as the door starts, finds and stops them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from mlplatform.services.gcp_api import GoogleApi, GoogleRefused
from mlplatform.services.gcp_texts import object_url, split_address
from mlplatform.steps.door.ledger import moment, time_text
from mlplatform.steps.door.ports import FoundRun, RunState, StartRefused
from mlplatform.steps.door.rules import PipelineRules, Value, text_of

_MOST = 100
_RUN_ID = re.compile(r"[a-z][a-z0-9-]{0,126}")
"""https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs/create (2026-11)"""
_LONGEST_RUN = timedelta(days=29)
"""Runs that were created earlier have ended: `timeout_hours` is at most 28 days."""
_STATES: Mapping[str, RunState] = {
    "PIPELINE_STATE_SUCCEEDED": "succeeded",
    "PIPELINE_STATE_FAILED": "failed",
    "PIPELINE_STATE_CANCELLED": "stopped",
}
"""Of runs that have ended, https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/PipelineState (2026-11)"""


class VertexRunner:
    """Vertex AI Pipelines.

    Args:
        api: Google's services.
        now: the time.
    """

    def __init__(self, api: GoogleApi, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._api, self._now = api, now

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs, whoever started them: by the name in their definition."""
        return tuple(self._runs(rules))

    def _runs(self, rules: PipelineRules) -> Iterator[FoundRun]:
        since = time_text(self._now() - _LONGEST_RUN)
        asked = {
            "filter": f'pipeline_name="{rules.name}" AND create_time>"{since}"',
            "orderBy": "create_time desc",
            "pageSize": str(_MOST),
            "readMask": "name,state,createTime",
        }
        token = ""
        while True:
            more = {"pageToken": token} if token else {}
            answer = self._api.call("GET", f"{_runs_url(rules)}?{urlencode({**asked, **more})}").json()
            for each in cast("list[dict[str, str]]", answer.get("pipelineJobs", [])):
                yield FoundRun(
                    run=each["name"].rpartition("/")[2],
                    handle=each["name"],
                    # whatever has no end, or a state that is not known here, may still cost money
                    state=_STATES.get(each.get("state", ""), "going"),
                    started=moment(each["createTime"]),
                )
            token = str(answer.get("nextPageToken", ""))
            if not token:
                return

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run by its id; nothing where there is one of that id already.

        Raises:
            StartRefused: the definition is not the planned one, or the service refuses the request as it is.
        """
        if not _RUN_ID.fullmatch(run):
            raise StartRefused(f"{run}: no id of a run on Vertex AI")
        body = cast("dict[str, object]", json.loads(rules.start["run"]))
        body["pipelineSpec"] = self._definition(rules)
        if parameters:
            runtime = cast("dict[str, object]", body["runtimeConfig"])
            runtime["parameterValues"] = {name: text_of(value) for name, value in sorted(parameters.items())}
        url = f"{_runs_url(rules)}?{urlencode({'pipelineJobId': run})}"
        try:
            self._api.call("POST", url, body)
        except GoogleRefused as refused:
            if refused.status == 409 and refused.reason != "ABORTED":
                return
            # a key, an account or a network that is not ready yet is a failed precondition, with the same code
            if refused.status == 400 and refused.reason != "FAILED_PRECONDITION":
                raise StartRefused(str(refused)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run; nothing where it has ended."""
        url = f"{_host(rules)}{run.handle}:cancel"
        # a run that has ended is refused with 400
        self._api.call("POST", url, {}, allowed=(400, 404))

    def _definition(self, rules: PipelineRules) -> object:
        bucket, name = split_address(rules.start["definition"])
        content = self._api.call("GET", f"{object_url(bucket, name)}?alt=media").body
        if hashlib.sha256(content).hexdigest() != rules.start["digest"]:
            raise StartRefused(f"gs://{bucket}/{name} is not what `up` wrote: somebody changed it")
        return json.loads(content)


def _host(rules: PipelineRules) -> str:
    region = rules.start["parent"].rpartition("/")[2]
    return f"https://{region}-aiplatform.googleapis.com/v1/"


def _runs_url(rules: PipelineRules) -> str:
    return f"{_host(rules)}{rules.start['parent']}/pipelineJobs"
