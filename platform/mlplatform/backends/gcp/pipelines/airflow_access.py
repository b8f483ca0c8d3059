"""How Google's managed Airflow and GKE reach each other."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import ACCOUNT, CLUSTER
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.addon_facts import AirflowFacts
from mlplatform.cluster.airflow.operator import PodOperator
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.airflow_names import AIRFLOW_WORKERS
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> AirflowFacts:
    """The operator of Google's provider, which gets a token with the workers' account for each step."""
    target = target_of(spec, GcpTarget)
    account = physical_name(spec, AIRFLOW_WORKERS, ACCOUNT)
    return AirflowFacts(
        operator=PodOperator(
            module="airflow.providers.google.cloud.operators.kubernetes_engine",
            name="GKEStartPodOperator",
            reaches={
                "project_id": target.project,
                "location": target.region,
                "cluster_name": physical_name(spec, "", CLUSTER),
                # the workers have addresses among the nodes', which reach the private one
                "use_internal_ip": True,
            },
        ),
        subjects=(Subject(kind="User", name=f"{account}@{target.project}.iam.gserviceaccount.com"),),
        address=FromCloud("layer.airflow.url"),
    )
