"""What charts of add-ons must know of EKS."""

from __future__ import annotations

from mlplatform.backends.aws.cluster.teams import AGENT
from mlplatform.backends.aws.naming import bucket_name
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.addon_facts import AddOnFacts
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> AddOnFacts:
    """The store's place of pipelines. The chart puts S3's key format into its configuration as it is."""
    target = target_of(spec, AwsTarget)
    return AddOnFacts(
        artifacts={
            "s3": {
                "bucket": bucket_name(spec, target, "pipelines"),
                "endpoint": f"s3.{target.region}.{target.dns_suffix}",
                "region": target.region,
                "insecure": False,
                # EKS Pod Identity, and no key in a secret
                "useSDKCreds": True,
                "keyFormat": "workflows/{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}",
            }
        },
        labels={},
        identity_servers=((AGENT, 80),),
    )
