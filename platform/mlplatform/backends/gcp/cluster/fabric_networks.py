"""Names of the fabric's networks in the cluster: the layer makes them, pods ask for them. Imports no SDK."""

from __future__ import annotations


def network_name(number: int) -> str:
    """The `Network` of one of the fabric's VPCs, which are numbered from 1."""
    return f"fabric-{number}"
