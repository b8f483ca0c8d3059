"""A monitor on AWS may look at one endpoint and tell of it, nothing else; it is private, and silence is told."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from mlplatform import discovery
from mlplatform.backends.aws.model_monitor import captures
from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.spec.monitor_job import MonitorJob

from ....pipelines.monitored import monitored
from ....planned import Planned, record_released

NAME = "monitor-fraud-scorer"
ROLE, SCHEDULER = f"acme-ml-dev-{NAME}-identity", f"acme-ml-dev-{NAME}-scheduler"
ARN = "arn:aws:{}:us-east-1:123456789012:{}"


def bucket(place: str) -> str:
    return f"arn:aws:s3:::acme-ml-dev-{place}-123456789012-us-east-1-an"


_AMOUNT = [{"name": "amount", "type": "float64"}]
FEATURES = {
    "entities": [{"name": "customer", "key": "customer_id"}],
    "groups": [{"name": name, "entities": ["customer"], "features": _AMOUNT} for name in ("spend", "risk")],
    "services": [{"name": "scorer", "features": ["spend"]}, {"name": "other", "features": ["risk"]}],
}


@cache
def _planned() -> Planned:
    spec = monitored("aws", {"features": "scorer"}, feature_store=FEATURES)
    return Planned(record_released(spec, "aws", resolve=True))


def _inputs(name: str) -> Any:  # noqa: ANN401
    return _planned().one(f"{NAME}-{name}").inputs


def _allowed(role: str, action: str, resource: str, context: dict[str, str]) -> bool:
    return aws_allows(list(_planned().plan.resources()), role, action, resource, context)


CAPTURE = "capture/acme-ml-dev-fraud-scorer/main"
MAY = (
    ("s3:ListBucket", bucket("monitoring"), {"s3:prefix": f"{CAPTURE}/"}),
    ("s3:GetObject", f"{bucket('monitoring')}/{CAPTURE}/2026/11/29/05/x.jsonl", {}),
    ("s3:PutObject", f"{bucket('monitoring')}/reports/fraud-scorer/2026-11-29/monitor.json", {}),
    ("s3:GetObject", f"{bucket('models')}/fraud/unreleased/fraud/reference/x.parquet", {}),
    ("s3:GetObject", f"{bucket('models')}/fraud/unreleased/MLmodel", {}),
    ("s3:ListBucket", bucket("data"), {"s3:prefix": "labels/fraud/"}),
    ("s3:GetObject", f"{bucket('data')}/labels/fraud/x.parquet", {}),
    ("s3:GetObject", f"{bucket('features')}/spend/x.parquet", {}),
    ("s3:ListBucket", bucket("features"), {"s3:prefix": "spend/"}),
    ("sqs:SendMessage", ARN.format("sqs", "acme-ml-dev-door"), {}),
    ("logs:PutLogEvents", ARN.format("logs", f"log-group:/mlplatform/acme-ml-dev-{NAME}:log-stream:x"), {}),
    ("ecr:BatchGetImage", ARN.format("ecr", "repository/acme-ml-dev/training"), {}),
)
MAY_NOT = (
    ("s3:GetObject", f"{bucket('features')}/risk/x.parquet", {}),
    ("s3:PutObject", f"{bucket('features')}/spend/x.parquet", {}),
    ("s3:GetObject", f"{bucket('monitoring')}/capture/acme-ml-dev-other/main/2026/11/29/05/x.jsonl", {}),
    ("s3:ListBucket", bucket("monitoring"), {"s3:prefix": "capture/"}),
    ("s3:PutObject", f"{bucket('monitoring')}/{CAPTURE}/2026/11/29/05/x.jsonl", {}),
    ("s3:DeleteObject", f"{bucket('monitoring')}/{CAPTURE}/2026/11/29/05/x.jsonl", {}),
    ("s3:PutObject", f"{bucket('monitoring')}/reports/other/x", {}),
    ("s3:PutObject", f"{bucket('models')}/fraud/unreleased/fraud/reference/x.parquet", {}),
    ("s3:GetObject", f"{bucket('models')}/other/1/model.bin", {}),
    ("s3:GetObject", f"{bucket('data')}/claims/x", {}),
    ("sqs:ReceiveMessage", ARN.format("sqs", "acme-ml-dev-door"), {}),
    ("sagemaker:StartPipelineExecution", ARN.format("sagemaker", "pipeline/acme-ml-dev-fraud-retrain"), {}),
    ("sagemaker:UpdateEndpoint", ARN.format("sagemaker", "endpoint/acme-ml-dev-fraud-scorer"), {}),
)


@pytest.mark.parametrize(("action", "resource", "context"), MAY)
def test_it_may_do_what_it_must(action: str, resource: str, context: dict[str, str]) -> None:
    assert _allowed(ROLE, action, resource, context)


@pytest.mark.parametrize(("action", "resource", "context"), MAY_NOT)
def test_it_may_do_nothing_else(action: str, resource: str, context: dict[str, str]) -> None:
    assert not _allowed(ROLE, action, resource, context)


def test_its_program_is_told_where_everything_is() -> None:
    (container,) = json.loads(str(_inputs("task")["containerDefinitions"]))
    assert container["command"] == ["mlplatform-monitor"]
    assert container["image"] == monitored("aws").pipelines[0].programs_image
    assert container["readonlyRootFilesystem"]
    told = {each["name"]: each["value"] for each in container["environment"]}
    assert told["AWS_REGION"] == "us-east-1"
    job = MonitorJob.model_validate_json(told["MLPLATFORM_MONITOR_JOB"])
    assert job.capture == (f"s3://{bucket('monitoring').rpartition(':')[2]}/{CAPTURE}",)
    assert job.reference.endswith("/fraud/unreleased/fraud/reference")
    assert job.door is not None
    assert job.door.inbox.endswith("/acme-ml-dev-door")
    assert (job.settings.version, job.settings.pipeline, job.hours) == ("unreleased", "fraud-retrain", 12)


def test_a_schedule_starts_this_task_alone_and_privately() -> None:
    tick = _inputs("tick")
    assert tick["scheduleExpression"] == "cron(0 6,18 * * ? *)"
    assert tick["target"]["ecsParameters"]["networkConfiguration"]["assignPublicIp"] is False
    task = str(tick["target"]["ecsParameters"]["taskDefinitionArn"])
    cluster = {"ecs:cluster": ARN.format("ecs", f"cluster/acme-ml-dev-{NAME}")}
    assert _allowed(SCHEDULER, "ecs:RunTask", task, cluster)
    assert not _allowed(SCHEDULER, "ecs:RunTask", task.replace(NAME, "door"), cluster)
    to_tasks = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    assert _allowed(SCHEDULER, "iam:PassRole", f"arn:aws:iam::123456789012:role/{ROLE}", to_tasks)
    assert not _allowed(SCHEDULER, "iam:PassRole", "arn:aws:iam::123456789012:role/acme-ml-dev-pipelines", to_tasks)


def test_a_change_broken_data_no_judgement_and_silence_are_told() -> None:
    lines = {name: re.findall(r'"([a-z]+)"', str(_inputs(name)["pattern"])) for name in ("changed", "broken", "failed")}
    assert lines == {"changed": ["change"], "broken": ["broken"], "failed": ["unjudged", "failure"]}
    silence = _inputs("alarm-silence")
    assert silence["treatMissingData"] == "breaching"
    period = silence["metricQueries"][0]["metric"]["period"] * silence["evaluationPeriods"]
    assert period == 2 * 12 * 3600
    assert silence["datapointsToAlarm"] == silence["evaluationPeriods"], "one look in the time is enough"


def test_figures_of_its_log_are_a_metric_with_a_value_of_each_line() -> None:
    """The fields are those of the lines, which the same test on Google Cloud reads from a look."""
    made = _inputs("signals")
    assert made["pattern"] == '{ $.monitor = "metric" }'
    told = made["metricTransformation"]
    assert (told["name"], told["value"]) == ("signal", "$.value")
    assert told["dimensions"] == {"Signal": "$.metric", "Part": "$.part"}
    assert "defaultValue" not in told, "CloudWatch refuses it beside dimensions"


def test_answers_of_a_shadow_are_not_looked_at() -> None:
    shadow = {"shadow": {"model": "fraud/8"}, "variants": [{"name": "live", "model": "fraud"}], "model": None}
    spec = as_released(monitored("aws", endpoint=shadow), ("aws",)).on("aws")
    assert captures.build(spec, spec.endpoints[0]) == ("capture/acme-ml-dev-fraud-scorer/live",)


def test_what_the_task_cannot_be_is_refused() -> None:
    spec = monitored("aws", {"image": "999999999999.dkr.ecr.us-east-1.amazonaws.com/other:1"}).on("aws")
    assert "endpoints[0].monitor.image" in {problem.path for problem in discovery.backend("aws").problems(spec)}
