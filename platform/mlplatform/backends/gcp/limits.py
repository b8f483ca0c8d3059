"""Limits of GCP: gathers those of the rooms. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.artifact_store import limits as artifact_store
from mlplatform.backends.gcp.budget import limits as budget
from mlplatform.backends.gcp.feature_store import limits as feature_store
from mlplatform.backends.gcp.identity import limits as identity
from mlplatform.backends.gcp.keys import limits as keys
from mlplatform.backends.gcp.model_monitor import limits as model_monitor
from mlplatform.backends.gcp.monitoring import limits as monitoring
from mlplatform.backends.gcp.network import limits as network
from mlplatform.backends.gcp.network.address_plan import fabric_block
from mlplatform.backends.gcp.network.files_range import SMALLEST_FILES_PREFIX, files_range
from mlplatform.backends.gcp.network.limits import BRIDGE
from mlplatform.backends.gcp.network.zones import zones_in_use
from mlplatform.backends.gcp.pipelines import limits as pipelines
from mlplatform.backends.gcp.registry import limits as registry
from mlplatform.backends.gcp.serving import limits as serving
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry import limits as telemetry
from mlplatform.backends.gcp.tracking import limits as tracking
from mlplatform.backends.gcp.training import limits as training
from mlplatform.backends.gcp.training.file_system_sizes import TIERS
from mlplatform.components.adopted_problems import adopted_problems, identity_problems, key_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_endpoint_limits import CLUSTER_ENDPOINT_LIMITS
from mlplatform.components.file_system_problems import (
    CREATED,
    created_problems,
    existing_network,
    file_system_path,
    file_system_problems,
    no_room,
)
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.components.limits import check_target
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    *artifact_store.LIMITS,
    *keys.LIMITS,
    *identity.LIMITS,
    *registry.LIMITS,
    *telemetry.LIMITS,
    *budget.LIMITS,
    *training.LIMITS,
    *monitoring.LIMITS,
    *serving.LIMITS,
    *CLUSTER_ENDPOINT_LIMITS,
    *pipelines.LIMITS,
    *tracking.LIMITS,
    *model_monitor.LIMITS,
    *feature_store.LIMITS,
)
"""Fields that GCP cannot honour, or only in part."""

_ANYWHERE = (
    feature_store.problems,
    artifact_store.problems,
    identity.problems,
    registry.problems,
    monitoring.problems,
    budget.problems,
)
_IN_KNOWN_REGIONS = (network.problems, training.problems, serving.problems, pipelines.problems, tracking.problems)


def check(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything else that GCP refuses in a spec that is narrowed to it."""
    return check_target(spec, backend, GcpTarget, (*_IN_KNOWN_REGIONS, _existing, _file_system), anywhere=_ANYWHERE)


def _existing(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    existing = target.existing
    if existing is None:
        return
    yield from adopted_problems(backend, spec, existing)
    if existing.keys:
        keys = existing.keys
        yield from key_problems(backend, "ids", keys.default, keys.ids, (f"/locations/{target.region}/",))
    if existing.identities:
        names = existing.identities
        workloads = {
            "training": names.training,
            "pipelines": names.pipelines,
            "ci": names.ci,
        }
        endpoints = names.endpoints
        yield from identity_problems(backend, spec, workloads, endpoints, f"@{target.project}.iam.gserviceaccount.com")


def _file_system(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    yield from _made_file_system(spec, target, backend)
    named = target.shared_file_system
    if named is None:
        return
    yield from file_system_problems(backend, spec)
    zone = named.instance.split("/")[3]
    if zone.rpartition("-")[0] != target.region:
        yield backend.refuse(
            f"{file_system_path(spec)}.instance",
            zone,
            f"a zone of the target's region, {target.region}: each read would cross regions",
            "name an instance there",
        )


def _made_file_system(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """What Managed Lustre has no place for."""
    wanted = created_file_system(spec)
    if wanted is None:
        return
    zones = zones_in_use(spec, target, backend.catalog)
    yield from created_problems(backend, spec, target, TIERS, zones, "Managed Lustre")
    if target.network:
        lacks = "a network that the platform makes, which is connected with Google's services"
        yield from existing_network(backend, f"targets[{target.name}].network", lacks)
        return
    if files_range(spec) is None:
        why = f"the free quarter of the network's is smaller than /{SMALLEST_FILES_PREFIX}"
        yield from no_room(backend, spec, why, SMALLEST_FILES_PREFIX)
    if wanted.cidr is None:
        return
    if wanted.cidr.prefixlen > SMALLEST_FILES_PREFIX:
        yield backend.refuse(
            f"{CREATED}.cidr",
            wanted.cidr,
            f"/{SMALLEST_FILES_PREFIX} or larger, which an instance of Managed Lustre takes",
            "choose a larger range",
        )
    used = {
        "the container runtime of the nodes": BRIDGE,
        "pools with fabric": fabric_block(spec.network),
    }
    for who, block in used.items():
        if wanted.cidr.overlaps(block):
            yield backend.refuse(
                f"{CREATED}.cidr",
                wanted.cidr,
                f"a range that does not overlap {block}, which {who} may use",
                "choose another private range",
            )
