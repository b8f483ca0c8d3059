"""State, identities and the deployer's policies of one stack on AWS. Imports no SDK."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mlplatform.backends.aws.addresses import place_uri
from mlplatform.backends.aws.naming import LONG, ROLE
from mlplatform.backends.aws.rights import EMPTYING, rights_table
from mlplatform.backends.aws.rights import build as derive_rights
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, BootstrapStep, PlannedResource, sum_rights
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.record_copy import compares
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH

MOST_CHARACTERS = 6_144
"""Characters of a managed policy without white space, "
"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
MOST_POLICIES = 10
"""Managed policies of a role, by default; same source."""

_STEM = 20
"""Characters of a platform's name that every physical name keeps: the shortest limit cuts there."""
_GLOBAL = frozenset({"chatbot", "iam", "organizations", "route53", "sso"})
"""Services whose calls are not made in the target's region."""
_AUDIENCES = {"github": "sts.amazonaws.com", "gitlab": "https://gitlab.com"}
_LINKED_BEFORE = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
}
"""Service-linked roles that keys and launch templates name before a service would make them."""

Statement = dict[str, object]


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
    scope = _Scope(spec, target)
    policies = {
        "deploy": _split(
            [
                *scope.statements(apply, attached, emptied),
                *_state_statements(scope, bucket, alias, write=True),
                *_copy_statements(scope, spec, target),
                scope.own_roles(tuple(names.values())),
                scope.own_state(bucket),
            ]
        ),
        "preview": _split([*scope.statements(preview), *_state_statements(scope, bucket, alias, write=False)]),
    }
    trusts = {duty: _trust(spec, target, duty) for duty in names}
    documents: dict[str, str] = {}
    for duty in names:
        documents[f"{duty}-trust.json"] = _json(trusts[duty])
        for number, policy in enumerate(policies[duty], 1):
            documents[f"{duty}-{number}.json"] = _json(policy)
    ci = spec.access.ci
    oidc = ci is not None and target.oidc_provider_arn is None
    values: dict[str, object] = {
        "region": target.region,
        "tags": {"platform": spec.name, "environment": spec.environment, "managed-by": "mlplatform-bootstrap"},
        "bucket": None if state else bucket,
        "key_alias": None if state else alias,
        "oidc": {"url": ci.issuer, "audience": _AUDIENCES[ci.system]} if oidc and ci is not None else None,
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
        steps=tuple(_steps(spec, target, values, policies)),
        settings=(
            (
                f'targets[aws].oidc_provider_arn: "{_oidc_arn(spec, target)}": an account holds one '
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
        program=Path(__file__).with_name("bootstrap_program.py"),
    )


class _Scope:
    """Turns actions into statements on the platform's own resources."""

    def __init__(self, spec: PlatformSpec, target: AwsTarget) -> None:
        name = platform_name(spec)
        self.tags = {"aws:ResourceTag/platform": spec.name, "aws:ResourceTag/environment": spec.environment}
        self.regions = sorted({target.region, *([target.replica_region] if target.replica_region else [])})
        self._words = {
            "partition": target.partition,
            "account": target.account_id,
            "region": target.region if len(self.regions) == 1 else "*",
            "name": name,
            # longer names are cut at different places, so only their beginning is sure
            "prefix": f"{name}-" if len(name) < _STEM else name[:_STEM],
        }

    def arns(self, service: str) -> tuple[str, ...]:
        """The service's resources that are the platform's; `*` where their ids do not tell."""
        return tuple(sorted(pattern.format(**self._words) for pattern in rights_table().scope(service))) or ("*",)

    def arn(self, text: str) -> str:
        """A pattern with this platform's values."""
        return text.format(**self._words)

    def statements(
        self, actions: Sequence[str], attached: Sequence[str] = (), emptied: Sequence[str] = ()
    ) -> Iterator[Statement]:
        """Allow these actions.

        Args:
            actions: sorted.
            attached: ARNs of the managed policies that may be attached to roles.
            emptied: names of the buckets that the program empties before their deletion.
        """
        table = rights_table()
        anywhere, tagged = set(table.texts("anywhere")), set(table.texts("tagged"))
        by_service: dict[tuple[str, str], list[str]] = defaultdict(list)
        for action in actions:
            service = action.partition(":")[0]
            if action == "iam:PassRole":
                yield _allow([action], [self.arn("arn:{partition}:iam::{account}:role/{prefix}*")]) | {
                    "Condition": {"StringEquals": {"iam:PassedToService": list(table.texts("passed_to"))}}
                }
            elif action == "iam:CreateServiceLinkedRole":
                yield _allow([action], [self.arn("arn:{partition}:iam::{account}:role/aws-service-role/*")]) | {
                    "Condition": {"StringEquals": {"iam:AWSServiceName": list(table.texts("linked"))}}
                }
            elif action in ("iam:AttachRolePolicy", "iam:DetachRolePolicy") and attached:
                yield _allow([action], [self.arn("arn:{partition}:iam::{account}:role/{prefix}*")]) | {
                    "Condition": {"ArnEquals": {"iam:PolicyARN": list(attached)}}
                }
            elif action in EMPTYING:
                by_service["", "emptying"].append(action)
            elif action in tagged:
                by_service["", "tagged"].append(action)
            elif action in anywhere or not table.scope(service):
                by_service["", "global" if service in _GLOBAL else "regional"].append(action)
            else:
                by_service[service, "named"].append(action)
        for (service, kind), held in by_service.items():
            where = ["*"]
            if kind == "named":
                where = list(self.arns(service))
            elif kind == "emptying":
                bucket = self.arn("arn:{partition}:s3:::")
                where = [f"{bucket}{name}{part}" for name in emptied for part in ("", "/*")]
            statement = _allow(held, where)
            if kind == "tagged":
                statement["Condition"] = {"StringEquals": self.tags}
            elif kind == "regional":
                statement["Condition"] = {"StringEquals": {"aws:RequestedRegion": self.regions}}
            yield statement

    def own_roles(self, names: Sequence[str]) -> Statement:
        """Deny that an identity of the bootstrap changes itself or is handed to a service."""
        return {
            "Effect": "Deny",
            "Action": ["iam:Attach*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Update*"],
            "Resource": [self.arn("arn:{partition}:iam::{account}:role/") + name for name in names],
        }

    def own_state(self, bucket: str) -> Statement:
        """Deny that the state's bucket, whose name begins as the platform's own do, is changed or loses a version."""
        arn = self.arn("arn:{partition}:s3:::") + bucket
        return {
            "Effect": "Deny",
            "Action": ["s3:DeleteBucket*", "s3:DeleteObjectVersion", "s3:PutBucket*", "s3:PutLifecycleConfiguration"],
            "Resource": [arn, f"{arn}/*"],
        }


def _allow(actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _state_statements(scope: _Scope, bucket: str, alias: str, *, write: bool) -> Iterator[Statement]:
    """A preview takes no lock and writes nothing: pulumi/pulumi pkg/backend/diy/backend.go, `Preview`."""
    arn = scope.arn("arn:{partition}:s3:::") + bucket
    yield _allow(["s3:GetBucketLocation", "s3:ListBucket"], [arn])
    # locks are objects, and a run deletes its own
    yield _allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] if write else ["s3:GetObject"], [f"{arn}/*"])
    keys = ["kms:Decrypt", "kms:DescribeKey", *(["kms:Encrypt", "kms:GenerateDataKey"] if write else [])]
    yield _allow(keys, [scope.arn("arn:{partition}:kms:{region}:{account}:key/*")]) | {
        "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [alias]}}
    }


def _copy_statements(scope: _Scope, spec: PlatformSpec, target: AwsTarget) -> Iterator[Statement]:
    """One object, the copy of the record of releases, where gates read it."""
    if not compares(spec):
        return
    bucket = scope.arn("arn:{partition}:s3:::") + place_uri(spec, "models").removeprefix("s3://")
    yield _allow(["s3:GetObject", "s3:PutObject"], [f"{bucket}/{COPY_PATH}"])
    # S3 uses the key for whoever reads and writes
    through = {"kms:ViaService": f"s3.{target.region}.amazonaws.com"}
    existing = target.existing.store.buckets.get("models") if target.existing and target.existing.store else None
    if existing is None:
        alias = {"kms:ResourceAliases": [f"alias/{physical_name(spec, 'store', LONG)}"]}
        yield _allow(
            ["kms:Decrypt", "kms:GenerateDataKey"], [scope.arn("arn:{partition}:kms:{region}:{account}:key/*")]
        ) | {"Condition": {"ForAnyValue:StringEquals": alias, "StringEquals": through}}
    elif isinstance(existing.key_arn, str):
        yield _allow(["kms:Decrypt", "kms:GenerateDataKey"], [existing.key_arn]) | {
            "Condition": {"StringEquals": through}
        }


def _split(statements: Sequence[Statement]) -> list[Statement]:
    """Policies of these statements, none longer than a managed policy may be."""
    policies: list[list[Statement]] = [[]]
    for statement in (part for whole in statements for part in _halves(whole)):
        if len(_json(_policy([*policies[-1], statement]))) > MOST_CHARACTERS:
            policies.append([])
        policies[-1].append(statement)
    assert len(policies) <= MOST_POLICIES, f"{len(policies)} policies, a role takes {MOST_POLICIES}"
    return [_policy(statements) for statements in policies]


def _halves(statement: Statement) -> Iterator[Statement]:
    if len(_json(_policy([statement]))) <= MOST_CHARACTERS:
        yield statement
        return
    actions = statement["Action"]
    assert isinstance(actions, list)
    middle = len(actions) // 2  # pyright: ignore[reportUnknownArgumentType] - texts
    for part in (actions[:middle], actions[middle:]):  # pyright: ignore[reportUnknownVariableType]
        yield from _halves({**statement, "Action": part})


def _policy(statements: Sequence[Statement]) -> Statement:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _oidc_arn(spec: PlatformSpec, target: AwsTarget) -> str:
    ci = spec.access.ci
    assert ci is not None
    host = ci.issuer.removeprefix("https://")
    return target.oidc_provider_arn or target.arn("iam", f"oidc-provider/{host}", regional=False)


def _trust(spec: PlatformSpec, target: AwsTarget, duty: str) -> Statement:
    ci = spec.access.ci
    if ci is None:
        # whoever the account's administrators let assume it: without CI, people run `up`
        root = target.arn("iam", "root", regional=False)
        return _policy([{"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}])
    host = ci.issuer.removeprefix("https://")
    subjects = ci.preview_subjects if duty == "preview" else (ci.deploy_subject(spec.environment),)
    return _policy(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": _oidc_arn(spec, target)},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": _conditions(host, _AUDIENCES[ci.system], subjects),
            }
        ]
    )


def _conditions(host: str, audience: str, subjects: Sequence[str]) -> dict[str, dict[str, object]]:
    subject: dict[str, object] = {f"{host}:sub": list(subjects)}
    return {"StringEquals": {f"{host}:aud": audience, **subject}}


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


def _steps(
    spec: PlatformSpec, target: AwsTarget, values: Mapping[str, object], policies: Mapping[str, Sequence[Statement]]
) -> Iterator[BootstrapStep]:
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
        arn = _oidc_arn(spec, target)
        yield BootstrapStep(
            title="Trust in the CI system",
            why="its jobs get short credentials for their token, and no key exists",
            commands=(
                f"aws iam get-open-id-connect-provider --open-id-connect-provider-arn {arn} >/dev/null 2>&1 || "
                f"aws iam create-open-id-connect-provider --url {ci.issuer} --client-id-list {_AUDIENCES[ci.system]}",
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
