"""What AWS refuses about several targets of one spec. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.backend import Backend
from mlplatform.components.names import platform_name
from mlplatform.components.siblings import only_one, pairs_of_targets
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def sibling_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """Switches and providers of one account that two targets would own, and names that cannot be told apart."""
    yield from only_one(backend, spec, AwsTarget, "account_baseline", _same_account, "the account")
    for index, later, earlier in pairs_of_targets(spec, AwsTarget):
        if not _same_account(later, earlier):
            continue
        ci = spec.access.ci
        if ci and not later.oidc_provider_arn and not earlier.oidc_provider_arn:
            issuer = ci.issuer.removeprefix("https://")
            yield backend.refuse(
                f"targets[{index}].oidc_provider_arn",
                "omitted",
                f"the account's only OIDC provider of {ci.system}, which the target '{earlier.name}' makes",
                f"write {later.arn('iam', f'oidc-provider/{issuer}', regional=False)}",
            )
        if later.region == earlier.region:
            yield from _ambiguous(spec, backend, index, later, earlier)


def _same_account(one: AwsTarget, other: AwsTarget) -> bool:
    return one.account_id == other.account_id


def _ambiguous(
    spec: PlatformSpec, backend: Backend, index: int, later: AwsTarget, earlier: AwsTarget
) -> Iterator[Problem]:
    """Rights and routes of a platform are for everything whose name begins with the platform's."""
    beginnings = [f"{platform_name(spec.on(target.name))}-" for target in (later, earlier)]
    if beginnings[0].startswith(beginnings[1]) or beginnings[1].startswith(beginnings[0]):
        yield backend.refuse(
            f"targets[{index}].name",
            later.name,
            f"in one account and region, a name that does not begin like that of the target '{earlier.name}': "
            f"names of resources begin with {beginnings[0]} and {beginnings[1]}",
            f"give both targets a `name` of their own, for example aws-a and aws-b, or move '{later.name}' elsewhere",
        )
