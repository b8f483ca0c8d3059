"""The door's module for AWS, where moto plays no part: messages, refusals, pages. `make prove ONE=door-aws` plays the
cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from mlplatform.services.aws_texts import S3Texts
from mlplatform.services.stored_text import StoredText, WrittenMeanwhile
from mlplatform.steps.door.aws_inbox import SqsInbox
from mlplatform.steps.door.aws_runs import SageMakerRunner, value_text
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import Received, StartRefused
from mlplatform.steps.door.rules import PipelineRules

NOW = datetime(2026, 11, 3, 8, tzinfo=UTC)
RULES = PipelineRules(
    name="p", timeout_hours=6, cooldown_hours=8, max_runs_per_month=9, start={"pipeline": "acme-ml-dev-p"}
)


class Refused(Exception):
    """As boto3 raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


def _client(**answers: Callable[..., object]) -> Any:  # noqa: ANN401
    return SimpleNamespace(**answers)


def _refuse(code: str) -> Callable[..., object]:
    def call(**_: object) -> object:
        raise Refused(code)

    return call


def _received(body: object, sender: str = "AROAX:ana") -> Received:
    text = body if isinstance(body, str) else json.dumps(body)
    message = {"Body": text, "ReceiptHandle": "h", "Attributes": {"SenderId": sender}}
    (found,) = SqsInbox(_client(receive_message=lambda **_: {"Messages": [message]}), "q", "l").receive()
    return found


def _event(key: str, **more: object) -> dict[str, object]:
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}, "object": {"key": key, **more}}}  # fmt: skip  # noqa: E501


def test_events_of_the_store_are_objects_whose_names_are_as_they_are() -> None:
    assert _received(_event("claims/a+b%20c", **{"version-id": "v1"})).objects == (
        NewObject("s3://b/claims/a+b%20c", "v1"),
    )
    assert _received(_event("claims/x", sequencer="0F", etag="e")).objects == (NewObject("s3://b/claims/x", "0F"),)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "1", '{"source": "aws.s3"}', '{"detail": []}', "{" * 100_000])
def test_any_other_text_is_a_message_as_it_is(body: str) -> None:
    found = _received(body)
    assert (found.body, found.objects) == (body, ())


@pytest.mark.parametrize("part", ["detail", "bucket", "object", "key", "name"])
@pytest.mark.parametrize("value", [None, 1, [], "x", {}])
def test_an_event_of_another_form_tells_of_nothing(part: str, value: object) -> None:
    event: Any = _event("claims/x")
    holder = {"detail": event, "bucket": event["detail"], "object": event["detail"], "key": event["detail"]["object"]}
    holder.get(part, event["detail"]["bucket"])[part] = value
    found = _received(event)
    assert found.objects == () or value == "x"


def test_the_sender_is_the_session_of_the_role() -> None:
    assert _received("{}").sender == "ana"
    assert _received("{}", "AIDAUSER").sender == "AIDAUSER"


def test_a_buried_message_has_its_reason_and_is_deleted() -> None:
    sent: list[Mapping[str, Any]] = []
    deleted: list[Mapping[str, Any]] = []
    client = _client(send_message=lambda **p: sent.append(p), delete_message=lambda **p: deleted.append(p))
    SqsInbox(client, "q", "l").bury(Received(handle="h"), "line\nbreak")
    assert sent[0]["QueueUrl"] == "l"
    assert sent[0]["MessageBody"] == "{}", "SQS takes no empty one"
    assert sent[0]["MessageAttributes"]["reason"]["StringValue"] == "line break"
    assert deleted == [{"QueueUrl": "q", "ReceiptHandle": "h"}]


