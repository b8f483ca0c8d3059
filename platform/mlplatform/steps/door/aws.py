"""The door on AWS: a queue of SQS, ledgers in S3, runs of SageMaker's pipelines.

Held against moto and against the API's own description of each request (`make prove ONE=door-aws`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from mlplatform.services.aws_calls import client_of
from mlplatform.services.aws_texts import S3Texts
from mlplatform.steps.door.airflow import AirflowEngine
from mlplatform.steps.door.aws_airflow import MwaaTransport
from mlplatform.steps.door.aws_inbox import SqsInbox
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

_FOLDER = "door"
"""Folder of the ledgers."""


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
        ledgers=S3Texts(client("s3"), ledgers, _FOLDER),
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
    return OrderExchange(orders=S3Texts(store, orders, placed), reports=S3Texts(store, reports, told))


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
    region = variables.get(REGION) or variables[PLACE]
    return lambda service: client_of(service, region)


def _place(address: str) -> tuple[str, str]:
    """Bucket and folder of an address."""
    bucket, _, folder = address.removeprefix("s3://").partition("/")
    return bucket, folder.rstrip("/")
