"""Range of the shared file system in Google's network. Imports no SDK."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform.backends.gcp.network.address_plan import plan_addresses
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.spec.platform import PlatformSpec

SMALLEST_FILES_PREFIX = 23
"""Longest prefix of an instance's range, https://docs.cloud.google.com/managed-lustre/docs/vpc"""


def files_range(spec: PlatformSpec) -> IPv4Network | None:
    """The range of a narrowed spec's file system; None where there is none, or no room for it."""
    wanted = created_file_system(spec)
    if wanted is None:
        return None
    if wanted.cidr:
        return wanted.cidr
    last = plan_addresses(spec.network).last
    return last if last.prefixlen <= SMALLEST_FILES_PREFIX else None
