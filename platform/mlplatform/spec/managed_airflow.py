"""Airflow that the cloud runs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mlplatform.field_problem import FieldProblem
from mlplatform.spec.base import SpecModel

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec

AirflowSize = Literal["small", "medium", "large"]
"""How much an Airflow of the cloud has: up to some 50, 250 or 1,000 DAGs."""


class ManagedAirflowSpec(SpecModel):
    """Airflow as a service of the cloud, for the pipelines with engine `airflow`: Amazon MWAA on AWS, Managed Service
    for Apache Airflow (Cloud Composer) on Google Cloud. Azure has none.

    Its DAGs are those of the spec; `up` of the cloud's stack brings them, and nobody else writes their folder. Steps
    stay pods on the training cluster, which its workers start by their own identity. Data scientists and ML engineers
    open its pages with the cloud's own login, and start, stop and clear runs; nobody is an administrator. It is paid by
    the hour, whether or not a DAG runs. What it knows of runs is kept by the service: replacing it loses that history.
    """

    size: AirflowSize = "small"
    """Scheduler, web server and workers: `mw1.small` to `mw1.large`, or the environment's size on Google Cloud."""

    max_workers: int = Field(default=4, ge=1, le=25)
    """Most workers; there is one while little runs. A step occupies a place in a worker until its pod ends, on AWS 5,
    10 or 20 places by size, https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html"""


def managed_airflow_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Another Airflow beside it, and no pipeline that it would run."""
    cluster = spec.cluster
    if cluster is None or cluster.managed_airflow is None:
        return
    at = ("cluster", "managed_airflow")
    for other in ("airflow", "airflow_url"):
        if getattr(cluster, other) is not None:
            yield FieldProblem(
                at,
                f"one Airflow: cluster.{other} names another one",
                f"remove managed_airflow, or remove {other}",
                got="managed_airflow",
                fields=(("cluster", other),),
            )
    if not any(pipeline.engine == "airflow" for pipeline in spec.pipelines):
        yield FieldProblem(
            at,
            "a pipeline with engine airflow: it runs no other DAGs, and is paid by the hour",
            "set engine to airflow in a pipeline, or remove managed_airflow",
            got="no such pipeline",
            fields=(("pipelines",),),
        )
