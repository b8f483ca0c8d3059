"""How pods on EKS act as an identity of the platform."""

from __future__ import annotations

from mlplatform.cluster.objects.base import Labels
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, purpose: str) -> Labels:
    """None: the association of EKS Pod Identity names the service account."""
    return {}
