"""How the tracking server on EKS reaches its database and the store."""

from __future__ import annotations

from mlplatform.backends.aws import addresses
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.serving_facts import TrackingAccess
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> TrackingAccess:
    """RDS' authorities are in no system's list, so the connection is encrypted and the certificate is not checked: the
    security group lets nothing but the cluster's nodes reach the database."""
    place, folder = ARTIFACTS
    return TrackingAccess(
        artifacts=f"{addresses.place_uri(spec, place)}/{folder}",
        login="aws-secret",
        env={
            "AWS_DEFAULT_REGION": target_of(spec, AwsTarget).region,
            "PGSSLMODE": "require",
            "TRACKING_SECRET": FromCloud("layer.tracking.secret"),
        },
    )
