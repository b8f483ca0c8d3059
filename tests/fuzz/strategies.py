"""Random valid specs: what a person could write, within what all three clouds can do."""

from __future__ import annotations

from hypothesis import strategies as st

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.spec.access import AccessSpec, CiSpec
from mlplatform.spec.artifact_store import PLACES, ArtifactStoreSpec, PlaceSpec, WormSpec
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.gpu_sharing import TimeSlicing
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.monitoring import (
    AlertsSpec,
    EmailRoute,
    MonitoringSpec,
    PagerDutyRoute,
    SlackRoute,
    WebhookRoute,
)
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.nodes import TaintSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.replicas import AutoscalingSpec, CpuSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout, CanaryRollout
from mlplatform.spec.training import GpuPoolSpec, SystemPoolSpec, TrainingSpec
from mlplatform.spec.variants import ShadowSpec, VariantSpec

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"


def names(longest: int, inner: str = LETTERS + DIGITS + "-") -> st.SearchStrategy[str]:
    """Names that start with a letter, end in one, and are as long as allowed every now and then."""
    return st.builds(
        lambda first, middle, last: first + middle + last,
        st.sampled_from(LETTERS),
        st.text(inner, max_size=longest - 2),
        st.sampled_from(LETTERS),
    )


def words(longest: int = 20) -> st.SearchStrategy[str]:
    """Letters and digits only."""
    return names(longest, LETTERS + DIGITS)


places = st.builds(
    PlaceSpec,
    retention=st.sampled_from([None, "ephemeral", "standard", "long-term"]),
    tier_after_days=st.sampled_from([None, 30, 90, 365]),
    expire_after_days=st.sampled_from([None, 400, 3650]),
    old_versions_days=st.sampled_from([None, 1, 30, 365]),
    worm=st.none() | st.builds(WormSpec, days=st.integers(1, 365)),
)

stores = st.builds(
    ArtifactStoreSpec,
    retention=st.sampled_from(["ephemeral", "standard", "long-term"]),
    access_logs=st.booleans(),
    replicated=st.booleans(),
    # what is released does not go by itself
    **{**dict.fromkeys(PLACES, places), "models": places.filter(lambda place: place.expire_after_days is None)},
)

# what all three clouds have in the regions below, on demand and spot
ACCELERATORS = [("T4:1",), ("L4:1", "T4:1"), ("T4:4",), ("A100-80GB:8",), ("H100:8",)]


@st.composite
def pools(draw: st.DrawFn, name: str) -> GpuPoolSpec:
    most = draw(st.integers(1, 64))
    accelerator = draw(st.sampled_from(ACCELERATORS))
    big = accelerator[0] in ("A100-80GB:8", "H100:8")
    fabric = draw(st.booleans()) if accelerator == ("H100:8",) else False
    return GpuPoolSpec(
        name=name,
        accelerator=accelerator,
        min_nodes=draw(st.integers(0, min(most, 3))),
        max_nodes=most,
        capacity=draw(st.sampled_from(["on-demand", "spot"])),
        disk_gib=draw(st.integers(100, 2000)),
        disk_type=draw(st.sampled_from(["balanced", "fast"])),
        local_nvme=big and draw(st.booleans()),
        labels=draw(st.dictionaries(words(), words(), max_size=3)),
        taints=tuple(
            draw(st.lists(st.builds(TaintSpec, key=words(), value=words()), max_size=2, unique_by=lambda t: t.key))
        ),
        fabric=fabric,
        sharing=None if fabric else draw(st.none() | st.builds(TimeSlicing, clients=st.integers(2, 16))),
    )


@st.composite
def cpu_pools(draw: st.DrawFn, name: str) -> CpuPoolSpec:
    most = draw(st.integers(1, 32))
    return CpuPoolSpec(
        name=name,
        vcpus=draw(st.integers(2, 64)),
        memory_gib=draw(st.integers(4, 256)),
        min_nodes=draw(st.integers(0, min(most, 3))),
        max_nodes=most,
        capacity=draw(st.sampled_from(["on-demand", "spot"])),
        disk_gib=draw(st.integers(50, 2000)),
        labels=draw(st.dictionaries(words(), words(), max_size=3)),
        taints=tuple(
            draw(st.lists(st.builds(TaintSpec, key=words(), value=words()), max_size=2, unique_by=lambda t: t.key))
        ),
    )


@st.composite
def trainings(draw: st.DrawFn) -> TrainingSpec:
    found = draw(st.lists(names(12, LETTERS + DIGITS), max_size=6, unique=True))
    least = draw(st.integers(1, 3))
    return TrainingSpec(
        system_pool=SystemPoolSpec(
            min_nodes=least,
            max_nodes=draw(st.integers(least, 12)),
            vcpus=draw(st.sampled_from([2, 4, 8, 16])),
            memory_gib=draw(st.sampled_from([8, 16, 32])),
            disk_gib=draw(st.integers(50, 500)),
        ),
        pools=tuple(draw(pools(name)) for name in found[:4]),
        cpu_pools=tuple(draw(cpu_pools(name)) for name in found[4:]),
    )


