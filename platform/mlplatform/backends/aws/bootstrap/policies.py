"""The policies of the deployer and of previews: statements on the platform's own resources, in documents."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from mlplatform.backends.aws.bootstrap.rights import EMPTYING, rights_table
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import platform_name
from mlplatform.spec.platform import PlatformSpec

MOST_CHARACTERS = 6_144
"""Characters of a managed policy without white space,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
MOST_POLICIES = 10
"""Managed policies of a role, by default; same source."""

_STEM = 20
"""Characters of a platform's name that every physical name keeps: the shortest limit cuts there."""
_GLOBAL = frozenset({"chatbot", "iam", "organizations", "route53", "sso"})
"""Services whose calls are not made in the target's region."""

Statement = dict[str, object]


class OwnResources:
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
            lent, patterns = table.lent(action)
            if lent:
                yield allow(lent, [self.arn(pattern) for pattern in patterns])
            if action == "iam:PassRole":
                yield allow([action], [self.arn("arn:{partition}:iam::{account}:role/{prefix}*")]) | {
                    "Condition": {"StringEquals": {"iam:PassedToService": list(table.texts("passed_to"))}}
                }
            elif action == "iam:CreateServiceLinkedRole":
                yield allow([action], [self.arn("arn:{partition}:iam::{account}:role/aws-service-role/*")]) | {
                    "Condition": {"StringEquals": {"iam:AWSServiceName": list(table.texts("linked"))}}
                }
            elif action in ("iam:AttachRolePolicy", "iam:DetachRolePolicy") and attached:
                yield allow([action], [self.arn("arn:{partition}:iam::{account}:role/{prefix}*")]) | {
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
            statement = allow(held, where)
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


def allow(actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """A statement that allows actions on resources."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def state_statements(scope: OwnResources, bucket: str, alias: str, *, write: bool) -> Iterator[Statement]:
    """A preview takes no lock and writes nothing: pulumi/pulumi pkg/backend/diy/backend.go, `Preview`."""
    arn = scope.arn("arn:{partition}:s3:::") + bucket
    yield allow(["s3:GetBucketLocation", "s3:ListBucket"], [arn])
    # locks are objects, and a run deletes its own
    yield allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] if write else ["s3:GetObject"], [f"{arn}/*"])
    keys = ["kms:Decrypt", "kms:DescribeKey", *(["kms:Encrypt", "kms:GenerateDataKey"] if write else [])]
    yield allow(keys, [scope.arn("arn:{partition}:kms:{region}:{account}:key/*")]) | {
        "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [alias]}}
    }


def split_policies(statements: Sequence[Statement]) -> list[Statement]:
    """Policies of these statements, none longer than a managed policy may be."""
    policies: list[list[Statement]] = [[]]
    for statement in (part for whole in statements for part in _halves(whole)):
        if len(policy_text(policy_of([*policies[-1], statement]))) > MOST_CHARACTERS:
            policies.append([])
        policies[-1].append(statement)
    assert len(policies) <= MOST_POLICIES, f"{len(policies)} policies, a role takes {MOST_POLICIES}"
    return [policy_of(statements) for statements in policies]


def _halves(statement: Statement) -> Iterator[Statement]:
    if len(policy_text(policy_of([statement]))) <= MOST_CHARACTERS:
        yield statement
        return
    actions = statement["Action"]
    assert isinstance(actions, list)
    middle = len(actions) // 2  # pyright: ignore[reportUnknownArgumentType] - texts
    for part in (actions[:middle], actions[middle:]):  # pyright: ignore[reportUnknownVariableType]
        yield from _halves({**statement, "Action": part})


def policy_of(statements: Sequence[Statement]) -> Statement:
    """The document with these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy_text(value: object) -> str:
    """A document as JSON without white space, which is what counts against its limit."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
