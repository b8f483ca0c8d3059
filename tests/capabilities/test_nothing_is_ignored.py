"""Parity is a promise: changing any field of the spec changes the plan, or is refused with a reason, on every cloud."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

import pytest
from pydantic import BaseModel

from mlplatform import (
    AccessSpec,
    ArtifactStore,
    ArtifactStoreSpec,
    AwsTarget,
    AzureTarget,
    BudgetSpec,
    CiSpec,
    Context,
    CpuNodePool,
    CpuPoolSpec,
    EmailRoute,
    EndpointSpec,
    GcpTarget,
    GpuNodePool,
    GpuPoolSpec,
    ModelRegistry,
    Monitoring,
    MonitoringSpec,
    PlatformSpec,
    RegistrySpec,
    TrainingSpec,
    discovery,
)
from mlplatform.cluster.layer import ClusterLayer
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.monitoring import Watched
from mlplatform.plan.matrix import build_matrix
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record_program

from ..conftest import CLOUDS
from ..planned import record_released
from .field_cases import CASES

BASE = PlatformSpec(
    name="acme",
    environment="dev",
    owner="ml",
    cost_center="1",
    targets=(
        AwsTarget(account_id="123456789012", region="us-east-1", replica_region="us-west-2"),
        GcpTarget(
            project="acme-dev",
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
    access=AccessSpec(ci=CiSpec(repository="acme/ml", owner_id="1", repository_id="2")),
    artifact_store=ArtifactStoreSpec(),
    training=TrainingSpec(
        pools=(GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=4),),
        cpu_pools=(CpuPoolSpec(name="cpu", max_nodes=4),),
    ),
    registry=RegistrySpec(models=("fraud",)),
    endpoints=(EndpointSpec(name="scorer", model="fraud/1", slo={"availability_percent": 99.0, "latency_ms": 100}),),  # type: ignore[arg-type]
    monitoring=MonitoringSpec(routes=(EmailRoute("a@acme.example"),)),
    budget=BudgetSpec(monthly_usd=100),
)

VARIANTS = [
    {"name": "stable", "model": "fraud/1", "traffic_percent": 70},
    {"name": "next", "model": "fraud/2", "traffic_percent": 30},
]

CHANGES: dict[str, object] = {
    "name": "other",
    "environment": "test",
    "profile": "prod",
    "deletion_protection": True,
    "owner": "others",
    "cost_center": "2",
    "data_class": "restricted",
    "tags": {"team": "x"},
    "network.cidr": "10.60.0.0/16",
    "network.pod_cidr": "100.80.0.0/16",
    "network.service_cidr": "172.21.0.0/16",
    "network.zones": 3,
    "network.nat": "per-zone",
    "network.private_endpoints": False,
    "network.flow_logs": False,
    "keys.rotation_days": 180,
    "keys.deletion_window_days": 14,
    "keys.protection": "hsm",
    "access.ci.system": "gitlab",
    "access.ci.owner_id": "3",
    "access.ci.repository_id": "4",
    "access.ci.repository": "acme/other",
    "access.ci.branch": "release",
    "access.entry": "none",
    "access.training_namespace": "jobs",
    "cluster": {"engines": ["ray"]},
    "artifact_store.retention": "long-term",
    "artifact_store.versioned": False,
    "artifact_store.access_logs": False,
    "artifact_store.replicated": True,
    "artifact_store.data.retention": "ephemeral",
    "artifact_store.features.versioned": False,
    "artifact_store.models.tier_after_days": 45,
    "artifact_store.pipelines.expire_after_days": 500,
    "artifact_store.monitoring.old_versions_days": 11,
    "artifact_store.data.worm": {"days": 30},
    "artifact_store.features.worm": {"days": 30, "locked": True},
    "artifact_store.models.legal_hold": True,
    "training.kubernetes_version": "1.36",
    "training.support": "extended",
    "training.holds": [{"name": "run", "starts": "2026-03-02", "ends": "2026-03-20"}],
    "training.api_cidrs": ["203.0.113.0/24"],
    "training.system_pool.min_nodes": 3,
    "training.system_pool.max_nodes": 9,
    "training.system_pool.vcpus": 8,
    "training.system_pool.memory_gib": 32,
    "training.system_pool.disk_gib": 200,
    "training.pools.0.accelerator": "T4:4",
    "training.pools.0.min_nodes": 1,
    "training.pools.0.max_nodes": 5,
    "training.pools.0.capacity": "spot",
    "training.pools.0.disk_gib": 300,
    "training.pools.0.disk_type": "fast",
    "training.pools.0.local_nvme": True,
    "training.pools.0.labels": {"team": "x"},
    "training.pools.0.taints": [{"key": "team", "value": "x"}],
    "training.pools.0.zones": [1],
    "training.pools.0.fabric": True,
    "training.pools.0.sharing": {"kind": "time-slicing", "clients": 4},
    "training.cpu_pools.0.vcpus": 8,
    "training.cpu_pools.0.memory_gib": 32,
    "training.cpu_pools.0.min_nodes": 1,
    "training.cpu_pools.0.max_nodes": 5,
    "training.cpu_pools.0.capacity": "spot",
    "training.cpu_pools.0.disk_gib": 300,
    "training.cpu_pools.0.labels": {"team": "x"},
    "training.cpu_pools.0.taints": [{"key": "team", "value": "x"}],
    "training.cpu_pools.0.zones": [1],
    "registry.repositories": ["training"],
    "registry.keep_images": 10,
    "registry.untagged_days": 3,
    "registry.immutable_tags": False,
    "registry.scan_on_push": False,
    "registry.pull_through": ["quay.io"],
    "registry.logins": ["docker.io"],
    "registry.models": ["fraud", "tagger"],
    "endpoints.0.server": "torchserve",
    "endpoints.0.image": "docker.io/acme/scorer:1",
    "endpoints.0.model": "fraud/2",
    "endpoints.0.shadow": {"model": "fraud/2"},
    "endpoints.0.accelerator": ["L4:1", "T4:1"],
    "endpoints.0.cpu": {"vcpus": 4, "memory_gib": 16},
    "endpoints.0.replicas": [2, 9],
    "endpoints.0.autoscaling.metric": "requests",
    "endpoints.0.autoscaling.target": 33,
    "endpoints.0.autoscaling.cooldown_seconds": 600,
    "endpoints.0.max_concurrency": 3,
    "endpoints.0.timeout_seconds": 30,
    "endpoints.0.startup_seconds": 480,
    "endpoints.0.env": {"MODE": "x"},
    "endpoints.0.secrets": {"API_KEY": "api-key"},
    "endpoints.0.rollout": {"kind": "canary", "steps": [20]},
    "endpoints.0.capture_percent": 20,
    "endpoints.0.redact": {"kinds": ["email"], "image": "docker.io/acme/redact:1"},
    "endpoints.0.monitor": {"task": "classification", "inputs": [{"name": "amount"}], "image": "docker.io/acme/m:1"},
    "endpoints.0.exposure": "public",
    "endpoints.0.slo.availability_percent": 99.9,
    "endpoints.0.slo.latency_ms": 50,
    "endpoints.0.slo.latency_percent": 95.0,
    "endpoints.0.slo.window_days": 7,
    "monitoring.log_retention_days": 90,
    "monitoring.alerts.error_rate_percent": 7.0,
    "monitoring.alerts.latency_p99_ms": 777,
    "monitoring.alerts.saturation_percent": 77,
    "monitoring.alerts.gpu_idle_percent": 7,
    "monitoring.alerts.gpu_idle_minutes": 70,
    "monitoring.alerts.quota_percent": 70,
    "monitoring.routes": [{"kind": "email", "address": "b@acme.example"}],
    "monitoring.dashboards": False,
    "monitoring.prometheus": False,
    "monitoring.grafana": True,
    "budget.monthly_usd": 200,
    "budget.alert_percent": [90],
    "budget.emails": ["c@acme.example"],
    "budget.starts": "2026-03-01",
}

TOGETHER: dict[str, dict[str, object]] = {
    "registry.logins": {"registry.pull_through": ["docker.io"]},
    "endpoints.0.monitor": {"endpoints.0.server": "mlflow", "endpoints.0.capture_percent": 10},
    "endpoints.0.redact": {"endpoints.0.capture_percent": 10},
    "access.ci.system": {"access.ci.owner_id": None, "access.ci.repository_id": None},
}
"""Fields that must change with another, because the two values exclude each other."""

SATISFIED = {
    ("budget.starts", "gcp"): "a monthly budget counts the running month, whatever its start; the plan says so",
    ("keys.protection", "aws"): "KMS keys are always in FIPS 140 validated hardware",
    ("training.holds", "aws"): "EKS upgrades no node by itself, and no version before its support ends",
    ("training.holds.name", "azure"): "times without maintenance have no name in AKS",
    ("registry.immutable_tags", "azure"): "False is what Azure can do; True is refused",
    ("registry.scan_on_push", "azure"): "False is what the registry does by itself; True needs the target's opt-in",
}
"""Changes that a cloud honours without making anything different."""


BASES = {
    "training": BASE.overlay(endpoints=()),
    "endpoints": BASE.overlay(training=None),
    "all": BASE,
    "ground": BASE.overlay(endpoints=(), training=None),
}


def base_of(field: str) -> str:
    """As much of the platform as the field can concern: a smaller plan is a faster one."""
    part = "training" if field in ("access.entry", "access.training_namespace", "cluster") else field.partition(".")[0]
    return part if part in BASES else "all" if part in ("monitoring", "network") else "ground"


@cache
def _support() -> dict[tuple[str, str], str]:
    matrix = build_matrix()
    return {
        (row.path, cloud): cell.support
        for row in matrix.rows
        for cloud, cell in zip(matrix.clouds, row.cells, strict=True)
    }


def _store(context: Context) -> ArtifactStore:
    return ArtifactStore(f"{context.spec.name}-store", context.spec.artifact_store, context)


def _models(context: Context, store: ArtifactStore) -> ModelRegistry:
    return ModelRegistry(
        f"{context.spec.name}-models", context.spec.registry, context, store=store, images=context.images
    )


def _pools(context: Context) -> None:
    for pool in context.spec.training.pools if context.spec.training else ():
        GpuNodePool(f"{context.spec.name}-pool-{pool.name}", pool, context, cluster=context.cluster)
    for pool in context.spec.training.cpu_pools if context.spec.training else ():
        CpuNodePool(f"{context.spec.name}-pool-{pool.name}", pool, context, cluster=context.cluster)


def _monitoring(context: Context) -> None:
    watched = Watched(store=_store(context), cluster=None, pools=())
    Monitoring(f"{context.spec.name}-monitoring", context.spec.monitoring, context, watched=watched)


def _layer(context: Context) -> None:
    if context.wanted.cluster:
        ClusterLayer(context.wanted, cloud_stack="dev")


Part = Callable[[Context], object]

PARTS: dict[str, Part] = {
    "name": _store,
    "environment": _store,
    "profile": _store,
    "deletion_protection": _store,
    "owner": _store,
    "cost_center": _store,
    "data_class": _store,
    "tags": _store,
    "keys": _store,
    "artifact_store": _store,
    "network": lambda context: context.network,
    "training": _pools,
    "cluster": _layer,
    "registry": lambda context: _models(context, _store(context)),
    **dict.fromkeys(("monitoring.log_retention_days", "monitoring.routes", "monitoring.grafana"), _monitoring),
}
"""The components that a field, or all below it, concerns first. What they do not show, the whole platform must."""


def change(value: object, path: list[str], new: object) -> object:
    """The value with one field changed, as plain data that the models read again."""
    if not path:
        return new
    if isinstance(value, BaseModel):
        given = value.model_fields_set | ({"cloud", "kind"} & type(value).model_fields.keys())  # they choose the model
        fields = {name: getattr(value, name) for name in given}
        return {**fields, path[0]: change(getattr(value, path[0]), path[1:], new)}
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {**fields, path[0]: change(fields.get(path[0]), path[1:], new)}
    if isinstance(value, tuple | list):
        items, index = cast("tuple[object, ...]", value), int(path[0])
        return [*items[:index], change(items[index], path[1:], new), *items[index + 1 :]]
    raise TypeError(path)


def changed_by(base: PlatformSpec, field: str) -> PlatformSpec:
    changed: object = base
    for path, value in {field: CHANGES[field], **TOGETHER.get(field, {})}.items():
        changed = change(changed, path.split("."), value)
    return PlatformSpec.model_validate(changed)


Fingerprint = list[tuple[str, object]]


@cache
def _fingerprint(base: str, cloud: str, resolve: bool) -> Fingerprint:
    return plan_of(BASES[base], cloud, resolve)


@cache
def _fingerprint_of_part(part: Part, cloud: str) -> Fingerprint:
    found = part_of(part, BASE, cloud)
    assert part_of(part, BASE, cloud) == found, "two plans differ without a change"
    return found


def plan_of(spec: PlatformSpec, cloud: str, resolve: bool = False) -> Fingerprint:
    return _steps(record_released(spec, cloud, resolve=resolve))


def part_of(part: Part, spec: PlatformSpec, cloud: str) -> Fingerprint:
    def program() -> None:
        part(Context(as_released(spec, (cloud,)), cloud))

    account = discovery.backend(cloud).account(spec.on(cloud).targets[0])
    config = {f"mlplatform:{key}": "very-secret" for key in spec.registry.secret_keys()}
    return _steps(record_program(program, account=account, stack="dev", resolve=True, config=config))


def _steps(plan: Plan) -> Fingerprint:
    return [(s.urn, (s.document()["newState"], s.retain_on_delete)) for s in plan.steps]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_changes_the_plan_or_is_refused(field: str, cloud: str) -> None:
    base = BASES[base_of(field)]
    changed = changed_by(base, field)
    assert changed != base
    narrowed = changed.on(cloud)
    problems = discovery.backend(cloud).problems(narrowed)
    if problems:
        assert all(problem.expected and problem.fix for problem in problems)
        # a refusal proves nothing of a field that the matrix promises
        path = field.replace(".0", "")
        promised = _support()[path, cloud] == "yes" and not any(case.startswith(path) for case in CASES)
        assert not promised, f"{cloud} refuses {field}: {problems}"
        return
    if (field, cloud) in SATISFIED:
        return
    part = PARTS.get(field) or PARTS.get(field.partition(".")[0])
    if part and part_of(part, changed_by(BASE, field), cloud) != _fingerprint_of_part(part, cloud):
        return
    # resolved only where nothing else differs: a document with an unknown in it hides what else is in it
    assert any(
        plan_of(changed, cloud, resolve) != _fingerprint(base_of(field), cloud, resolve) for resolve in (False, True)
    ), f"{cloud} ignores {field}"


def test_the_table_has_every_field() -> None:
    """A new field of the spec must come into the table above, or here with the reason."""
    left_out = {
        "spec_version": "has one value",
        "targets": "what is bound to a cloud",
        "pipelines": "written, not planned: field_cases.py, and tests/pipelines",
        "feature_store": "written, not planned: tests/render/test_features.py",
        "tracking": "of one target: field_cases.py",
        "extensions": "of packages that are not here: tests/render/test_extensions.py installs one",
        "endpoints.port": "fixed by the server; of custom servers, see below",
        "endpoints.health_path": "of custom servers",
        "endpoints.name": "the identity of the endpoint",
        "endpoints.variants": "as traffic",
        "training.pools.name": "the identity of the pool",
        "training.cpu_pools.name": "the identity of the pool",
        "endpoints.on": "another kind of endpoint: tests/cluster/test_endpoints.py",
        "endpoints.pool": "of endpoints on the cluster alone: tests/cluster/test_endpoints.py",
        "endpoints.nodes": "of endpoints on the cluster alone: tests/cluster/test_replica_groups.py",
        "endpoints.entry": "of endpoints on the cluster alone: tests/cluster/test_public_entry.py",
        "endpoints.model_cache": "of endpoints on the cluster alone: tests/cluster/test_model_cache.py",
        "training.pools.max_run_hours": "of flex-start alone, with a case of its own in field_cases.py",
    }

    def fields(model: type[BaseModel], prefix: str = "") -> set[str]:
        return {f"{prefix}{name}" for name in model.model_fields}

    wanted = fields(PlatformSpec) | fields(EndpointSpec, "endpoints.") | fields(GpuPoolSpec, "training.pools.")
    wanted |= fields(CpuPoolSpec, "training.cpu_pools.")
    wanted |= fields(RegistrySpec, "registry.") | fields(MonitoringSpec, "monitoring.") | fields(BudgetSpec, "budget.")
    wanted |= fields(TrainingSpec, "training.") | fields(ArtifactStoreSpec, "artifact_store.")
    plain = {field.replace(".0", "") for field in CHANGES}
    missing = {
        name
        for name in wanted
        if name not in left_out and not any(p == name or p.startswith(f"{name}.") for p in plain)
    }
    assert not missing


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("field", "value"), [("port", 8081), ("health_path", "/ready"), ("image", "docker.io/acme/own:2")]
)
def test_custom_servers_say_where_they_listen(field: str, value: object, cloud: str) -> None:
    custom = EndpointSpec(name="own", server="custom", image="docker.io/acme/own:1", health_path="/ping")
    plain, changed = BASE.overlay(endpoints=(custom,)), BASE.overlay(endpoints=(custom.overlay(**{field: value}),))
    if discovery.backend(cloud).problems(changed.on(cloud)):
        return
    assert plan_of(plain, cloud) != plan_of(changed, cloud), f"{cloud} ignores endpoints.{field}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_traffic_between_variants_counts(cloud: str) -> None:
    def plan(share: int) -> list[tuple[str, object]]:
        variants = [{**VARIANTS[0], "traffic_percent": share}, {**VARIANTS[1], "traffic_percent": 100 - share}]
        return plan_of(
            BASE.overlay(endpoints=(EndpointSpec.model_validate({"name": "scorer", "variants": variants}),)), cloud
        )

    assert plan(70) != plan(60)
