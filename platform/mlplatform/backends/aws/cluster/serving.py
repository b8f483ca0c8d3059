"""How pods on EKS read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.aws.addresses import place_uri
from mlplatform.backends.aws.cluster.teams import AGENT
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.serving_facts import CapturePlace, ModelAccess, SecretCommands
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_CLI = "public.ecr.aws/aws-cli/aws-cli:2.36.49"
"""Takes the identity of EKS' agent by itself, https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html;
https://gallery.ecr.aws/aws-cli/aws-cli (2026-11)"""


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
        secrets=SecretCommands(
            image=_CLI,
            read=f"aws secretsmanager get-secret-value --secret-id {{secret}} --region {target.region} "
            "--query SecretString --output text",
        ),
        keys_host=f"oidc.eks.{target.region}.{target.dns_suffix}",
        # the controller of the control plane itself, which every EKS cluster has:
        # https://github.com/kubernetes/cloud-provider-aws/blob/master/docs/service_controller.md
        entry={
            "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
            "service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": "true",
        },
        identity_servers=((AGENT, 80),),
    )
