"""What makes the shared file system another one, for its name and the layer's volume. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import name_hash
from mlplatform.spec.file_system import SharedFileSystemSpec


def content_hash(spec: SharedFileSystemSpec, capacity_gib: int, zone: str) -> str:
    """A hash of all that makes it another file system when it changes.

    Args:
        spec: the file system.
        capacity_gib: the capacity that it has.
        zone: its zone; empty where the region has none.
    """
    return name_hash(f"{capacity_gib} {spec.throughput} {zone} {spec.cidr or ''}")
