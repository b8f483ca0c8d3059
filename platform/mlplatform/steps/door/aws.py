"""The door on AWS: a queue of SQS, ledgers in S3, runs of SageMaker's pipelines.

Held against moto and against the API's own description of each request (`make prove ONE=door-aws`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, cast

from mlplatform.steps.door.airflow import AirflowEngine
from mlplatform.steps.door.aws_airflow import MwaaTransport
from mlplatform.steps.door.aws_inbox import SqsInbox
from mlplatform.steps.door.aws_ledgers import S3Ledgers
from mlplatform.steps.door.aws_runs import SageMakerRunner
from mlplatform.steps.door.ports import ORDERS, PLACE, REPORTS, OrderExchange, Ports
from mlplatform.steps.door.rules import DoorRules
from mlplatform.steps.door.variables import STARTER_MANAGED_AIRFLOW

INBOX, LETTERS, LEDGERS, REGION = (
    "MLPLATFORM_DOOR_INBOX",
    "MLPLATFORM_DOOR_LETTERS",
    "MLPLATFORM_DOOR_LEDGERS",
    "AWS_REGION",
)
"""Variables: addresses of the queue and of its dead letters, bucket of the ledgers, region."""


def open_door(rules: DoorRules, variables: Mapping[str, str]) -> Ports:
    """The cloud, with the credentials of the container's role.

    Args:
        rules: what the door is told.
        variables: the environment.

    Raises:
        KeyError: a variable is missing.
    """
    del rules
    inbox, letters, ledgers = variables[INBOX], variables[LETTERS], variables[LEDGERS]
    client = _clients(variables)
    return Ports(
        inbox=SqsInbox(client("sqs"), inbox, letters),
        ledgers=S3Ledgers(client("s3"), ledgers),
        runner=SageMakerRunner(client("sagemaker"), lambda: datetime.now(UTC)),
    )


def open_exchange(variables: Mapping[str, str]) -> OrderExchange:
    """The folders of orders and reports, with the credentials of the container's or the pod's role.

    Args:
        variables: the environment.

    Raises:
        KeyError: a variable is missing.
    """
    (orders, placed), (reports, told) = _place(variables[ORDERS]), _place(variables[REPORTS])
    store = _clients(variables)("s3")
    return OrderExchange(orders=S3Ledgers(store, orders, placed), reports=S3Ledgers(store, reports, told))


def open_airflow(variables: Mapping[str, str]) -> AirflowEngine:
    """Amazon MWAA, with the credentials of the pod's role.

    Args:
        variables: the environment.

    Raises:
        KeyError: a variable is missing.
    """
    transport = MwaaTransport(_clients(variables)("mwaa"), variables[STARTER_MANAGED_AIRFLOW])
    return AirflowEngine("", login=str, transport=transport)


def _clients(variables: Mapping[str, str]) -> Callable[[str], Any]:
    # they are in the image of the platform's programs, and nowhere else
    boto3, botocore = cast("Any", import_module("boto3")), cast("Any", import_module("botocore.config"))
    config = botocore.Config(
        region_name=variables.get(REGION) or variables[PLACE],
        connect_timeout=10,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 4},
    )
    return lambda service: boto3.client(service, config=config)


def _place(address: str) -> tuple[str, str]:
    """Bucket and folder of an address."""
    bucket, _, folder = address.removeprefix("s3://").partition("/")
    return bucket, folder.rstrip("/")
