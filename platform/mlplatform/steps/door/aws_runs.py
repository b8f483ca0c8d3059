"""Runs of SageMaker's pipelines, as the door starts, finds and stops them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol, cast

from mlplatform.services.aws_calls import Call, refusal
from mlplatform.steps.door.ports import FoundRun, RunState, StartRefused
from mlplatform.steps.door.rules import PipelineRules, Value

PIPELINE = "pipeline"
"""In `start` of the rules: the name of the pipeline."""

_LOOKS_BACK = timedelta(days=35)
"""Beyond the longest run, 28 days: whatever is going began since then."""

_STATES: Mapping[str, RunState] = {
    "Succeeded": "succeeded",
    "Failed": "failed",
    "CompletedWithFailures": "failed",
    "Stopped": "stopped",
}
"""PipelineExecutionStatus of the API; any other is of a run that has not ended."""

_AGAIN = frozenset(
    {
        "ConflictException",
        "InternalFailure",
        "InternalServerError",
        "RequestTimeout",
        "ResourceLimitExceeded",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
    }
)
"""Refusals that another attempt may not meet."""


class PipelineClient(Protocol):
    """What is used of boto3's client of SageMaker."""

    list_pipeline_executions: Call
    start_pipeline_execution: Call
    stop_pipeline_execution: Call
    describe_pipeline_execution: Call


class SageMakerRunner:
    """SageMaker Pipelines. A run has the door's id as its name, and a request token made of that: the service starts
    one run for each."""

    def __init__(self, client: PipelineClient, clock: _Clock) -> None:
        self._client, self._clock = client, clock

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs of the last weeks, whoever started them."""
        return [
            FoundRun(
                run=str(each.get("PipelineExecutionDisplayName") or _last(each)),
                handle=str(each["PipelineExecutionArn"]),
                state=_STATES.get(str(each.get("PipelineExecutionStatus")), "going"),
                started=cast("datetime", each["StartTime"]).astimezone(UTC),
            )
            for each in self._executions(rules.start[PIPELINE])
        ]

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run; nothing where there is one of that name."""
        name = rules.start[PIPELINE]
        # the service forgets a token after a while that it does not tell
        if any(each.get("PipelineExecutionDisplayName") == run for each in self._executions(name)):
            return
        try:
            self._client.start_pipeline_execution(
                PipelineName=name,
                PipelineExecutionDisplayName=run,
                ClientRequestToken=sha256(f"{name} {run}".encode()).hexdigest(),
                PipelineParameters=[
                    {"Name": key, "Value": value_text(value)} for key, value in sorted(parameters.items())
                ],
            )
        except Exception as error:
            code = refusal(error)
            if code and code not in _AGAIN:
                raise StartRefused(str(error)) from None
            raise

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run; nothing where it has ended."""
        del rules
        token = sha256(f"stop {run.handle}".encode()).hexdigest()
        try:
            self._client.stop_pipeline_execution(PipelineExecutionArn=run.handle, ClientRequestToken=token)
        except Exception:
            found = self._client.describe_pipeline_execution(PipelineExecutionArn=run.handle)
            if found.get("PipelineExecutionStatus") in (*_STATES, "Stopping"):
                return
            raise

    def _executions(self, name: str) -> Iterator[Mapping[str, object]]:
        more: dict[str, object] = {}
        while True:
            answer = self._client.list_pipeline_executions(
                PipelineName=name,
                CreatedAfter=self._clock() - _LOOKS_BACK,
                SortBy="CreationTime",
                SortOrder="Descending",
                MaxResults=100,
                **more,
            )
            yield from cast("Sequence[Mapping[str, object]]", answer.get("PipelineExecutionSummaries", ()))
            if not answer.get("NextToken"):
                return
            more = {"NextToken": answer["NextToken"]}


class _Clock(Protocol):
    def __call__(self) -> datetime: ...


def _last(execution: Mapping[str, object]) -> str:
    return str(execution["PipelineExecutionArn"]).rpartition("/")[2]


def value_text(value: Value) -> str:
    """A value as SageMaker takes it: text, whatever the parameter's type."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)
