"""A Pulumi program: state, identities and policies of one stack on AWS.

It reads `bootstrap.json` and the documents beside it, which `mlplatform bootstrap --program` writes. It imports
nothing of mlplatform, so its own state may be anywhere: `pulumi login --local` does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast

import pulumi
from pulumi_aws import Provider, iam, kms, s3


class _Role(TypedDict):
    """A role with its managed policies, by the names of their documents."""

    name: str
    trust: str
    policies: list[str]


class _Oidc(TypedDict):
    """The CI system's issuer; null where the account trusts it already."""

    url: str
    audience: str


class _Values(TypedDict):
    """`bootstrap.json`."""

    region: str
    tags: dict[str, str]
    bucket: str | None
    key_alias: str | None
    oidc: _Oidc | None
    roles: dict[str, _Role]


def make(folder: Path) -> None:
    """Make everything.

    Args:
        folder: where the values and the documents are.
    """
    values = cast("_Values", json.loads((folder / "bootstrap.json").read_text("utf-8")))
    options = pulumi.ResourceOptions(provider=Provider("aws", region=values["region"]))
    if values["bucket"] and values["key_alias"]:
        _make_state(values, values["bucket"], values["key_alias"], options)
    trusts: list[pulumi.Resource] = []
    if oidc := values["oidc"]:
        trusts.append(
            iam.OpenIdConnectProvider(
                "ci", url=oidc["url"], client_id_lists=[oidc["audience"]], tags=values["tags"], opts=options
            )
        )
    for duty, role in values["roles"].items():
        made = iam.Role(
            duty,
            name=role["name"],
            assume_role_policy=(folder / role["trust"]).read_text("utf-8"),
            tags=values["tags"],
            opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=trusts)),
        )
        for document in role["policies"]:
            name = document.removesuffix(".json")
            policy = iam.Policy(
                name,
                name=f"{role['name']}-{name.rpartition('-')[2]}",
                policy=(folder / document).read_text("utf-8"),
                tags=values["tags"],
                opts=options,
            )
            iam.RolePolicyAttachment(name, role=made.name, policy_arn=policy.arn, opts=options)
        pulumi.export(f"{duty}Role", made.arn)


def _make_state(values: _Values, name: str, alias: str, options: pulumi.ResourceOptions) -> None:
    kept = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(protect=True))
    key = kms.Key(
        "state", description="State of a Pulumi stack", enable_key_rotation=True, tags=values["tags"], opts=kept
    )
    kms.Alias("state", name=alias, target_key_id=key.key_id, opts=options)
    bucket = s3.Bucket("state", bucket=name, tags=values["tags"], opts=kept)
    s3.BucketPublicAccessBlock(
        "state",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=options,
    )
    versioning = s3.BucketVersioning(
        "state",
        bucket=bucket.bucket,
        versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=options,
    )
    s3.BucketLifecycleConfiguration(
        "state",
        bucket=bucket.bucket,
        rules=[
            s3.BucketLifecycleConfigurationRuleArgs(
                id="former",
                status="Enabled",
                filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=365
                ),
            )
        ],
        # S3 reads the rule of former versions of a bucket that keeps them
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[versioning])),
    )


if __name__ == "__main__":
    make(Path(__file__).parent)
