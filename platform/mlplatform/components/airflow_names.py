"""Names that Airflow has in the cloud and in the cluster. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.artifact_store import Place

AIRFLOW_ACCOUNT = "airflow"
"""Service account of its pods, and what the layer calls its identity."""

AIRFLOW_DATABASE = "airflow"
"""Name of its database on the tracking server's PostgreSQL."""

AIRFLOW_CONNECTION = "training_cluster"
"""Airflow's connection to the cluster: of an Airflow that exists its owner makes it."""

AIRFLOW_LOGS: tuple[Place, str] = ("pipelines", "_airflow")
"""Place and folder of the store with the logs of tasks: no pipeline has a name that begins so."""

AIRFLOW_WORKERS = "airflow-workers"
"""Name of the identity of an Airflow that the cloud runs, without the platform's."""
