"""The door on Azure: a storage queue, blobs with conditions, and the jobs of a machine learning workspace.

Blobs: https://learn.microsoft.com/rest/api/storageservices/put-blob
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mlplatform.services.azure_api import AzureApi
from mlplatform.services.azure_texts import BlobTexts
from mlplatform.steps.door.azure_inbox import StorageQueue
from mlplatform.steps.door.azure_runs import WorkspaceJobs
from mlplatform.steps.door.ports import ORDERS, REPORTS, OrderExchange, Ports
from mlplatform.steps.door.rules import DoorRules

INBOX, DEAD, LEDGERS = "MLPLATFORM_DOOR_INBOX", "MLPLATFORM_DOOR_DEAD", "MLPLATFORM_DOOR_LEDGERS"
"""Variables: addresses of the two queues, and of the folder of ledgers."""


def open_door(
    rules: DoorRules,
    environment: Mapping[str, str],
    api: AzureApi | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ports:
    """The door's ports.

    Args:
        rules: what it is told.
        environment: its variables.
        api: how requests are sent. Omitted: over the network, as the job's identity.
        now: the time.

    Raises:
        KeyError: a variable is missing.
    """
    # what the cluster or an Airflow runs has no request to this service
    requests = {each.name: environment[each.start["request"]] for each in rules.pipelines if not each.engine}
    inbox, dead, ledgers = environment[INBOX], environment[DEAD], environment[LEDGERS]
    own = api or AzureApi(environment)
    return Ports(
        inbox=StorageQueue(own, inbox, dead),
        ledgers=BlobTexts(own, ledgers.rstrip("/")),
        runner=WorkspaceJobs(own, requests, now),
    )


def open_exchange(environment: Mapping[str, str], api: AzureApi | None = None) -> OrderExchange:
    """The containers of orders and reports.

    Args:
        environment: the variables.
        api: how requests are sent. Omitted: over the network, as the job's or the pod's identity.

    Raises:
        KeyError: a variable is missing.
    """
    orders, reports = environment[ORDERS], environment[REPORTS]
    own = api or AzureApi(environment)
    return OrderExchange(orders=BlobTexts(own, orders.rstrip("/")), reports=BlobTexts(own, reports.rstrip("/")))
