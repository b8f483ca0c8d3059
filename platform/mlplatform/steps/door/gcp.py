"""The door on GCP: Pub/Sub, Cloud Storage and Vertex AI Pipelines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.gcp_texts import StorageTexts, object_url, split_address
from mlplatform.steps.door.airflow import AirflowEngine
from mlplatform.steps.door.gcp_inbox import PubSubInbox
from mlplatform.steps.door.gcp_runs import VertexRunner
from mlplatform.steps.door.ports import ORDERS, REPORTS, OrderExchange, Ports
from mlplatform.steps.door.rules import DoorRules
from mlplatform.steps.door.variables import STARTER_MANAGED_AIRFLOW

LEDGERS, INBOX, DEAD = (f"MLPLATFORM_DOOR_{name}" for name in ("LEDGERS", "INBOX", "DEAD"))
"""Variables: address of the folder of ledgers, the subscription, and the topic of dead letters."""


def read_text(address: str, api: GoogleApi | None = None) -> str:
    """The text of an object of the store."""
    bucket, name = split_address(address)
    return (api or GoogleApi()).call("GET", f"{object_url(bucket, name)}?alt=media").body.decode()


def open_door(
    rules: DoorRules,
    settings: Mapping[str, str],
    api: GoogleApi | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ports:
    """The cloud, as the container's variables name it.

    Args:
        rules: what the door is told.
        settings: the variables.
        api: Google's services. Omitted: as the container's own account.
        now: the time.

    Raises:
        KeyError: a variable is not set.
    """
    del rules
    services = api or GoogleApi()
    return Ports(
        inbox=PubSubInbox(services, settings[INBOX], settings[DEAD]),
        ledgers=StorageTexts(services, settings[LEDGERS]),
        runner=VertexRunner(services, now),
    )


def open_airflow(settings: Mapping[str, str], api: GoogleApi | None = None) -> AirflowEngine:
    """Airflow as Google runs it, which takes the tokens of accounts that may use it.

    https://docs.cloud.google.com/composer/docs/composer-3/access-airflow-api

    Args:
        settings: the variables.
        api: Google's services. Omitted: as the pod's own account.

    Raises:
        KeyError: a variable is not set.
    """
    return AirflowEngine(settings[STARTER_MANAGED_AIRFLOW], login=(api or GoogleApi()).bearer)


def open_exchange(settings: Mapping[str, str], api: GoogleApi | None = None) -> OrderExchange:
    """The folders of orders and reports.

    Args:
        settings: the variables.
        api: Google's services. Omitted: as the container's own account.

    Raises:
        KeyError: a variable is not set.
    """
    services = api or GoogleApi()
    return OrderExchange(
        orders=StorageTexts(services, settings[ORDERS]), reports=StorageTexts(services, settings[REPORTS])
    )
