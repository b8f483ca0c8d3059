"""Range of the subnet for the shared file system. Imports no SDK."""

from __future__ import annotations

from ipaddress import IPv4Network

from mlplatform.backends.azure.network.address_plan import divide_range
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.spec.platform import PlatformSpec

SMALLEST_FILES_PREFIX = 24
"""Longest prefix of the subnet. 128 TiB take it whole, and smaller file systems are made in it too,
https://learn.microsoft.com/azure/azure-managed-lustre/amlfs-prerequisites#network-size-requirements"""


def files_range(spec: PlatformSpec) -> IPv4Network | None:
    """The range of a narrowed spec's file system; None where there is none, or no room for it.

    Of its own where the spec names one, else the last half of the quarter that nodes of a third zone would have: no
    subnet uses it where one subnet serves all zones, or there are only two.
    """
    wanted = created_file_system(spec)
    if wanted is None:
        return None
    if wanted.cidr:
        return wanted.cidr
    nat, zones = spec.network.nat or spec.defaults.nat, zones_in_use(spec)
    if nat == "per-zone" and len(zones) > 2:
        return None
    _, last = divide_range(spec.network.cidr).nodes[2].subnets()
    return last if last.prefixlen <= SMALLEST_FILES_PREFIX else None
