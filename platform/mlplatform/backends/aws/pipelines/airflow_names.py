"""Names and versions of Amazon MWAA. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.components.names import physical_name
from mlplatform.spec.managed_airflow import AirflowSize
from mlplatform.spec.platform import PlatformSpec

VERSION = "3.0.6"
"""https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html (2026-11); the DAGs are proven with it."""

PYTHON = "3.12"
"""Of its images, https://github.com/aws/amazon-mwaa-docker-images/tree/main/images/airflow/3.0.6 (2026-11)"""

REQUIREMENTS = (
    f'--constraint "https://raw.githubusercontent.com/apache/airflow/constraints-{VERSION}/constraints-{PYTHON}.txt"\n'
    "apache-airflow-providers-amazon\napache-airflow-providers-cncf-kubernetes\n"
)
"""What its images lack to make pods; a file without constraints could break Airflow itself,
https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html"""

CLASSES: Mapping[AirflowSize, str] = {"small": "mw1.small", "medium": "mw1.medium", "large": "mw1.large"}
"""https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html"""

AIRFLOW_GROUP = "mlplatform:airflow"
"""The group of Kubernetes that its workers are in."""

_LONGEST = 80


def environment_name(spec: PlatformSpec) -> str:
    """Name of the environment."""
    return physical_name(spec, "airflow", _LONGEST)
