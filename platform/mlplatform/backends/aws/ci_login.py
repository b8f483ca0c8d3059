"""IAM roles that CI assumes by web identity. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.repositories import repository_addresses
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.ci_login import TOKEN, CiLogin, CiSystem, Duty
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, duty: Duty, system: CiSystem) -> CiLogin:
    """The role of one duty, from a spec narrowed to AWS.

    The SDKs exchange the token themselves:
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
    """
    target = target_of(spec, AwsTarget)
    name = physical_name(spec, "ci" if duty == "images" and system.own else duty, ROLE)
    named = target.existing.identities if target.existing else None
    existing = named.ci if named and duty == "images" and system.own else None
    role = existing or target.arn("iam", f"role/{name}", regional=False)
    images = repository_addresses(spec)
    hosts = dict.fromkeys(address.partition("/")[0] for address in images.values())
    login = "docker login --username AWS --password-stdin"
    return CiLogin(
        identity=role,
        # the audience of GitLab's tokens is the one that the platform's OIDC provider expects
        audience="https://gitlab.com" if system.name == "gitlab" else "sts.amazonaws.com",
        environment={
            "AWS_REGION": target.region,
            "AWS_ROLE_ARN": role,
            "AWS_ROLE_SESSION_NAME": f"mlplatform-{duty}",
            "AWS_WEB_IDENTITY_TOKEN_FILE": TOKEN,
        },
        images=images,
        registry_login=" && ".join(
            f"aws ecr get-login-password --region {target.region} | {login} {host}" for host in hosts
        ),
    )
