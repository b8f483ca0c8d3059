"""Everything AWS cannot do or refuses in a spec, gathered from its rooms. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.artifact_store import limits as artifact_store
from mlplatform.backends.aws.feature_store import limits as feature_store
from mlplatform.backends.aws.identity import limits as identity
from mlplatform.backends.aws.model_monitor import limits as model_monitor
from mlplatform.backends.aws.monitoring import limits as monitoring
from mlplatform.backends.aws.network import limits as network
from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.pipelines import limits as pipelines
from mlplatform.backends.aws.registry import limits as registry
from mlplatform.backends.aws.serving import limits as serving
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry import limits as telemetry
from mlplatform.backends.aws.tracking import limits as tracking
from mlplatform.backends.aws.training import limits as training
from mlplatform.backends.aws.training.file_system_sizes import TIERS
from mlplatform.components.adopted_problems import adopted_problems, identity_problems, key_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_endpoint_limits import CLUSTER_ENDPOINT_LIMITS
from mlplatform.components.file_system_problems import created_problems, file_system_problems
from mlplatform.components.limits import check_target
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

LIMITS: tuple[Limit, ...] = (
    *artifact_store.LIMITS,
    *registry.LIMITS,
    *training.LIMITS,
    *serving.LIMITS,
    *CLUSTER_ENDPOINT_LIMITS,
    *monitoring.LIMITS,
    *pipelines.LIMITS,
    *tracking.LIMITS,
    *model_monitor.LIMITS,
    *feature_store.LIMITS,
)
_CHECKS = (
    feature_store.problems,
    network.problems,
    registry.problems,
    training.problems,
    serving.problems,
    artifact_store.problems,
    identity.problems,
    telemetry.problems,
    pipelines.problems,
    tracking.problems,
    model_monitor.problems,
)


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Everything AWS refuses in a spec already narrowed to it, beyond its declared limits."""
    return check_target(spec, backend, AwsTarget, (*_CHECKS, _existing, _file_system))


def _existing(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    existing = target.existing
    if existing is None:
        return
    yield from adopted_problems(backend, spec, existing)
    if existing.keys:
        keys = existing.keys
        yield from key_problems(backend, "arns", keys.default, keys.arns, (f":{target.region}:",))
    if existing.identities:
        names = existing.identities
        workloads = {
            "training": names.training,
            "pipelines": names.pipelines,
            "ci": names.ci,
        }
        endpoints = names.endpoints
        yield from identity_problems(backend, spec, workloads, endpoints, f"::{target.account_id}:")


def _file_system(spec: PlatformSpec, target: AwsTarget, backend: Backend) -> Iterator[Problem]:
    if target.shared_file_system:
        yield from file_system_problems(backend, spec)
    zones = zones_in_use(spec, target, backend.catalog)
    yield from created_problems(backend, spec, target, TIERS, zones, "FSx for Lustre")
