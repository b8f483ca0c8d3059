"""Names and versions of Google's managed Airflow. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mlplatform.components.names import physical_name
from mlplatform.spec.managed_airflow import AirflowSize
from mlplatform.spec.platform import PlatformSpec

IMAGE = "composer-3-airflow-3.1.7-build.12"
"""One build: an alias would change by itself:
https://docs.cloud.google.com/composer/docs/composer-versions (2026-06)."""


class AirflowMachines(NamedTuple):
    """What one size has."""

    environment: str
    """Size of the database and of what the service keeps for itself."""

    cpus: float
    """vCPUs of a worker."""

    memory_gib: float
    """Memory of a worker, GiB: some 0.5 for each step that waits for its pod."""


MACHINES: Mapping[AirflowSize, AirflowMachines] = {
    "small": AirflowMachines("ENVIRONMENT_SIZE_SMALL", 1, 4),
    "medium": AirflowMachines("ENVIRONMENT_SIZE_MEDIUM", 2, 8),
    "large": AirflowMachines("ENVIRONMENT_SIZE_LARGE", 4, 16),
}
"""https://docs.cloud.google.com/composer/docs/composer-3/environment-scaling"""

BUCKET = "dags"
"""Role of its bucket, with the folder of DAGs and the logs of steps."""

_LONGEST = 63


def environment_name(spec: PlatformSpec) -> str:
    """Name of the environment."""
    return physical_name(spec, "airflow", _LONGEST)