@st.composite
def endpoints(draw: st.DrawFn, name: str) -> EndpointSpec:
    server = draw(st.sampled_from(["triton", "torchserve", "tensorflow"]))
    models = draw(st.integers(0, 2))
    gpu = draw(st.booleans())
    least = draw(st.integers(1, 4))
    variants: tuple[VariantSpec, ...] = ()
    if models == 1:
        variants = (VariantSpec(name="main", model=draw(words()) + "/1"),)
    if models == 2:
        share = draw(st.integers(1, 99))
        variants = (
            VariantSpec(name="stable", model=draw(words()) + "/1", traffic_percent=share),
            VariantSpec(name="next", model=draw(words()) + "/2", traffic_percent=100 - share),
        )
    shadow = draw(st.booleans()) and models == 1
    return EndpointSpec(
        name=name,
        server=server,
        variants=variants,
        shadow=ShadowSpec(model="shadow/1", sample_percent=draw(st.integers(1, 50))) if shadow else None,
        accelerator=("L4:1", "T4:1") if gpu else None,
        cpu=CpuSpec(vcpus=draw(st.sampled_from([1, 2, 4])), memory_gib=draw(st.sampled_from([2, 4, 8]))),
        replicas=(least, draw(st.integers(least, 20))),
        autoscaling=AutoscalingSpec(
            metric=draw(st.sampled_from(["requests", "concurrency"])), target=draw(st.integers(1, 500))
        ),
        timeout_seconds=draw(st.integers(5, 60)) if server == "torchserve" else 60,
        env=draw(st.dictionaries(words().map(str.upper), st.text(LETTERS, max_size=20), max_size=3)),
        rollout=draw(
            st.one_of(
                st.just(AllAtOnce()),
                st.builds(BlueGreenRollout, bake_minutes=st.integers(1, 60)),
                st.builds(
                    CanaryRollout, steps=st.sampled_from([(5,), (10,), (25, 50, 75)]), bake_minutes=st.integers(1, 30)
                ),
            )
        ),
        capture_percent=draw(st.integers(0, 100)) if models else 0,
        exposure=draw(st.sampled_from(["private", "public"])),
        slo=draw(
            st.none()
            | st.builds(
                SloSpec,
                availability_percent=st.sampled_from([95.0, 99.0, 99.9]),
                latency_ms=st.sampled_from([None, 50, 500]),
            )
        ),
    )


routes = st.lists(
    st.one_of(
        words().map(lambda user: EmailRoute(f"{user}@acme.example")),
        st.just(SlackRoute(channel="#alerts", channel_id="C0123456789", team_id="T0123456789")),
        st.just(PagerDutyRoute()),
        st.just(WebhookRoute(name="hook", url_secret="hook-url")),
    ),
    max_size=4,
    unique_by=lambda route: (route.kind, getattr(route, "address", "")),
)


@st.composite
def platforms(draw: st.DrawFn) -> PlatformSpec:
    """A whole platform on three clouds."""
    services = draw(st.lists(names(24).filter(lambda name: "--" not in name), max_size=4, unique=True))
    return PlatformSpec(
        name=draw(names(20).filter(lambda name: "--" not in name)),
        environment=draw(st.sampled_from(["dev", "staging", "prod"]) | names(12, LETTERS + DIGITS)),
        profile=draw(st.sampled_from([None, "dev", "prod"])),
        owner=draw(words(63)),
        cost_center=draw(words()),
        data_class=draw(st.sampled_from(["public", "internal", "confidential", "restricted"])),
        tags=draw(st.dictionaries(words(), words(), max_size=4)),
        targets=(
            AwsTarget(account_id="123456789012", region="us-east-1", replica_region="us-west-2"),
            GcpTarget(
                project="fuzz-project",
                project_number="123456789012",
                region="us-central1",
                replica_region="us-east1",
                billing_account="012345-6789AB-CDEF01",
            ),
            AzureTarget(
                subscription_id="00000000-0000-4000-8000-000000000000",
                tenant_id="11111111-1111-4111-8111-111111111111",
                location="eastus",
                replica_region="westus3",
            ),
        ),
        network=draw(
            st.builds(
                NetworkSpec,
                zones=st.sampled_from([None, 2, 3]),
                nat=st.sampled_from([None, "per-zone", "single"]),
                flow_logs=st.booleans(),
            )
        ),
        keys=draw(
            st.builds(KeysSpec, rotation_days=st.integers(90, 365), protection=st.sampled_from(["software", "hsm"]))
        ),
        access=AccessSpec(
            ci=CiSpec(repository="acme/ml", owner_id="1", repository_id="2") if draw(st.booleans()) else None
        ),
        artifact_store=draw(stores),
        training=draw(st.none() | trainings()),
        registry=RegistrySpec(
            keep_images=draw(st.integers(1, 1000)),
            models=tuple(draw(st.lists(names(20).filter(lambda name: "--" not in name), max_size=3, unique=True))),
        ),
        endpoints=tuple(draw(endpoints(name)) for name in services),
        monitoring=MonitoringSpec(
            log_retention_days=draw(st.none() | st.integers(1, 3653)),
            alerts=draw(
                st.builds(AlertsSpec, latency_p99_ms=st.integers(10, 5000), gpu_idle_minutes=st.integers(10, 600))
            ),
            routes=tuple(draw(routes)),
            dashboards=draw(st.booleans()),
            prometheus=draw(st.booleans()),
            grafana=draw(st.booleans()),
        ),
        budget=BudgetSpec(monthly_usd=draw(st.integers(1, 10**6)), emails=("a@acme.example",))
        if draw(st.booleans())
        else None,
    )
