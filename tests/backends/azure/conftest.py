"""Plans of Azure's infrastructure, made once per process, and ways to ask them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import (
    AccessSpec,
    ArtifactStoreSpec,
    AzureTarget,
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
from mlplatform.backends.azure.backend import BACKEND
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.budget import Budget
from mlplatform.components.cluster import Cluster
from mlplatform.components.context import Context
from mlplatform.components.identity import Identity
from mlplatform.components.node_pool import GpuNodePool
from mlplatform.plan.model import PlanNote
from mlplatform.plan.record import record_program

from ...planned import REGISTRY, ROUTES, Planned, Refusals, least_platform

SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"
TENANT = "55555555-6666-7777-8888-999999999999"
GROUP = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/reserved/providers/Microsoft.Compute/capacityReservationGroups/a100"
)
PEOPLE = {
    "data-scientist": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1", "aaaaaaab-bbbb-4ccc-8ddd-eeeeeeeeeee1"),
    "ml-engineer": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2",),
    "data-engineer": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee3",),
    "operator": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee4",),
    "auditor": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee5",),
    "domain-expert": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee6",),
}


def target(**changes: object) -> AzureTarget:
    """The tests' subscription."""
    return AzureTarget.model_validate(
        {"subscription_id": SUBSCRIPTION, "tenant_id": TENANT, "location": "westus3", **changes}
    )


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
                replica_region="eastus",
                reservations={"a100": ReservationBinding(id=GROUP, zone="2")},
                people=PEOPLE,
                defender_for_containers=True,
                subscription_audit=True,
                register_features=True,
            ),
        ),
        access=AccessSpec(ci=CiSpec(repository="acme/ml")),
        artifact_store=ArtifactStoreSpec(
            replicated=True,
            data=PlaceSpec(worm=WormSpec(days=365)),
            features=PlaceSpec(retention="long-term", legal_hold=True),
            pipelines=PlaceSpec(retention="ephemeral", versioned=False),
        ),
        training=TrainingSpec(
            pools=(
                GpuPoolSpec(name="finetune", accelerator="A100-80GB:8", max_nodes=4, capacity="spot", local_nvme=True),
                GpuPoolSpec(name="pretrain", accelerator="H100:8", max_nodes=16, fabric=True),
                GpuPoolSpec(
                    name="reserved", accelerator="A100-80GB:1", max_nodes=4, capacity=Reservation(name="a100", count=4)
                ),
                GpuPoolSpec(name="vision", accelerator=("L4:1", "T4:1"), max_nodes=8, sharing=TimeSlicing(clients=4)),
                GpuPoolSpec(
                    name="sliced",
                    accelerator="A100-80GB:1",
                    max_nodes=1,
                    zones=(3,),
                    sharing=Mig(profile="3g.40gb"),
                    taints=(TaintSpec(key="team", value="x"),),
                    labels={"acme.example/team": "x"},
                ),
            )
        ),
        registry=REGISTRY,
        monitoring=MonitoringSpec(
            grafana=True,
            log_retention_days=1000,
            routes=ROUTES,
        ),
        budget=BudgetSpec(monthly_usd=40_000, alert_percent=(50, 100)),
    )


def infrastructure(platform: PlatformSpec) -> Planned:
    """Plan everything but models, endpoints and alert rules."""

    def program() -> list[PlanNote]:
        context = Context(platform, "azure")
        narrowed = context.spec
        name = context.prefix
        store = ArtifactStore(f"{name}-store", narrowed.artifact_store, context)
        images = context.images
        if narrowed.access.ci:
            images.grant_push(Identity(f"{name}-ci", "ci", context))
        if narrowed.training:
            cluster = Cluster(f"{name}-cluster", narrowed.training, context)
            training = Identity(f"{name}-training", "training", context)
            store.grant_write(training, "pipelines")
            store.grant_read(training, "data")
            images.grant_pull(training)
            cluster.bind(training, "training", "training")
            cluster.bind(training, "training", "second")
            for pool in narrowed.training.pools:
                GpuNodePool(f"{name}-pool-{pool.name}", pool, context, cluster=cluster)
        for role in context.target.people:
            person = Identity(f"{name}-{role}", role, context)
            store.grant_read(person, "models")
        assert context.routes
        if narrowed.budget:
            Budget(f"{name}-budget", narrowed.budget, context)
        return [PlanNote(note.path, note.text) for note in context.notes]

    secrets = (*platform.monitoring.secret_keys(), *platform.registry.secret_keys())
    return Planned(
        record_program(
            program,
            account=BACKEND.account(platform.targets[0]),
            stack="test",
            config={f"mlplatform:{key}": "very-secret" for key in secrets},
            resolve=True,
        )
    )


@pytest.fixture(scope="session")
def planned() -> Callable[..., Planned]:
    """Plan a platform that differs from the least one."""
    return lambda **changes: infrastructure(spec(**changes))


@pytest.fixture(scope="session")
def prod() -> Planned:
    """The full production platform, planned."""
    return infrastructure(full())


@pytest.fixture(scope="session")
def least() -> Planned:
    """The least development platform with a cluster, planned."""
    return infrastructure(spec(training=TrainingSpec()))
