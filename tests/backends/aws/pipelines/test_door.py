"""The door: it may do what it must and nothing else, private, watched, and told of new data alone."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.backends.aws.network.endpoints_private import private_services
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.plan.model import Step
from mlplatform.steps.door.rules import read_rules

from ....pipelines.fraud import Data, pipeline, platform
from ....planned import Planned, record_released

DOOR, SCHEDULER = "acme-ml-dev-door-identity", "acme-ml-dev-door-scheduler"
ARN = "arn:aws:{}:us-east-1:123456789012:{}"
PIPELINE = ARN.format("sagemaker", "pipeline/acme-ml-dev-fraud-retrain")
RUNS_AS = "arn:aws:iam::123456789012:role/acme-ml-dev-pipelines"
LEDGERS = "arn:aws:s3:::acme-ml-dev-ledgers-123456789012-us-east-1-an"
TRIGGERS: Data = {
    "schedules": [{"name": "nightly", "cron": "0 3 * * *", "time_zone": "Europe/Zurich"}],
    "data": [{"name": "claims", "path": "claims", "marker": "_SUCCESS"}],
}


def _pipeline(**changes: object) -> Data:
    return {**pipeline("aws"), "timeout_hours": 20, "triggers": TRIGGERS, **changes}


@cache
def _planned() -> Planned:
    other = _pipeline(
        name="claims-retrain", triggers={"data": [{"name": "all", "path": "claims"}, {"name": "eu", "path": "eu"}]}
    )
    cast("Data", cast("list[Data]", other["steps"])[0]["inputs"])["eu"] = {"place": "data", "path": "eu"}
    cast("list[str]", cast("list[Data]", other["steps"])[0]["command"]).append("{{inputs.eu}}")
    spec = platform("aws", pipelines=(_pipeline(), other), registry={"models": ["fraud"]}, access=_CI)
    return Planned(record_released(spec, "aws", resolve=True))


_CI = {"ci": {"repository": "acme/ml"}}


def _inputs(name: str) -> Any:  # noqa: ANN401
    return _planned().one(name).inputs


def _allowed(role: str, action: str, resource: str, **context: str) -> bool:
    return aws_allows(list(_resources()), role, action, resource, context)


def _resources() -> tuple[Step, ...]:
    return tuple(_planned().plan.resources())


MAY = (
    ("sagemaker:StartPipelineExecution", PIPELINE, {}),
    ("sagemaker:ListPipelineExecutions", PIPELINE, {}),
    ("sagemaker:StopPipelineExecution", f"{PIPELINE}/execution/abc", {}),
    ("sagemaker:DescribePipelineExecution", f"{PIPELINE}/execution/abc", {}),
    ("sqs:ReceiveMessage", ARN.format("sqs", "acme-ml-dev-door"), {}),
    ("sqs:DeleteMessage", ARN.format("sqs", "acme-ml-dev-door"), {}),
    ("sqs:SendMessage", ARN.format("sqs", "acme-ml-dev-door-letters"), {}),
    ("s3:GetObject", f"{LEDGERS}/door/fraud-retrain.json", {}),
    ("s3:PutObject", f"{LEDGERS}/door/fraud-retrain/x.json", {}),
    ("s3:ListBucket", LEDGERS, {"s3:prefix": "door/fraud-retrain.json"}),
    ("logs:PutLogEvents", ARN.format("logs", "log-group:/mlplatform/acme-ml-dev-door:log-stream:x"), {}),
    ("ecr:BatchGetImage", ARN.format("ecr", "repository/acme-ml-dev/training"), {}),
)
MAY_NOT = (
    ("sagemaker:StartPipelineExecution", PIPELINE.replace("fraud-retrain", "other"), {}),
    ("sagemaker:UpdatePipeline", PIPELINE, {}),
    ("sagemaker:CreateTrainingJob", ARN.format("sagemaker", "training-job/acme-ml-dev-x"), {}),
    ("sagemaker:UpdateEndpoint", ARN.format("sagemaker", "endpoint/acme-ml-dev-fraud"), {}),
    ("iam:PassRole", RUNS_AS, {"iam:PassedToService": "sagemaker.amazonaws.com"}),
    ("s3:GetObject", f"{LEDGERS}/fraud-retrain/runs/x", {}),
    ("s3:PutObject", "arn:aws:s3:::acme-ml-dev-models-123456789012-us-east-1-an/fraud/1/model.bin", {}),
    ("s3:GetObject", "arn:aws:s3:::acme-ml-dev-data-123456789012-us-east-1-an/claims/x", {}),
)  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), MAY)
def test_the_door_may_do_what_it_must(action: str, resource: str, context: dict[str, str]) -> None:
    assert _allowed(DOOR, action, resource, **context)


@pytest.mark.parametrize(("action", "resource", "context"), MAY_NOT)
def test_the_door_may_do_nothing_else(action: str, resource: str, context: dict[str, str]) -> None:
    assert not _allowed(DOOR, action, resource, **context)


@pytest.mark.parametrize("role", ["pipelines", "ci"])
def test_nobody_else_reads_or_writes_a_ledger(role: str) -> None:
    """A step that could change a ledger would start any run, or none."""
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert not _allowed(f"acme-ml-dev-{role}", action, f"{LEDGERS}/door/fraud-retrain.json")


def test_access_to_the_ledgers_is_recorded() -> None:
    """S3 delivers no records of a bucket that the policy of the log bucket does not name."""
    assert _inputs("door-ledgers-logging")["bucket"] == LEDGERS.rpartition(":")[2]
    policy = json.loads(str(_inputs("store-access-logs-policy")["policy"]))
    (delivery,) = (each for each in policy["Statement"] if each["Sid"] == "AccessLogs")
    assert LEDGERS in delivery["Condition"]["ArnLike"]["aws:SourceArn"]


def test_its_schedule_starts_this_job_and_no_other() -> None:
    cluster = {"ecs:cluster": ARN.format("ecs", "cluster/acme-ml-dev-door")}
    task = str(_inputs("door-tick")["target"]["ecsParameters"]["taskDefinitionArn"])
    to_tasks = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    assert _allowed(SCHEDULER, "ecs:RunTask", task, **cluster)
    assert _allowed(SCHEDULER, "iam:PassRole", f"arn:aws:iam::123456789012:role/{DOOR}", **to_tasks)
    assert not _allowed(SCHEDULER, "ecs:RunTask", task, **{"ecs:cluster": ARN.format("ecs", "cluster/other")})
    assert not _allowed(SCHEDULER, "ecs:RunTask", task.replace("dev-door", "dev-other"), **cluster)
    assert not _allowed(SCHEDULER, "iam:PassRole", "arn:aws:iam::123456789012:role/acme-ml-dev-pipelines", **to_tasks)


def test_the_job_is_private_small_and_told_what_the_program_reads() -> None:
    network = _inputs("door-tick")["target"]["ecsParameters"]["networkConfiguration"]
    made = {each.id for each in _resources() if each.type == "aws:ec2/subnet:Subnet"}
    assert set(network["subnets"]) <= made
    assert network["assignPublicIp"] is False
    (container,) = json.loads(str(_inputs("door-task")["containerDefinitions"]))
    assert container["readonlyRootFilesystem"]
    assert container["command"] == ["mlplatform-step", "door", "--cloud", "aws"]
    told = {each["name"]: each["value"] for each in container["environment"]}
    rules = read_rules(told["MLPLATFORM_DOOR_RULES"])
    assert {each.name: dict(each.start) for each in rules.pipelines} == {
        name: {"pipeline": f"acme-ml-dev-{name}"} for name in ("claims-retrain", "fraud-retrain")
    }
    assert told["MLPLATFORM_DOOR_INBOX"].endswith("/acme-ml-dev-door")
    assert f"arn:aws:s3:::{told['MLPLATFORM_DOOR_LEDGERS']}" == LEDGERS


def test_the_queue_is_told_of_watched_data_by_this_rule_alone() -> None:
    pattern = json.loads(str(_inputs("door-data-objects")["eventPattern"]))
    keys = pattern["detail"]["object"]["key"]
    assert keys == [{"prefix": "claims/"}, {"prefix": "eu/"}, {"wildcard": "claims/*_SUCCESS"}]
    assert pattern["detail"]["bucket"]["name"] == ["acme-ml-dev-data-123456789012-us-east-1-an"]
    statements = json.loads(str(_inputs("door-inbox-policy")["policy"]))["Statement"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    assert [each["Principal"] for each in allowed] == [{"Service": "events.amazonaws.com"}]
    rule = ARN.format("events", "rule/acme-ml-dev-door-data-objects")
    assert allowed[0]["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}
    assert _planned().one("store-data-events").inputs["eventbridge"] is True, "the bucket tells EventBridge"


def test_dead_letters_failures_silence_and_failed_runs_are_told() -> None:
    redrive = json.loads(str(_inputs("door-inbox")["redrivePolicy"]))
    assert redrive["deadLetterTargetArn"] == ARN.format("sqs", "acme-ml-dev-door-letters")
    assert _inputs("door-alarm-letters")["metricQueries"][0]["metric"]["dimensions"] == {
        "QueueName": "acme-ml-dev-door-letters"
    }
    assert _inputs("door-alarm-silence")["treatMissingData"] == "breaching"
    lines = {name: _inputs(f"door-{name}")["pattern"] for name in ("ticks", "failures")}
    assert lines == {"ticks": '{ $.door = "tick" }', "failures": '{ $.door = "failure" }'}
    failed = json.loads(str(_inputs("pipeline-fraud-retrain-failed")["eventPattern"]))
    assert failed["detail"]["pipelineArn"] == [PIPELINE]


def test_a_network_without_a_way_out_reaches_what_the_door_calls() -> None:
    spec = platform("aws", pipelines=(_pipeline(),), network={"nat": "none"}).on("aws")
    assert {"sqs", "sagemaker.api", "logs", "ecr.dkr"} <= set(private_services(spec))
    assert "sqs" not in private_services(platform("aws", pipelines=(_pipeline(),)).on("aws"))


def test_an_image_of_its_program_that_it_may_not_pull_is_refused() -> None:
    image = "docker.io/acme/steps:1"
    spec = platform("aws", pipelines=(_pipeline(programs_image=image),)).on("aws")
    paths = {problem.path for problem in discovery.backend("aws").problems(spec)}
    assert "pipelines[0].programs_image" in paths
