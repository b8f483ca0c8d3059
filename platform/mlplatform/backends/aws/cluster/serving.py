"""How pods on EKS read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.aws.addresses import place_uri
from mlplatform.backends.aws.cluster.teams import AGENT
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.serving_facts import CapturePlace, ModelAccess
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ModelAccess:
    """https://rclone.org/s3/#authentication, https://docs.aws.amazon.com/eks/latest/userguide/irsa-fetch-keys.html"""
    target = target_of(spec, AwsTarget)
    settings = {"type": "s3", "provider": "AWS", "env_auth": "true", "region": target.region}
    return ModelAccess(
        address="s3://",
        settings=settings,
        captures=CapturePlace(
            settings={**settings, "no_check_bucket": "true"},
            address=place_uri(spec, "monitoring").removeprefix("s3://"),
        ),
        keys_host=f"oidc.eks.{target.region}.{target.dns_suffix}",
        identity_servers=((AGENT, 80),),
    )
