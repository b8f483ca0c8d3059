"""Limits of GCP: gathers those of the rooms. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.gcp.artifact_store import limits as artifact_store
from mlplatform.backends.gcp.budget import limits as budget
from mlplatform.backends.gcp.identity import limits as identity
from mlplatform.backends.gcp.keys import limits as keys
from mlplatform.backends.gcp.monitoring import limits as monitoring
from mlplatform.backends.gcp.network import limits as network
from mlplatform.backends.gcp.pipelines import limits as pipelines
from mlplatform.backends.gcp.registry import limits as registry
from mlplatform.backends.gcp.serving import limits as serving
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.telemetry import limits as telemetry
from mlplatform.backends.gcp.tracking import limits as tracking
from mlplatform.backends.gcp.training import limits as training
from mlplatform.components.adopted_problems import adopted_problems, identity_problems, key_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_serving import CLUSTER_ENDPOINT_LIMITS
from mlplatform.components.file_system_problems import file_system_path, file_system_problems
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
)
"""Fields that GCP cannot honour, or only in part."""

_ANYWHERE = (artifact_store.problems, identity.problems, registry.problems, monitoring.problems, budget.problems)
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
