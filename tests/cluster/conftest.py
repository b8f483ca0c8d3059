"""The layer of a small platform with one pool of each kind, made once per cloud."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from mlplatform import (
    AirflowLoginSpec,
    AirflowSpec,
    AllAtOnce,
    AutoscalingSpec,
    AwsTarget,
    AzureTarget,
    ClusterSpec,
    CpuPoolSpec,
    CpuSpec,
    EndpointSpec,
    GcpTarget,
    GpuPoolSpec,
    LoginSpec,
    MountSpec,
    NotebooksSpec,
    PlatformSpec,
    SharedFileSystemSpec,
    SloSpec,
    TaintSpec,
    TimeSlicing,
    TrackingSpec,
    TrainingSpec,
)
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.spec.pipeline_steps import StepResources, StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.step_folders import InputSpec, OutputSpec
from mlplatform.spec.target import Target

from ..planned import least_platform

TARGETS: dict[str, Target] = {
    "aws": AwsTarget(account_id="123456789012", region="us-east-1"),
    "gcp": GcpTarget(project="acme-ml", project_number="123456789012", region="us-central1"),
    "azure": AzureTarget(
        subscription_id="00000000-1111-4222-8333-444444444444",
        tenant_id="55555555-6666-4777-8888-999999999999",
        location="eastus",
    ),
}
POOLS = (
    GpuPoolSpec(name="shared", accelerator="T4:1", max_nodes=4, sharing=TimeSlicing(clients=4)),
    GpuPoolSpec(name="spot", accelerator="A100-80GB:8", max_nodes=2, capacity="spot"),
    GpuPoolSpec(
        name="big", accelerator="H100:8", max_nodes=4, fabric=True, taints=(TaintSpec(key="team", value="llm"),)
    ),
)
FLEX = GpuPoolSpec(name="flex", accelerator="H100:8", max_nodes=2, capacity="flex-start", max_run_hours=48)
"""A pool whose machines are waited for; of GCP alone."""
CPU_POOLS = (CpuPoolSpec(name="prep", max_nodes=3, capacity="spot", taints=(TaintSpec(key="team", value="llm"),)),)

WEB = CpuPoolSpec(name="web", min_nodes=1, max_nodes=4)
INSIDE = EndpointSpec(
    name="inside",
    on="cluster",
    pool="web",
    model="churn/3",
    cpu=CpuSpec(vcpus=1, memory_gib=2),
    replicas=(1, 2),
    autoscaling=AutoscalingSpec(metric="cpu", target=60),
    rollout=AllAtOnce(),
    slo=SloSpec(latency_ms=333),
)
"""An endpoint on the cluster, with objectives, that scales."""

RETRAIN = PipelineSpec(
    name="retrain",
    model="churn",
    engine="cluster",
    image="docker.io/acme/churn:7",
    steps=(
        StepSpec(
            name="train",
            kind="train",
            command=("python", "train.py", "{{checkpoint}}", "{{inputs.rows}}", "{{outputs.model}}"),
            inputs={"rows": InputSpec(place="data", path="rows")},
            outputs={"model": OutputSpec(kind="model")},
            resources=StepResources(accelerator=("T4:1",), vcpus=1, memory_gib=2),
            checkpoint=True,
        ),
        StepSpec(
            name="look",
            command=("python", "look.py", "{{inputs.model}}"),
            inputs={"model": InputSpec(step="train", output="model")},
            resources=StepResources(vcpus=1, memory_gib=2),
        ),
    ),
)
"""A pipeline whose steps are pods, on a GPU pool and on a CPU pool."""

LOGIN = LoginSpec(
    client_id="hub",
    authorize_url="https://login.acme.example/authorize",
    token_url="https://login.acme.example/token",
    groups=("data-science",),
)


AIRFLOW = AirflowSpec(
    login=AirflowLoginSpec(client_id="airflow", issuer="https://login.acme.example", groups=("data-science",))
)

NIGHTLY = PipelineSpec(
    name="nightly",
    model="nightly",
    engine="airflow",
    image="docker.io/acme/trainer:1",
    steps=(
        StepSpec(
            name="train",
            kind="train",
            command=("python", "train.py", "{{outputs.model}}"),
            outputs={"model": OutputSpec(kind="model")},
            resources=StepResources(vcpus=1, memory_gib=2, capacity="spot"),
            retries=3,
        ),
    ),
)
"""A pipeline that Airflow runs."""


def small_spec(cloud: str, **changes: object) -> PlatformSpec:
    """The small platform on one cloud, with a layer."""
    return least_platform(
        TARGETS[cloud],
        **{"training": TrainingSpec(pools=POOLS, cpu_pools=CPU_POOLS), "cluster": ClusterSpec(), **changes},
    )


def everything(cloud: str) -> PlatformSpec:
    """The small platform with everything that its layer can have."""
    training = TrainingSpec(pools=(*POOLS, FLEX) if cloud == "gcp" else POOLS, cpu_pools=(*CPU_POOLS, WEB))
    layer = ClusterSpec(
        engines=("trainer", "ray"),
        addons=("argo-workflows", "cert-manager", "external-secrets"),
        notebooks=NotebooksSpec(login=LOGIN, pools=("prep", "spot")),
        airflow=AIRFLOW,
        mounts=(MountSpec(place="data"), MountSpec(place="pipelines", cache_gib=40)),
        shared_file_system=SharedFileSystemSpec(capacity_gib=18_000),
    )
    return small_spec(
        cloud,
        training=training,
        cluster=layer,
        endpoints=(INSIDE,),
        pipelines=(RETRAIN, NIGHTLY),
        tracking=TrackingSpec(),
    )


@cache
def _plan(cloud: str) -> Plan:
    return record(as_released(everything(cloud), (cloud,)), cloud, resolve=True)


@pytest.fixture(scope="session")
def layered() -> Callable[[str], Plan]:
    """The plan of both layers of the small platform, with realistic values."""
    return _plan
