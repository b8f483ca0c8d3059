"""Limits and problems of all rooms, in one place. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.azure.artifact_store import limits as artifact_store
from mlplatform.backends.azure.feature_store import limits as feature_store
from mlplatform.backends.azure.identity import limits as identity
from mlplatform.backends.azure.model_monitor import limits as model_monitor
from mlplatform.backends.azure.monitoring import limits as monitoring
from mlplatform.backends.azure.network import limits as network
from mlplatform.backends.azure.network.address_plan import RESERVED_RANGES
from mlplatform.backends.azure.network.files_range import SMALLEST_FILES_PREFIX, files_range
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.pipelines import limits as pipelines
from mlplatform.backends.azure.registry import limits as registry
from mlplatform.backends.azure.serving import limits as serving
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.telemetry import limits as telemetry
from mlplatform.backends.azure.tracking import limits as tracking
from mlplatform.backends.azure.training import limits as training
from mlplatform.backends.azure.training.file_system_sizes import TIERS
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

_ROOMS = (
    *(network, artifact_store, training, registry, serving, identity, monitoring, telemetry, pipelines, tracking),
    model_monitor,
    feature_store,
)

LIMITS: tuple[Limit, ...] = (
    *(limit for room in _ROOMS for limit in room.LIMITS),
    *CLUSTER_ENDPOINT_LIMITS,
)
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
    yield from _made_file_system(spec, target, backend)
    if target.shared_file_system is None:
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


def _made_file_system(spec: PlatformSpec, target: AzureTarget, backend: Backend) -> Iterator[Problem]:
    """What Azure Managed Lustre has no place or no key for.

    https://learn.microsoft.com/azure/azure-managed-lustre/customer-managed-encryption-keys
    """
    wanted = created_file_system(spec)
    if wanted is None:
        return
    zones = zones_in_use(spec)
    yield from created_problems(backend, spec, target, TIERS, zones, "Azure Managed Lustre")
    if spec.keys.protection == "hsm":
        yield backend.refuse(
            CREATED,
            "a file system, and keys.protection 'hsm'",
            "keys of software: Azure Managed Lustre takes RSA keys of 2048 bits, and is not said to take those of an "
            "HSM",
            "set keys.protection to software, or mount places of the store by cluster.mounts",
            fields=("keys.protection",),
        )
    if target.existing and target.existing.keys:
        lacks = "a vault whose public access is on, with an RSA key of 2048 bits: the platform makes both"
        yield from existing_network(backend, f"targets[{target.name}].existing.keys", lacks)
    if target.network:
        lacks = "a network that the platform makes, with a subnet for it"
        yield from existing_network(backend, f"targets[{target.name}].network", lacks)
    elif files_range(spec) is None:
        used = len(zones) > 2 and (spec.network.nat or spec.defaults.nat) == "per-zone"
        why = (
            "the subnets of three zones, each with its own gateway, have all of it"
            if used
            else f"the free part of the network's is smaller than /{SMALLEST_FILES_PREFIX}"
        )
        yield from no_room(backend, spec, why, SMALLEST_FILES_PREFIX)
    for refused in RESERVED_RANGES:
        if wanted.cidr and wanted.cidr.overlaps(refused):
            yield backend.refuse(
                f"{CREATED}.cidr",
                wanted.cidr,
                f"a range outside {refused}, which AKS reserves",
                "choose another private range",
            )
