"""The edits of a spec that a reviewer meets, and the platform that they change.

One small platform with a part of everything. An edit names fields and their new values; `GONE` removes one. An edit
that says `back` is made the other way round: the platform has the new values and goes back.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.components.imagined_releases import as_released
from mlplatform.spec.platform import PlatformSpec

CLOUDS = ("aws", "gcp", "azure")
GONE = object()
"""Value of a field that an edit removes; of an item of a list too."""


@dataclass(frozen=True)
class PerCloud:
    """A value that each cloud writes in its own way; a cloud without one does not have this edit."""

    values: Mapping[str, object]


@dataclass(frozen=True)
class Edit:
    """One change of a spec."""

    name: str
    """Name of its golden."""

    to: Mapping[str, object]
    """New values by path; list items by position, `TARGET` for the target."""

    back: bool = False
    """Whether the change is the way back, from the new values to the platform."""

    clouds: tuple[str, ...] = CLOUDS
    """Where it is possible."""


TARGET = "targets.0"
ENDPOINT = "endpoints.0"
POOL = "training.pools.0"

_TARGETS: Mapping[str, Mapping[str, object]] = {
    "aws": {
        "cloud": "aws",
        "account_id": "345678901234",
        "region": "us-east-1",
        "replica_region": "us-west-2",
        "people": {"ml-engineer": ["arn:aws:iam::345678901234:role/sso-ml-engineer"]},
    },
    "gcp": {
        "cloud": "gcp",
        "project": "acme-ml-prod",
        "project_number": "345678901234",
        "region": "us-central1",
        "billing_account": "012345-6789AB-CDEF01",
        "replica_region": "us-east4",
        "people": {"ml-engineer": ["ml-engineers@acme.example"]},
    },
    "azure": {
        "cloud": "azure",
        "subscription_id": "22222222-3333-4444-8555-666666666666",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "westus3",
        "replica_region": "eastus",
        "people": {"ml-engineer": ["99999999-aaaa-4bbb-8ccc-dddddddddddd"]},
    },
}
_BASE: Mapping[str, object] = {
    "name": "acme-ml",
    "environment": "prod",
    "owner": "ml-platform",
    "cost_center": "4711",
    "access": {"ci": {"system": "github", "repository": "acme/ml"}},
    "registry": {"models": ["fraud"], "pull_through": ["quay.io"]},
    "training": {"pools": [{"name": "vision", "accelerator": "T4:1", "max_nodes": 4, "capacity": "spot"}]},
    "endpoints": [{"name": "scorer", "model": "fraud/7", "replicas": [1, 4], "capture_percent": 10}],
    "budget": {"monthly_usd": 20000},
    "monitoring": {"routes": [{"kind": "email", "address": "ml-oncall@acme.example"}]},
}
_TWO = [
    {"name": "stable", "model": "fraud/7", "traffic_percent": 90},
    {"name": "next", "model": "fraud/8", "traffic_percent": 10},
]
_ONE = [{"name": "stable", "model": "fraud/8", "traffic_percent": 100}]
_PEOPLE = {
    "aws": {"auditor": ["arn:aws:iam::345678901234:role/sso-auditors"]},
    "gcp": {"auditor": ["auditors@acme.example"]},
    "azure": {"auditor": ["88888888-aaaa-4bbb-8ccc-dddddddddddd"]},
}

EDITS: tuple[Edit, ...] = (
    # what concerns everything
    Edit("tag-added", {"tags": {"team": "fraud"}}),
    Edit("tag-removed", {"tags": {"team": "fraud"}}, back=True),
    Edit("owner", {"owner": "risk-team"}),
    Edit("cost-center", {"cost_center": "4712"}),
    Edit("data-class", {"data_class": "restricted"}),
    Edit("name", {"name": "acme-ai"}),
    Edit("environment", {"environment": "staging"}),
    Edit("region", {f"{TARGET}.@": PerCloud({"aws": "us-east-2", "gcp": "us-east1", "azure": "eastus2"})}),
    Edit("profile-dev", {"profile": "dev"}),
    Edit("deletion-protection-off", {"deletion_protection": False}),
    # network
    Edit("network-range", {"network.cidr": "10.60.0.0/16"}),
    Edit("network-zones", {"network.zones": 2}),
    Edit("network-one-nat", {"network.nat": "single"}),
    Edit("network-no-flow-logs", {"network.flow_logs": False}),
    # keys and people
    Edit("keys-rotation", {"keys.rotation_days": 365}, clouds=("gcp", "azure")),
    Edit("keys-window", {"keys.deletion_window_days": 7}),
    Edit("keys-hsm", {"keys.protection": "hsm"}, clouds=("gcp", "azure")),
    Edit("role-added", {f"{TARGET}.people": PerCloud(_PEOPLE)}),
    Edit("role-removed", {f"{TARGET}.people": GONE}),
    Edit("ci-repository", {"access.ci.repository": "acme/other"}),
    Edit("ci-removed", {"access": GONE}),
    # the store
    Edit("store-retention", {"artifact_store.retention": "ephemeral"}),
    Edit("store-expiry", {"artifact_store.data": {"expire_after_days": 180}}),
    Edit("store-unversioned", {"artifact_store.features": {"versioned": False}}),
    Edit("store-worm-off", {"artifact_store.models": {"worm": {"days": 30}}}, back=True),
    Edit("store-no-access-logs", {"artifact_store.access_logs": False}),
    Edit("store-replicated", {"artifact_store.replicated": True}),
    Edit("store-not-replicated", {"artifact_store.replicated": True}, back=True),
    # the registry
    Edit("registry-fewer-images", {"registry.keep_images": 5}),
    Edit("registry-no-model-group", {"registry.models": []}),
    Edit("registry-no-cache", {"registry.pull_through": []}),
    Edit("registry-repository-gone", {"registry.repositories": ["training"]}),
    # training
    Edit("training-removed", {"training": GONE}),
    Edit("kubernetes-version", {"training.kubernetes_version": "1.36"}, clouds=("gcp",)),
    Edit("api-cidrs-public", {"training.api_cidrs": ["203.0.113.0/24"]}),
    Edit("pool-removed", {f"{POOL}": GONE}),
    Edit("pool-renamed", {f"{POOL}.name": "images"}),
    Edit("pool-larger", {f"{POOL}.max_nodes": 40}),
    Edit("pool-on-demand", {f"{POOL}.capacity": "on-demand"}),
    Edit(
        "pool-accelerator", {f"{POOL}.accelerator": PerCloud({"aws": "A10G:1", "gcp": "L4:1", "azure": "A100-80GB:1"})}
    ),
    # serving
    Edit("endpoint-removed", {f"{ENDPOINT}": GONE}),
    Edit("endpoint-renamed", {f"{ENDPOINT}.name": "fraud-scorer"}),
    Edit("endpoint-model", {f"{ENDPOINT}.model": "fraud/8"}),
    Edit("endpoint-model-back", {f"{ENDPOINT}.model": "fraud/8"}, back=True),
    Edit("endpoint-machine", {f"{ENDPOINT}.cpu": {"vcpus": 8, "memory_gib": 32}}),
    Edit("endpoint-replicas", {f"{ENDPOINT}.replicas": [3, 12]}),
    Edit("endpoint-to-zero", {f"{ENDPOINT}.replicas": [0, 4], f"{ENDPOINT}.capture_percent": 0}),
    Edit("endpoint-public", {f"{ENDPOINT}.exposure": "public"}),
    Edit("endpoint-variant-added", {f"{ENDPOINT}.model": GONE, f"{ENDPOINT}.variants": _TWO}),
    Edit("endpoint-variant-removed", {f"{ENDPOINT}.model": GONE, f"{ENDPOINT}.variants": _ONE}),
    Edit("endpoint-no-capture", {f"{ENDPOINT}.capture_percent": 0}),
    Edit("endpoint-all-at-once", {f"{ENDPOINT}.rollout": {"kind": "all-at-once"}}),
    Edit("endpoint-shadow", {f"{ENDPOINT}.shadow": {"name": "twin", "model": "fraud/8", "sample_percent": 20}}),
    Edit("endpoint-env", {f"{ENDPOINT}.env": {"THREADS": "4"}}),
    # watching
    Edit("monitoring-route", {"monitoring.routes.0.address": "others@acme.example"}),
    Edit("monitoring-shorter-logs", {"monitoring.log_retention_days": 30}),
    Edit("monitoring-no-dashboards", {"monitoring.dashboards": False}),
    Edit("budget-removed", {"budget": GONE}),
    Edit("budget-raised", {"budget.monthly_usd": 90000}),
)
"""Every edit, by what it concerns."""


def sides(edit: Edit, cloud: str) -> tuple[PlatformSpec, PlatformSpec]:
    """The spec before and after an edit, with everything released that each names."""
    plain, edited = base(cloud), _spec(_edited(cloud, edit.to), cloud)
    return (edited, plain) if edit.back else (plain, edited)


def base(cloud: str) -> PlatformSpec:
    """The platform of the table on one cloud."""
    return _spec(_document(cloud), cloud)


def _document(cloud: str) -> dict[str, object]:
    return copy.deepcopy({**_BASE, "targets": [_TARGETS[cloud]]})


def _spec(document: dict[str, object], cloud: str) -> PlatformSpec:
    return as_released(PlatformSpec.model_validate(document), (cloud,))


def _edited(cloud: str, to: Mapping[str, object]) -> dict[str, object]:
    document = _document(cloud)
    for path, value in to.items():
        *way, last = path.replace("@", "location" if cloud == "azure" else "region").split(".")
        place: object = document
        for part in way:
            place = _child(place, part)
        given = value.values[cloud] if isinstance(value, PerCloud) else value
        _put(place, last, given)
    return document


def _child(place: object, part: str) -> object:
    if isinstance(place, list):
        return cast("list[object]", place)[int(part)]
    return cast("dict[str, object]", place).setdefault(part, {})


def _put(place: object, last: str, value: object) -> None:
    if isinstance(place, list):
        items = cast("list[object]", place)
        if value is GONE:
            del items[int(last)]
        else:
            items[int(last)] = value
    elif value is GONE:
        cast("dict[str, object]", place).pop(last, None)
    else:
        cast("dict[str, object]", place)[last] = value
