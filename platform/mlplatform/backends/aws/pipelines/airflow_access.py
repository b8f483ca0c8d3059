"""How Amazon MWAA and EKS reach each other."""

from __future__ import annotations

from mlplatform.backends.aws.naming import CLUSTER
from mlplatform.backends.aws.pipelines.airflow_names import AIRFLOW_GROUP, environment_name
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.addon_facts import AirflowFacts
from mlplatform.cluster.airflow.operator import PodOperator
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> AirflowFacts:
    """The operator of Amazon's provider, which gets a token of EKS with the role of the workers for each step."""
    return AirflowFacts(
        operator=PodOperator(
            module="airflow.providers.amazon.aws.operators.eks",
            name="EksPodOperator",
            reaches={
                "cluster_name": physical_name(spec, "cluster", CLUSTER),
                "region": target_of(spec, AwsTarget).region,
                # the role of the workers itself
                "aws_conn_id": None,
            },
            pod_name="pod_name",
        ),
        subjects=(Subject(kind="Group", name=AIRFLOW_GROUP),),
        address=environment_name(spec),
    )
