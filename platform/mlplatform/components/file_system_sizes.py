"""The shared file system of a spec on one cloud: whether it is made, how large, and where. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mlplatform.components.selection import bound_reservation
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    from mlplatform.spec.file_system import FileSystemThroughput, SharedFileSystemSpec


@record()
class FileSystemTier:
    """Sizes that one throughput of a cloud's service has."""

    step_gib: int
    """Every capacity is a multiple of it."""

    least_gib: int
    """The smallest."""

    most_gib: int | None = None
    """The largest; None where only the account's quota limits it."""


FileSystemTiers = Mapping["FileSystemThroughput", FileSystemTier]
"""By throughput, MB/s for each TiB."""


def created_file_system(spec: PlatformSpec) -> SharedFileSystemSpec | None:
    """The file system that the platform makes on a narrowed spec's target; None where there is none of its own.

    Args:
        spec: the narrowed spec. A target that names an existing file system mounts that one.
    """
    return None if _named(spec) else spec.cluster.shared_file_system if spec.cluster else None


def mounts_file_system(spec: PlatformSpec) -> bool:
    """Whether a narrowed spec's jobs mount one, made or existing."""
    return _named(spec) or created_file_system(spec) is not None


def _named(spec: PlatformSpec) -> bool:
    return getattr(spec.targets[0], "shared_file_system", None) is not None


def capacity_taken(wanted: SharedFileSystemSpec, tiers: FileSystemTiers) -> int:
    """The capacity that the cloud gives, GiB: the next step above the wanted one.

    Args:
        wanted: the file system, which validation has accepted.
        tiers: of the cloud.
    """
    tier = tiers[wanted.throughput]
    if wanted.capacity_gib <= tier.least_gib:
        return tier.least_gib
    return -(-wanted.capacity_gib // tier.step_gib) * tier.step_gib


def zone_number(spec: PlatformSpec, target: Target, zones: Sequence[str]) -> int:
    """Position of the file system's zone: its own, else that of the first pool in just one, else the first.

    Args:
        spec: the narrowed spec.
        target: its target.
        zones: the network's zones.
    """
    wanted = created_file_system(spec)
    if wanted and wanted.zone:
        return wanted.zone
    for pool in spec.training.pools if spec.training else ():
        bound = bound_reservation(target, pool)
        if bound and bound.zone in zones:
            return zones.index(bound.zone) + 1
        if len(pool.zones) == 1:
            return pool.zones[0]
    return 1
