"""How the tracking server on GKE reaches its database and the store."""

from __future__ import annotations

from mlplatform.backends.gcp import addresses
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.serving_facts import TrackingAccess
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> TrackingAccess:
    """Each instance has an authority of its own, which says no name that an address could be held against:
    https://docs.cloud.google.com/sql/docs/postgres/configure-ssl-instance"""
    place, folder = ARTIFACTS
    return TrackingAccess(
        artifacts=f"{addresses.place_uri(spec, place)}/{folder}",
        login="google-token",
        env={"PGSSLMODE": "verify-ca", "TRACKING_AUTHORITY": FromCloud("layer.tracking.authority")},
    )
