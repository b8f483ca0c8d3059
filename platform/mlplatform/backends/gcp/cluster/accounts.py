"""How pods on GKE act as an identity of the platform."""

from __future__ import annotations

from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.objects.base import FromCloud, Labels
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, purpose: str) -> Labels:
    """The address of the service account, which trusts the Kubernetes account; an existing one is its owner's."""
    existing = target_of(spec, GcpTarget).existing
    if existing and existing.identities and getattr(existing.identities, purpose, None):
        return {}
    return {"iam.gke.io/gcp-service-account": FromCloud(f"layer.identities.{purpose}")}
