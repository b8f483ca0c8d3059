"""Names of the shared file system, the same in the cloud's stack and in the layer. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.names import short_hash
from mlplatform.spec.file_system import SharedFileSystemSpec


def instance_content(spec: SharedFileSystemSpec, zone: str) -> str:
    """All that makes it another instance when it changes."""
    return f"{zone} {spec.throughput} {spec.cidr or ''}"


def mount_name(content: str) -> str:
    """The name by which nodes mount it: one node cannot mount two instances of one such name.

    https://docs.cloud.google.com/managed-lustre/docs/lustre-csi-driver-overview
    """
    return f"fs{short_hash(content)}"[:8]
