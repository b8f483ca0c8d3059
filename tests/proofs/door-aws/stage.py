"""The stage of the door's cases on AWS: queues, objects and pipelines of moto, in this process.

moto ends each run at once, knows no request token and stops no run: this stage keeps its runs going, and gives the
refusals that a case asks for. Each request is checked against the API's description by boto3 before moto sees it, that
of a stop by the same check here.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import boto3
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from moto import mock_aws
from moto.sagemaker.models import sagemaker_backends
from moto.sqs.models import sqs_backends
from tests.steps.door.stage import PIPELINE, DoorStage

from mlplatform.services.aws_texts import S3Texts
from mlplatform.steps.door.aws_inbox import SqsInbox
from mlplatform.steps.door.aws_runs import SageMakerRunner
from mlplatform.steps.door.ports import Ports
from mlplatform.steps.door.rules import Value

ACCOUNT, REGION = "123456789012", "eu-central-1"
NAME = "acme-ml-dev-fraud-retrain"
BUCKET = "acme-ml-dev-pipelines"
REFUSALS = {"for good": "ValidationException", "for now": "ThrottlingException"}


class Pipelines:
    """boto3's client of SageMaker, with what moto lacks."""

    def __init__(self, stage: AwsStage) -> None:
        self.stage, self.client = stage, stage.sagemaker
        self.list_pipeline_executions = self.client.list_pipeline_executions
        self.describe_pipeline_execution = self.client.describe_pipeline_execution

    def start_pipeline_execution(self, **parameters: object) -> object:
        if self.stage.refuses != "no":
            code = REFUSALS[self.stage.refuses]
            raise ClientError({"Error": {"Code": code, "Message": "refused"}}, "StartPipelineExecution")
        answer = self.client.start_pipeline_execution(**parameters)
        self.stage.keep_going(answer["PipelineExecutionArn"])
        return answer

    def stop_pipeline_execution(self, **parameters: object) -> object:
        shape = self.client.meta.service_model.operation_model("StopPipelineExecution").input_shape
        report = ParamValidator().validate(parameters, shape)
        assert not report.has_errors(), report.generate_report()
        arn = str(parameters["PipelineExecutionArn"])
        self.stage.executions()[arn].pipeline_execution_status = "Stopping"
        self.stage.stops.append(arn)
        return {"PipelineExecutionArn": arn}


class AwsStage(DoorStage):
    """AWS, as moto plays it."""

    folder = "s3://acme-ml-dev-data/claims/"
    start: ClassVar = {"pipeline": NAME}

    def __init__(self) -> None:
        self.mock = mock_aws()
        self.mock.start()
        self.refuses: Literal["for good", "for now", "no"] = "no"
        self.stops: list[str] = []
        self.order: list[str] = []
        self.number = itertools.count()
        self.sqs, self.s3 = boto3.client("sqs", region_name=REGION), boto3.client("s3", region_name=REGION)
        place: Any = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        self.letters = self.sqs.create_queue(QueueName="letters")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        attributes: Any = {"VisibilityTimeout": "600", "RedrivePolicy": redrive}
        self.queue = self.sqs.create_queue(QueueName="door", Attributes=attributes)["QueueUrl"]
        role = f"arn:aws:iam::{ACCOUNT}:role/acme-ml-dev-pipelines"
        self.sagemaker = boto3.client("sagemaker", region_name=REGION)
        self.sagemaker.create_pipeline(
            PipelineName=NAME, PipelineDefinition="{}", RoleArn=role, ClientRequestToken="t" * 32
        )
        super().__init__()

    def close(self) -> None:
        """Forget everything."""
        self.mock.stop()

    def executions(self) -> dict[str, Any]:
        """The runs that moto holds, by ARN."""
        return sagemaker_backends[ACCOUNT][REGION].pipelines[NAME].pipeline_executions

    def keep_going(self, arn: str) -> None:
        """moto ends a run at once, and starts it by the clock of this machine."""
        made = self.executions()[arn]
        made.pipeline_execution_status, made.start_time = "Executing", self.now
        self.order.append(arn)

    def ports(self) -> Ports:
        """A new process of the door."""
        return Ports(
            inbox=SqsInbox(self.sqs, self.queue, self.letters, wait_seconds=0),
            ledgers=S3Texts(self.s3, BUCKET, "door"),
            runner=SageMakerRunner(Pipelines(self), lambda: self.now),
        )

    def send(self, message: str) -> None:
        """As somebody who took a role to send it: SQS tells the role and the name of the session."""
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=message)
        by = re.search('"by": "([a-z]+)"', message)
        sqs_backends[ACCOUNT][REGION].queues["door"]._messages[-1].sender_id = f"AROAEXAMPLE:{by[1] if by else 'ci'}"

    def write_object(self, name: str, version: str = "1") -> None:
        """As EventBridge sends it, https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
        key = self.folder.removeprefix("s3://acme-ml-dev-data/") + name
        found = {"key": key, "size": 1, "etag": "e", "version-id": version, "sequencer": "00"}
        detail = {"version": "0", "bucket": {"name": "acme-ml-dev-data"}, "object": found, "reason": "PutObject"}
        event = {"version": "0", "id": str(next(self.number)), "source": "aws.s3", "detail-type": "Object Created"}
        self.send(json.dumps({**event, "account": ACCOUNT, "region": REGION, "detail": detail}))

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        kinds = {"integer": int, "string": str}
        return tuple(
            (
                made.pipeline_execution_display_name,
                {each["Name"]: kinds[self.pipeline.parameters[each["Name"]]](each["Value"]) for each in values},
            )
            for made in (self.executions()[arn] for arn in self.order)
            for values in (made.pipeline_parameters,)
            if made.client_request_token != "by hand"
        )

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        for made in self.executions().values():
            if made.pipeline_execution_status in ("Executing", "Stopping"):
                made.pipeline_execution_status = state.capitalize()

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        self.refuses = how

    def start_by_hand(self, name: str) -> None:
        arn = self.sagemaker.start_pipeline_execution(PipelineName=NAME, PipelineExecutionDisplayName=name)
        self.keep_going(arn["PipelineExecutionArn"])
        self.executions()[arn["PipelineExecutionArn"]].client_request_token = "by hand"

    def stopped(self) -> Sequence[str]:
        return [self.executions()[arn].pipeline_execution_display_name for arn in self.stops]

    def record(self) -> Sequence[Mapping[str, object]]:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"door/{PIPELINE}/").get("Contents", [])
        keys = sorted(each["Key"] for each in listed)
        return [json.loads(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()) for key in keys]

    def _count(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found: Any = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)

    def dead(self) -> int:
        return self._count(self.letters)

    def waiting(self) -> int:
        return self._count(self.queue)

    def redeliver(self) -> None:
        for message in sqs_backends[ACCOUNT][REGION].queues["door"]._messages:
            message.visible_at = 0
