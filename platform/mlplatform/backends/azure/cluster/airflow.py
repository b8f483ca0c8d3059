"""Where Airflow on AKS keeps the logs of tasks: the store, with the identity of its pods."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.backends.azure.addresses import place_container
from mlplatform.components.airflow_names import AIRFLOW_LOGS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> Mapping[str, str]:
    """A connection with an address alone takes the pod's identity:
    https://airflow.apache.org/docs/apache-airflow-providers-microsoft-azure/stable/connections/wasb.html"""
    place, folder = AIRFLOW_LOGS
    account, container = place_container(spec, place)
    connection = {"conn_type": "wasb", "host": f"https://{account}.blob.core.windows.net"}
    return {
        "AIRFLOW__AZURE_REMOTE_LOGGING__REMOTE_WASB_LOG_CONTAINER": container,
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"wasb://{folder}/logs",
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "mlplatform_logs",
        "AIRFLOW_CONN_MLPLATFORM_LOGS": json.dumps(connection, sort_keys=True),
    }
