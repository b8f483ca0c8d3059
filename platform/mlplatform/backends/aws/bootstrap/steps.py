"""The commands of the bootstrap, for a person with the AWS command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlplatform.backends.aws.bootstrap.policies import Statement
from mlplatform.backends.aws.bootstrap.trust import AUDIENCES, oidc_provider_arn
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.bootstrap import BootstrapStep
from mlplatform.components.names import physical_name
from mlplatform.spec.platform import PlatformSpec

_LINKED_BEFORE = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
}
"""Service-linked roles that keys and launch templates name before a service would make them."""


def bootstrap_steps(
    spec: PlatformSpec, target: AwsTarget, values: Mapping[str, object], policies: Mapping[str, Sequence[Statement]]
) -> Iterator[BootstrapStep]:
    """The commands, in their order."""
    bucket, alias, region = values["bucket"], values["key_alias"], target.region
    yield BootstrapStep(
        title="Service-linked roles",
        why="a key's policy that names one is refused while the account lacks it",
        commands=tuple(
            f"aws iam get-role --role-name {role} >/dev/null 2>&1 || aws iam "
            f"create-service-linked-role --aws-service-name {service}"
            for service, role in _LINKED_BEFORE.items()
        ),
    )
    if bucket:
        location = "" if region == "us-east-1" else f" --create-bucket-configuration LocationConstraint={region}"
        yield BootstrapStep(
            title="State and its key",
            why="Pulumi's state holds the stack's secrets, encrypted, and every version of itself",
            commands=(
                f"aws kms describe-key --region {region} --key-id {alias} >/dev/null 2>&1 || aws kms create-alias "
                f'--region {region} --alias-name {alias} --target-key-id "$(aws kms create-key --region {region} '
                "--description 'State of a Pulumi stack' --query KeyMetadata.KeyId --output text)\"",
                f'aws kms enable-key-rotation --region {region} --key-id "$(aws kms describe-key --region {region} '
                f'--key-id {alias} --query KeyMetadata.KeyId --output text)"',
                f"aws s3api head-bucket --bucket {bucket} 2>/dev/null || aws s3api create-bucket --region {region} "
                f"--bucket {bucket}{location}",
                f"aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration "
                "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
                f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled",
                f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration "
                '\'{"Rules":[{"ID":"former","Status":"Enabled","Filter":{},"NoncurrentVersionExpiration":{"NoncurrentDays":365}}]}\'',
            ),
        )
    ci = spec.access.ci
    if values["oidc"] and ci is not None:
        arn = oidc_provider_arn(spec, target)
        yield BootstrapStep(
            title="Trust in the CI system",
            why="its jobs get short credentials for their token, and no key exists",
            commands=(
                f"aws iam get-open-id-connect-provider --open-id-connect-provider-arn {arn} >/dev/null 2>&1 || "
                f"aws iam create-open-id-connect-provider --url {ci.issuer} --client-id-list {AUDIENCES[ci.system]}",
            ),
        )
    for duty, held in policies.items():
        name = physical_name(spec, duty, ROLE)
        commands = [
            f"aws iam get-role --role-name {name} >/dev/null 2>&1 || aws iam create-role --role-name {name} "
            f"--assume-role-policy-document file://{duty}-trust.json",
            f"aws iam update-assume-role-policy --role-name {name} --policy-document file://{duty}-trust.json",
        ]
        for number in range(1, len(held) + 1):
            arn = target.arn("iam", f"policy/{name}-{number}", regional=False)
            file = f"file://{duty}-{number}.json"
            commands += [
                f"aws iam get-policy --policy-arn {arn} >/dev/null 2>&1 || aws iam create-policy "
                f"--policy-name {name}-{number} --policy-document {file}",
                # a policy keeps five versions: the oldest that is not the default goes first
                f"aws iam list-policy-versions --policy-arn {arn} --query "
                "'Versions[?IsDefaultVersion==`false`].VersionId' --output text | tr '\\t' '\\n' | sed -n '4,$p' | "
                f"xargs -r -n 1 aws iam delete-policy-version --policy-arn {arn} --version-id",
                f"aws iam create-policy-version --policy-arn {arn} --policy-document {file} --set-as-default",
                f"aws iam attach-role-policy --role-name {name} --policy-arn {arn}",
            ]
        yield BootstrapStep(
            title=f"Role {name}",
            why="runs `up`" if duty == "deploy" else "runs `preview`: it reads, and changes nothing",
            commands=tuple(commands),
        )
