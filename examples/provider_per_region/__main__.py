"""A store in each of two regions, each through a provider of its own."""

import pulumi
import pulumi_aws as aws

from mlplatform import ArtifactStore, ArtifactStoreSpec, AwsTarget, Context, PlatformSpec


def store(name: str, region: str) -> ArtifactStore:
    """A store in a region; its keys and log settings use the same provider."""
    provider = aws.Provider(name, region=region, allowed_account_ids=["123456789012"])
    context = Context(
        PlatformSpec(
            name=name,
            environment="dev",
            owner="data-team",
            cost_center="4711",
            targets=(AwsTarget(account_id="123456789012", region=region),),
        ),
        opts=pulumi.ResourceOptions(provider=provider),
    )
    return ArtifactStore(f"{name}-store", ArtifactStoreSpec(), context)


for name, region in {"acme-us": "us-east-1", "acme-eu": "eu-central-1"}.items():
    pulumi.export(name, dict(store(name, region).uris))
