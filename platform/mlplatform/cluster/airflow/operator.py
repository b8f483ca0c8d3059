"""Airflow's operator that makes the pod of a step."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.components.airflow_names import AIRFLOW_CONNECTION
from mlplatform.fast.record import record


@record(kw_only=True)
class PodOperator:
    """An operator, and how it reaches the cluster."""

    module: str
    """Module of the provider."""

    name: str
    """Its class, a kind of `KubernetesPodOperator`."""

    reaches: Mapping[str, str | bool | None]
    """Arguments that say where the cluster is, and as whom it is reached."""

    pod_name: str = "name"
    """Argument with the beginning of the pod's name."""


BY_CONNECTION = PodOperator(
    module="airflow.providers.cncf.kubernetes.operators.pod",
    name="KubernetesPodOperator",
    reaches={"kubernetes_conn_id": AIRFLOW_CONNECTION},
)
"""By a connection of Airflow: of the platform's own, or of one that exists, whose owner makes it."""
