"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class ManagedAirflowSpec(TypedDict):
    """Airflow as a service of the cloud, for the pipelines with engine `airflow`: Amazon MWAA on AWS, Managed
    Service for Apache Airflow (Cloud Composer) on Google Cloud. Azure has none.

    Its DAGs are those of the spec; `up` of the cloud's stack brings them, and nobody else writes their folder.
    Steps stay pods on the training cluster, which its workers start by their own identity. Data scientists and ML
    engineers open its pages with the cloud's own login, and start, stop and clear runs; nobody is an
    administrator. It is paid by the hour, whether or not a DAG runs. What it knows of runs is kept by the
    service: replacing it loses that history.
    """

    size: NotRequired[str]
    """Scheduler, web server and workers: `mw1.small` to `mw1.large`, or the environment's size on Google Cloud.

    One of small, medium, large.
    """

    max_workers: NotRequired[int]
    """Most workers; there is one while little runs. A step occupies a place in a worker until its pod ends, on AWS
    5, 10 or 20 places by size, https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html
    """
