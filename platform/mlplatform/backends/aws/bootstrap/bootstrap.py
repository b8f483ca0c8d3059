"""State, identities and the deployer's policies of one stack on AWS. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mlplatform.backends.aws.bootstrap.policies import OwnResources, policy_text, split_policies, state_statements
from mlplatform.backends.aws.bootstrap.record_rights import copy_statements
from mlplatform.backends.aws.bootstrap.rights import build as derive_rights
from mlplatform.backends.aws.bootstrap.steps import bootstrap_steps
from mlplatform.backends.aws.bootstrap.trust import AUDIENCES, oidc_provider_arn, trust_policy
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, PlannedResource, sum_rights
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None) -> Bootstrap:
    """The bootstrap, from a spec narrowed to AWS."""
    target = target_of(spec, AwsTarget)
    apply = sum_rights(derive_rights, resources, OPERATIONS)
    preview = sum_rights(derive_rights, resources, ("read",))
    names = {duty: physical_name(spec, duty, ROLE) for duty in ("deploy", "preview")}
    bucket = _bucket_of(state) or f"{physical_name(spec, 'state', 63 - 28)}-{target.account_id}-{target.region}"[:63]
    alias = f"alias/{physical_name(spec, 'state', LONG)}"
    attached = sorted(
        {
            str(each.inputs["policyArn"])
            for each in resources
            if each.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
        }
    )
    emptied = sorted(
        str(each.inputs["bucket"])
        for each in resources
        if each.type == "aws:s3/bucket:Bucket" and each.inputs.get("forceDestroy")
    )
    scope = OwnResources(spec, target)
    policies = {
        "deploy": split_policies(
            [
                *scope.statements(apply, attached, emptied),
                *state_statements(scope, bucket, alias, write=True),
                *copy_statements(scope, spec, target),
                scope.own_roles(tuple(names.values())),
                scope.own_state(bucket),
            ]
        ),
        "preview": split_policies([*scope.statements(preview), *state_statements(scope, bucket, alias, write=False)]),
    }
    trusts = {duty: trust_policy(spec, target, duty) for duty in names}
    documents: dict[str, str] = {}
    for duty in names:
        documents[f"{duty}-trust.json"] = policy_text(trusts[duty])
        for number, policy in enumerate(policies[duty], 1):
            documents[f"{duty}-{number}.json"] = policy_text(policy)
    ci = spec.access.ci
    oidc = ci is not None and target.oidc_provider_arn is None
    values: dict[str, object] = {
        "region": target.region,
        "tags": {"platform": spec.name, "environment": spec.environment, "managed-by": "mlplatform-bootstrap"},
        "bucket": None if state else bucket,
        "key_alias": None if state else alias,
        "oidc": {"url": ci.issuer, "audience": AUDIENCES[ci.system]} if oidc and ci is not None else None,
        "roles": {
            duty: {
                "name": name,
                "trust": f"{duty}-trust.json",
                "policies": [f"{duty}-{number}.json" for number in range(1, len(policies[duty]) + 1)],
            }
            for duty, name in names.items()
        },
    }
    return Bootstrap(
        state=state or f"s3://{bucket}?region={target.region}&awssdk=v2",
        secrets="" if state else f"awskms:///{alias}?region={target.region}",
        apply=apply,
        preview=preview,
        documents=documents,
        steps=tuple(bootstrap_steps(spec, target, values, policies)),
        settings=(
            (
                f'targets[aws].oidc_provider_arn: "{oidc_provider_arn(spec, target)}": an account holds one '
                "provider per issuer, "
                "and this one is used before the platform exists",
            )
            if oidc
            else ()
        ),
        limits=(
            "whoever makes roles can make one with more rights than its own: the policies deny "
            "changes of the two roles "
            "themselves, and let only the platform's names be made and handed to services",
            "EC2, KMS, Prometheus and Grafana choose their ids themselves: creation is limited to "
            "the region, and deletion "
            "to resources with the platform's tags where the action knows tags",
        ),
        values=values,
        program=Path(__file__).with_name("program.py"),
    )


def _bucket_of(state: str | None) -> str:
    """The bucket of an existing state; empty without one.

    Raises:
        ValueError: it is no bucket.
    """
    if state is None:
        return ""
    parts = urlsplit(state)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(f"got '{state[:80]}', expected `s3://BUCKET?region=REGION&awssdk=v2`")
    return parts.netloc
