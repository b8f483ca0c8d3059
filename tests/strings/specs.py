"""The plans whose strings are read: the shipped stacks, and what those do not use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from mlplatform import (
    AirflowLoginSpec,
    AirflowSpec,
    AllAtOnce,
    AutoscalingSpec,
    BlueGreenRollout,
    CanaryRollout,
    ClusterSpec,
    CpuPoolSpec,
    CpuSpec,
    EndpointSpec,
    GpuPoolSpec,
    ModelMonitorSpec,
    MonitoringSpec,
    MonitorInput,
    PlatformSpec,
    PublicEntrySpec,
    ShadowSpec,
    SloSpec,
    TrackingSpec,
    TrainingSpec,
    VariantSpec,
)
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.reading.load import load
from mlplatform.render.dashboards.boards import boards_of
from mlplatform.render.dashboards.grafana import dashboard_files

from ..planned import ROUTES

ROOT = Path(__file__).parent.parent.parent
CLOUDS = ("aws", "gcp", "azure")
STACKS = ("dev", "staging", "prod")


def stack(name: str) -> PlatformSpec:
    """A shipped stack."""
    spec = load(ROOT / "stacks" / f"{name}.py").spec
    assert spec is not None, name
    return spec


def wide() -> PlatformSpec:
    """What the stacks do not use: several variants, every rollout, public endpoints, Grafana, every route, no pools'
    sharing, and models that are pinned and so released."""
    two = (
        VariantSpec(name="stable", model="churn/3", traffic_percent=70),
        VariantSpec(name="next", model="churn/4", traffic_percent=30),
    )
    prod = stack("prod")
    return prod.overlay(
        environment="wide",
        targets=tuple(target.overlay(pools={}, members={}, endpoints={}) for target in prod.targets),
        cluster=ClusterSpec(),
        # its services are of teams, which this cluster has not
        feature_store=None,
        training=TrainingSpec(
            pools=(
                GpuPoolSpec(name="plain", accelerator="T4:1", min_nodes=1, max_nodes=2, labels={"team": "risk"}),
                GpuPoolSpec(name="fast", accelerator="H100:8", max_nodes=2, fabric=True, local_nvme=True),
            ),
            cpu_pools=(CpuPoolSpec(name="web", min_nodes=2, max_nodes=6),),
        ),
        endpoints=(
            EndpointSpec(
                name="churn",
                variants=two,
                replicas=(2, 6),
                rollout=CanaryRollout(steps=(25, 50, 75), bake_minutes=5),
                capture_percent=50,
                exposure="public",
                slo=SloSpec(availability_percent=95.0),
            ),
            EndpointSpec(
                name="shadowed",
                variants=(VariantSpec(name="main", model="fraud/7"),),
                shadow=ShadowSpec(model="fraud/8", sample_percent=50),
                rollout=BlueGreenRollout(bake_minutes=10),
                capture_percent=10,
                autoscaling=AutoscalingSpec(metric="concurrency", target=4),
                slo=SloSpec(availability_percent=99.9, latency_ms=200),
            ),
            EndpointSpec(
                name="llm",
                server="vllm",
                variants=(VariantSpec(name="main", model="tagger/3"),),
                accelerator=("L4:1", "T4:1"),
                replicas=(0, 2),
                rollout=AllAtOnce(),
            ),
            EndpointSpec(name="waits", server="mlflow", replicas=(1, 2)),
            inside(),
            writer(),
        ),
        monitoring=MonitoringSpec(routes=ROUTES, grafana=True, prometheus=True, dashboards=True),
    )


def inside() -> EndpointSpec:
    """What the cluster runs, with a router, a shadow, a canary, capture, and objectives."""
    return EndpointSpec(
        name="inside",
        on="cluster",
        pool="web",
        variants=(
            VariantSpec(name="stable", model="churn/3", traffic_percent=70),
            VariantSpec(name="next", model="churn/4", traffic_percent=30),
        ),
        shadow=ShadowSpec(model="churn/5", sample_percent=50),
        cpu=CpuSpec(vcpus=1, memory_gib=2),
        replicas=(1, 2),
        autoscaling=AutoscalingSpec(metric="cpu", target=60),
        rollout=CanaryRollout(steps=(20, 50), bake_minutes=5),
        capture_percent=40,
        slo=SloSpec(availability_percent=99.0, latency_ms=200),
        exposure="public",
        entry=PublicEntrySpec(host="inside.example.org", certificate="inside-entry"),
    )


def writer() -> EndpointSpec:
    """A language model on the cluster, which its monitor watches from there, with several workers."""
    watch = ModelMonitorSpec(task="language", on="cluster", pool="web", workers=2, image="docker.io/acme/monitor:1")
    return EndpointSpec(
        name="writer",
        on="cluster",
        pool="plain",
        server="vllm",
        model="tagger/3",
        accelerator="T4:1",
        replicas=(1, 1),
        rollout=AllAtOnce(),
        capture_percent=10,
        monitor=watch,
    )


def monitor() -> ModelMonitorSpec:
    """A monitor that looks each hour."""
    return ModelMonitorSpec(
        task="classification",
        inputs=(MonitorInput(name="amount"),),
        image="docker.io/acme/monitor:1",
        reference="fraud/reference",
        every_hours=1,
    )


def large() -> EndpointSpec:
    """What only Vertex AI serves on GCP."""
    return EndpointSpec(
        name="large",
        server="vllm",
        variants=(VariantSpec(name="main", model="tagger/3"),),
        accelerator="H100:8",
        autoscaling=AutoscalingSpec(metric="gpu", target=60),
        rollout=CanaryRollout(steps=(10,)),
        slo=SloSpec(availability_percent=99.0, latency_ms=5000),
    )


@cache
def spec_of(name: str, cloud: str) -> PlatformSpec:
    """`wide`, or a stack, on one cloud.

    Development is at its first `up`, with nothing released; the others have their models.
    """
    spec = wide() if name == "wide" else stack(name)
    if name == "wide" and cloud != "aws":
        # only SageMaker counts no requests
        counted = CanaryRollout(steps=(25, 50, 75), bake_minutes=5, least_requests=100)
        spec = spec.overlay(
            endpoints=tuple(e.overlay(rollout=counted) if e.name == "churn" else e for e in spec.endpoints)
        )
    if name == "wide":
        login = AirflowLoginSpec(client_id="airflow", issuer="https://login.acme.example", groups=("ml",))
        layer = (spec.cluster or ClusterSpec()).overlay(airflow=AirflowSpec(login=login))
        spec = spec.overlay(tracking=TrackingSpec(on=cloud), cluster=layer)
    if name == "wide" and cloud == "gcp":
        looked_at = (e.overlay(monitor=monitor()) if e.name == "shadowed" else e for e in spec.endpoints)
        spec = spec.overlay(endpoints=(*looked_at, large()))
    return spec if name == "dev" else as_released(spec, (cloud,))


@cache
def plan_of(name: str, cloud: str) -> Plan:
    """The plan of `wide`, or of a stack, with realistic values; made once per process."""
    return record(spec_of(name, cloud), cloud, resolve=True)


@cache
def dashboards_of(name: str, cloud: str) -> Mapping[str, str]:
    """The dashboards of `wide`, or of a stack, by the names of their files."""
    spec = spec_of(name, cloud)
    return dashboard_files(spec.on(cloud), boards_of(spec, cloud))


def plans(*names: str) -> Iterator[tuple[str, str, Plan]]:
    """Name, cloud and plan of the named specs on all clouds."""
    for name in names:
        for cloud in CLOUDS:
            yield name, cloud, plan_of(name, cloud)


def all_plans() -> Iterator[tuple[str, str, Plan]]:
    """All of them."""
    yield from plans(*STACKS, "wide")
