"""Limits and problems of all rooms, in one place. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.artifact_store import limits as artifact_store
from mlplatform.backends.azure.identity import limits as identity
from mlplatform.backends.azure.monitoring import limits as monitoring
from mlplatform.backends.azure.network import limits as network
from mlplatform.backends.azure.pipelines import limits as pipelines
from mlplatform.backends.azure.registry import limits as registry
from mlplatform.backends.azure.serving import limits as serving
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import limits as telemetry
from mlplatform.backends.azure.tracking import limits as tracking
from mlplatform.backends.azure.training import limits as training
from mlplatform.components.adopted_problems import adopted_problems, identity_problems, key_problems
from mlplatform.components.backend import Backend, Limit
from mlplatform.components.cluster_serving import CLUSTER_ENDPOINT_LIMITS
from mlplatform.components.file_system_problems import file_system_path, file_system_problems
from mlplatform.components.limits import check_target
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_ROOMS = (network, artifact_store, training, registry, serving, identity, monitoring, telemetry, pipelines, tracking)

LIMITS: tuple[Limit, ...] = (*(limit for room in _ROOMS for limit in room.LIMITS), *CLUSTER_ENDPOINT_LIMITS)
"""Fields that Azure cannot honour, or only in part."""


def problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Problems of a spec that is narrowed to Azure, beyond the declared limits."""
    rooms = tuple(room.problems for room in _ROOMS)
    yield from check_target(spec, backend, AzureTarget, (*rooms, _existing, _file_system), region_field="location")


def _existing(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    existing = target.existing
    if existing is None:
        return
    yield from adopted_problems(backend, spec, existing)
    if existing.keys:
        keys = existing.keys
        yield from key_problems(backend, "names", keys.default, keys.names, ())
    if existing.identities:
        names = existing.identities
        workloads = {
            "training": names.training.id if names.training else None,
            "ci": names.ci.id if names.ci else None,
        }
        endpoints = {name: each.id for name, each in names.endpoints.items()}
        yield from identity_problems(backend, spec, workloads, endpoints, "")


def _file_system(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    named = target.shared_file_system
    if named is None:
        return
    yield from file_system_problems(backend, spec)
    if spec.network.nat == "none":
        yield backend.refuse(
            file_system_path(spec),
            "a file system, and network.nat 'none'",
            "nodes that reach packages.microsoft.com: the driver installs Lustre's client on each node when it starts",
            "set network.nat, or mount places of the store by cluster.mounts",
            fields=("network.nat",),
        )
