"""How the tracking server on EKS reaches its database and the store."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.cluster.authorities import authorities_address
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.serving_facts import TrackingAccess
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> TrackingAccess:
    """RDS' authorities are in no system's list: the pod fetches those of the region, and holds the certificate and its
    name against them."""
    place, folder = ARTIFACTS
    return TrackingAccess(
        artifacts=f"{addresses.place_uri(spec, place)}/{folder}",
        login="aws-secret",
        env={
            "AWS_DEFAULT_REGION": target_of(spec, AwsTarget).region,
            "PGSSLMODE": "verify-full",
            "TRACKING_AUTHORITY_FROM": authorities_address(spec),
            "TRACKING_SECRET": FromCloud("layer.tracking.secret"),
        },
    )
