"""How pods on AKS act as an identity of the platform."""

from __future__ import annotations

from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.objects.base import FromCloud, Labels
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, purpose: str) -> Labels:
    """The client id of the managed identity, which trusts the account's tokens; an existing one is its owner's."""
    existing = target_of(spec, AzureTarget).existing
    if existing and existing.identities and getattr(existing.identities, purpose, None):
        return {}
    return {"azure.workload.identity/client-id": FromCloud(f"layer.identities.{purpose}")}
