"""How large Airflow is, with the defaults of its environment. Imports no SDK."""

from __future__ import annotations

from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

PodSize = tuple[float, float]
"""CPUs and GiB that a pod asks for."""

SERVER: PodSize = (0.25, 1.5)
"""The server of its interface and pages."""

SCHEDULER: PodSize = (0.25, 1)

DAG_PROCESSOR: PodSize = (0.1, 0.75)
"""What reads the DAGs."""

MOST_TASKS = 16
"""Tasks at once: each is a small pod beside the step's own, which it watches."""


@record(kw_only=True)
class AirflowSizes:
    """Airflow's settings with the defaults of its environment."""

    replicas: int
    """Servers, and schedulers, beside each other."""


def airflow_sizes(spec: PlatformSpec) -> AirflowSizes:
    """As the environment's profile has it."""
    return AirflowSizes(replicas=2 if spec.profile_in_use == "prod" else 1)