@pytest.mark.parametrize("code", ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"])
def test_a_ledger_that_somebody_else_wrote_is_not_replaced(code: str) -> None:
    with pytest.raises(WrittenMeanwhile):
        S3Texts(_client(put_object=_refuse(code)), "b", "door").write("p", "{}", "e")


def test_a_line_that_is_there_is_there_and_any_other_refusal_is_told() -> None:
    S3Texts(_client(put_object=_refuse("PreconditionFailed")), "b", "door").append("p", "x", "{}")
    with pytest.raises(Refused):
        S3Texts(_client(put_object=_refuse("AccessDenied")), "b", "door").append("p", "x", "{}")


def test_what_is_not_there_is_told_from_what_may_not_be_read() -> None:
    """Who may list one folder alone is refused what is not there, as what he may not read."""
    empty = S3Texts(_client(get_object=_refuse("AccessDenied"), list_objects_v2=lambda **_: {}), "b", "door")
    assert empty.read("p") == StoredText(None, "")
    there = {"Contents": [{"Key": "door/p.json"}]}
    hidden = S3Texts(_client(get_object=_refuse("AccessDenied"), list_objects_v2=lambda **_: there), "b", "door")
    with pytest.raises(Refused):
        hidden.read("p")
    body = {"Body": BytesIO(b"{}"), "ETag": '"e"'}
    assert S3Texts(_client(get_object=lambda **_: body), "b", "door").read("p") == StoredText("{}", '"e"')


def _execution(name: str, status: str) -> dict[str, object]:
    arn = f"arn:aws:sagemaker:us-east-1:1:pipeline/p/execution/{name}"
    return {"PipelineExecutionArn": arn, "PipelineExecutionDisplayName": name, "PipelineExecutionStatus": status, "StartTime": NOW}  # fmt: skip  # noqa: E501


def _runner(*executions: Mapping[str, object], **calls: Callable[..., object]) -> SageMakerRunner:
    def listed(**asked: object) -> object:
        assert asked["CreatedAfter"] == NOW - timedelta(days=35)
        page = int(str(asked.get("NextToken", 0)))
        more = {"NextToken": str(page + 1)} if page + 1 < len(executions) else {}
        return {"PipelineExecutionSummaries": executions[page : page + 1], **more}

    return SageMakerRunner(_client(list_pipeline_executions=listed, **calls), lambda: NOW)


def test_runs_of_every_page_are_seen_and_an_unknown_state_is_no_end() -> None:
    states = ("Executing", "Stopping", "Succeeded", "Failed", "Stopped", "CompletedWithFailures", "Queued")
    found = _runner(*(_execution(f"r{index}", state) for index, state in enumerate(states))).runs(RULES)
    assert [run.state for run in found] == ["going", "going", "succeeded", "failed", "stopped", "failed", "going"]


def test_a_run_is_started_once_by_its_name_and_a_token_of_it() -> None:
    asked: list[Mapping[str, Any]] = []
    runner = _runner(_execution("r0", "Executing"), start_pipeline_execution=lambda **p: asked.append(p))
    runner.start(RULES, "r0", {})
    assert not asked
    runner.start(RULES, "r1", {"rounds": 3, "fast": True, "rate": 0.1, "since": "2026-01-01"})
    runner.start(RULES, "r1", {})
    assert asked[0]["ClientRequestToken"] == asked[1]["ClientRequestToken"]
    assert len(asked[0]["ClientRequestToken"]) == 64
    values = {each["Name"]: each["Value"] for each in asked[0]["PipelineParameters"]}
    assert values == {"rounds": "3", "fast": "true", "rate": "0.1", "since": "2026-01-01"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ValidationException", StartRefused),
        ("ResourceNotFound", StartRefused),
        ("AccessDeniedException", StartRefused),
        ("ThrottlingException", Refused),
        ("ResourceLimitExceeded", Refused),
    ],
)
def test_what_is_refused_for_good_is_told_from_what_is_tried_again(code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        _runner(_execution("r0", "Failed"), start_pipeline_execution=_refuse(code)).start(RULES, "r1", {})


@pytest.mark.parametrize(("state", "told"), [("Succeeded", False), ("Stopping", False), ("Executing", True)])
def test_a_run_that_has_ended_needs_no_stop(state: str, told: bool) -> None:
    runner = _runner(
        _execution("r0", "Executing"),
        stop_pipeline_execution=_refuse("ValidationException"),
        describe_pipeline_execution=lambda **_: {"PipelineExecutionStatus": state},
    )
    (run,) = runner.runs(RULES)
    if told:
        with pytest.raises(Refused):
            runner.stop(RULES, run)
    else:
        runner.stop(RULES, run)


def test_values_are_text() -> None:
    assert [value_text(each) for each in (True, False, 3, 0.1, "x")] == ["true", "false", "3", "0.1", "x"]
