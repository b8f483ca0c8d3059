"""Plans of the GCP backend, made once per process, and ways to ask them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import (
    AccessSpec,
    ArtifactStoreSpec,
    BudgetSpec,
    CiSpec,
    EndpointSpec,
    GcpTarget,
    GpuPoolSpec,
    Mig,
    MonitoringSpec,
    PlaceSpec,
    PlatformSpec,
    Reservation,
    ReservationBinding,
    SloSpec,
    TaintSpec,
    TimeSlicing,
    TrainingSpec,
    WormSpec,
)
from mlplatform.backends.gcp.backend import BACKEND
from mlplatform.spec.access import ROLES

from ...planned import BLOCK, REGISTRY, ROUTES, Planned, Refusals, least_platform, record_released
from .watched import MONITORING, POOLS

PROJECT, NUMBER, REGION = "acme-ml-prod", "123456789012", "us-central1"


def target(**changes: object) -> GcpTarget:
    """The tests' project."""
    return GcpTarget.model_validate({"project": PROJECT, "project_number": NUMBER, "region": REGION, **changes})


def spec(**changes: object) -> PlatformSpec:
    """The least platform."""
    return least_platform(target(), **changes)


_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def full() -> PlatformSpec:
    """A production platform with every kind of infrastructure."""
    return spec(
        environment="prod",
        targets=(
            target(
                replica_region="us-east1",
                billing_account="012345-6789AB-CDEF01",
                security_group="gke-security-groups@acme.example",
                reservations={
                    "h100": ReservationBinding(id="h100-reserved", zone="us-central1-a"),
                    "block": ReservationBinding(
                        id="projects/acme-shared/reservations/h200/reservationBlocks/b1", zone="us-central1-b"
                    ),
                },
                people={role: (f"{role}s@acme.example",) for role in ROLES},
            ),
        ),
        access=AccessSpec(ci=CiSpec(repository="acme/ml")),
        artifact_store=ArtifactStoreSpec(
            replicated=True,
            data=PlaceSpec(worm=WormSpec(days=365)),
            features=PlaceSpec(retention="long-term", worm=WormSpec(days=30, locked=True)),
            models=PlaceSpec(legal_hold=True),
            pipelines=PlaceSpec(retention="ephemeral"),
        ),
        training=TrainingSpec(
            pools=(
                GpuPoolSpec(name="finetune", accelerator="A100-80GB:8", max_nodes=4, capacity="spot"),
                GpuPoolSpec(name="pretrain", accelerator="H100:8", max_nodes=16, fabric=True),
                GpuPoolSpec(
                    name="reserved", accelerator="H100:8", max_nodes=4, capacity=Reservation(name="h100", count=4)
                ),
                GpuPoolSpec(name="block", accelerator="H200:8", max_nodes=2, capacity=BLOCK, fabric=True),
                GpuPoolSpec(name="vision", accelerator=("L4:1", "T4:1"), max_nodes=8, sharing=TimeSlicing(clients=4)),
                GpuPoolSpec(
                    name="sliced",
                    accelerator="A100-80GB:8",
                    min_nodes=2,
                    max_nodes=2,
                    sharing=Mig(profile="3g.40gb"),
                    local_nvme=True,
                    disk_type="fast",
                    taints=(TaintSpec(key="team", value="x", effect="NoExecute"),),
                    labels={"acme.example/team": "x"},
                ),
                GpuPoolSpec(name="waiting", accelerator="H200:8", max_nodes=2, capacity="flex-start", fabric=True),
                GpuPoolSpec(name="blackwell", accelerator="B200:8", max_nodes=1, capacity="spot", disk_type="fast"),
            )
        ),
        registry=REGISTRY,
        monitoring=MonitoringSpec(
            grafana=True,
            log_retention_days=370,
            routes=ROUTES,
        ),
        budget=BudgetSpec(monthly_usd=40_000, alert_percent=(50, 100), emails=("finance@acme.example",)),
    )


@pytest.fixture(scope="session")
def planned() -> Callable[..., Planned]:
    """Plan a platform that differs from the least one."""
    return lambda **changes: Planned(record_released(spec(**changes), "gcp", resolve=True))


@pytest.fixture(scope="session")
def prod() -> Planned:
    """The full production platform, planned."""
    return Planned(record_released(full(), "gcp", resolve=True))


@pytest.fixture(scope="session")
def least() -> Planned:
    """The least development platform, planned."""
    return Planned(record_released(spec(), "gcp", resolve=True))


@pytest.fixture(scope="session")
def watched() -> Planned:
    """A platform with an endpoint, a pool, alerts and an SLO, planned."""
    slo = SloSpec(availability_percent=99.9, latency_ms=200, latency_percent=95, window_days=7)
    endpoints = (EndpointSpec(name="fraud", model="fraud/7", slo=slo),)
    return Planned(
        record_released(spec(endpoints=endpoints, monitoring=MONITORING, training=POOLS), "gcp", resolve=True)
    )
