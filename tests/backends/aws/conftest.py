"""Plans of the AWS backend, created once per process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import (
    AccessSpec,
    ArtifactStoreSpec,
    AwsTarget,
    BudgetSpec,
    CiSpec,
    GpuPoolSpec,
    Mig,
    MonitoringSpec,
    PlaceSpec,
    PlatformSpec,
    Reservation,
    ReservationBinding,
    TaintSpec,
    TimeSlicing,
    TrainingSpec,
    WormSpec,
)
from mlplatform.spec.access import ROLES

from ...planned import BLOCK, REGISTRY, ROUTES, Planned, least_platform, record_released

ACCOUNT = "123456789012"


def target(**changes: object) -> AwsTarget:
    """The tests' account."""
    return AwsTarget.model_validate({"account_id": ACCOUNT, "region": "us-east-1", **changes})


def spec(**changes: object) -> PlatformSpec:
    """The least platform."""
    return least_platform(target(), **changes)


def full() -> PlatformSpec:
    """A production platform with every kind of infrastructure."""
    return spec(
        environment="prod",
        targets=(
            target(
                replica_region="us-west-2",
                reservations={
                    "h100": ReservationBinding(id="cr-0123456789abcdef0", zone="us-east-1b"),
                    "block": ReservationBinding(id="cr-0123456789abcdef1", zone="us-east-1c"),
                },
                people={role: (f"arn:aws:iam::{ACCOUNT}:role/sso-{role}",) for role in ROLES},
            ),
        ),
        access=AccessSpec(ci=CiSpec(repository="acme/ml")),
        artifact_store=ArtifactStoreSpec(
            replicated=True,
            data=PlaceSpec(worm=WormSpec(days=365)),
            features=PlaceSpec(retention="long-term", worm=WormSpec(days=30, locked=True)),
            pipelines=PlaceSpec(retention="ephemeral"),
        ),
        training=TrainingSpec(
            pools=(
                GpuPoolSpec(name="finetune", accelerator="A100-80GB:8", max_nodes=4, capacity="spot", zones=(2, 3)),
                GpuPoolSpec(name="pretrain", accelerator="H100:8", max_nodes=16, fabric=True),
                GpuPoolSpec(
                    name="reserved", accelerator="H100:8", max_nodes=4, capacity=Reservation(name="h100", count=4)
                ),
                GpuPoolSpec(name="block", accelerator="H100:8", max_nodes=2, capacity=BLOCK),
                GpuPoolSpec(name="vision", accelerator=("L4:1", "T4:1"), max_nodes=8, sharing=TimeSlicing(clients=4)),
                GpuPoolSpec(
                    name="sliced",
                    accelerator="H100:8",
                    max_nodes=1,
                    sharing=Mig(profile="1g.10gb"),
                    local_nvme=True,
                    disk_type="fast",
                    taints=(TaintSpec(key="team", value="x"),),
                    labels={"acme.example/team": "x"},
                ),
                GpuPoolSpec(name="neuron", accelerator="Trainium1:1", max_nodes=1, local_nvme=True),
                GpuPoolSpec(name="arm", accelerator="T4G:1", max_nodes=1),
                GpuPoolSpec(name="bthree", accelerator="B300:8", max_nodes=1, fabric=True, zones=(2,)),
            )
        ),
        registry=REGISTRY,
        monitoring=MonitoringSpec(
            grafana=True,
            log_retention_days=370,
            routes=ROUTES,
        ),
        budget=BudgetSpec(monthly_usd=40_000, alert_percent=(50, 100)),
    )


@pytest.fixture(scope="session")
def planned() -> Callable[..., Planned]:
    """Plan a platform that differs from the least one."""
    return lambda **changes: Planned(record_released(spec(**changes), "aws", resolve=True))


@pytest.fixture(scope="session")
def prod() -> Planned:
    """The full production platform, planned."""
    return Planned(record_released(full(), "aws", resolve=True))


@pytest.fixture(scope="session")
def least() -> Planned:
    """The least development platform, planned."""
    return Planned(record_released(spec(), "aws", resolve=True))
