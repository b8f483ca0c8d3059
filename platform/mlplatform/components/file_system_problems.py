"""Problems of the shared file system, existing or made, in the same words on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlplatform.components.backend import Backend
from mlplatform.components.file_system_sizes import FileSystemTiers, created_file_system, zone_number
from mlplatform.snippet import Snippet
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    from mlplatform.spec.file_system import SharedFileSystemSpec

CREATED = "cluster.shared_file_system"
"""The field of a file system that the platform makes."""


def file_system_path(spec: PlatformSpec) -> str:
    """The field of the narrowed spec's target."""
    return f"targets[{spec.targets[0].name}].shared_file_system"


def file_system_problems(backend: Backend, spec: PlatformSpec) -> Iterator[Problem]:
    """A file system that nothing mounts.

    Args:
        backend: the cloud.
        spec: the narrowed spec, whose target names one.
    """
    if spec.cluster is None:
        yield backend.refuse(
            file_system_path(spec),
            "a file system, and no layer inside the cluster",
            "a spec with `cluster`, whose namespaces of jobs get claims of it",
            "add `cluster`, or omit it",
        )


def created_problems(
    backend: Backend, spec: PlatformSpec, target: Target, tiers: FileSystemTiers, zones: Sequence[str], source: str
) -> Iterator[Problem]:
    """Sizes and zones that the cloud does not have.

    Args:
        backend: the cloud.
        spec: the narrowed spec.
        target: its target.
        tiers: sizes of the cloud's service.
        zones: the network's zones; empty where the region has none.
        source: name of the service.
    """
    wanted = created_file_system(spec)
    if wanted is None:
        return
    yield from _size(backend, wanted, tiers, source)
    yield from _range(backend, spec, wanted)
    number = zone_number(spec, target, zones)
    if wanted.zone and number > max(1, len(zones)):
        yield backend.refuse(
            f"{CREATED}.zone",
            number,
            f"one of the network's {len(zones)} zones" if zones else "1: the region has no zones",
            f"choose 1 to {len(zones)}, or raise network.zones" if zones else "omit zone",
            fields=("network.zones",),
        )


def _range(backend: Backend, spec: PlatformSpec, wanted: SharedFileSystemSpec) -> Iterator[Problem]:
    network = spec.network
    ranges = {"cidr": network.cidr, "pod_cidr": network.pod_cidr, "service_cidr": network.service_cidr}
    for field, value in ranges.items():
        if wanted.cidr and wanted.cidr.overlaps(value):
            yield backend.refuse(
                f"{CREATED}.cidr",
                wanted.cidr,
                f"a range that does not overlap network.{field}, {value}",
                "choose another private range, or omit it",
                fields=(f"network.{field}",),
            )


def no_room(backend: Backend, spec: PlatformSpec, why: str, smallest: int) -> Iterator[Problem]:
    """A network without a free range for the file system that the platform makes.

    Args:
        backend: the cloud.
        spec: the narrowed spec.
        why: what uses the network's range, or how small the free part is.
        smallest: longest prefix that the service takes.
    """
    yield backend.refuse(
        f"{CREATED}.cidr",
        f"nothing, and {spec.network.cidr} for the network",
        f"a range for the file system: {why}",
        f"write a private range of /{smallest} or larger that the network, its pods, its services and connected "
        "networks do not use, for example",
        write=Snippet("10.250.0.0/20", "cidr"),
        fields=("network.cidr", "network.nat", "network.zones"),
    )


def existing_network(backend: Backend, field: str, what: str) -> Iterator[Problem]:
    """An existing network or existing keys, which have no place for a file system that the platform makes.

    Args:
        backend: the cloud.
        field: the field that names them.
        what: what they lack.
    """
    yield backend.refuse(
        CREATED,
        f"a file system, and {field}",
        what,
        "make the file system yourself and name it in the target's shared_file_system, or mount places of the store by "
        "cluster.mounts",
        fields=(field,),
    )


def _size(backend: Backend, wanted: SharedFileSystemSpec, tiers: FileSystemTiers, source: str) -> Iterator[Problem]:
    tier = tiers.get(wanted.throughput)
    if tier is None:
        return  # the limit of the field says it
    got = f"{wanted.capacity_gib} with throughput {wanted.throughput}"
    fields = (f"{CREATED}.throughput",)
    if wanted.capacity_gib < tier.least_gib:
        smaller = [
            f"throughput {other}, which starts at {each.least_gib}"
            for other, each in tiers.items()
            if each.least_gib < tier.least_gib
        ]
        fix = f"raise it to {tier.least_gib}" + (f", or choose {smaller[-1]}" if smaller else "")
        yield backend.refuse(
            f"{CREATED}.capacity_gib", got, f"at least {tier.least_gib}, the smallest of {source}", fix, fields=fields
        )
    elif tier.most_gib and wanted.capacity_gib > tier.most_gib:
        yield backend.refuse(
            f"{CREATED}.capacity_gib",
            got,
            f"at most {tier.most_gib}, the largest of {source} with that throughput",
            f"lower it to {tier.most_gib}, or name a file system that you make in the target's shared_file_system",
            fields=fields,
        )
