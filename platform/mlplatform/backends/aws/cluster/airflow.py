"""Where Airflow on EKS keeps the logs of tasks: the store, with the identity of its pods."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.backends.aws import addresses
from mlplatform.components.airflow_names import AIRFLOW_LOGS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> Mapping[str, str]:
    """Without a connection Airflow takes what the pod has:
    https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/logging/s3-task-handler.html"""
    place, folder = AIRFLOW_LOGS
    return {"AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"{addresses.place_uri(spec, place)}/{folder}/logs"}
