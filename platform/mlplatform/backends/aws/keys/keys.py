"""Customer-managed KMS keys, one per purpose, with the grants each of AWS's services needs."""

from __future__ import annotations

import pulumi
from pulumi_aws import kms

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import LONG, physical
from mlplatform.backends.aws.policy import Statement, Text, document
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.context import Scope
from mlplatform.components.foundation import Foundation
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

_TITLES: dict[KeyPurpose, str] = {
    "store": "objects of the artifact store",
    "cluster": "secrets of the Kubernetes cluster",
    "volumes": "disks of the cluster's nodes and pods",
    "registry": "container images",
    "serving": "endpoints and their secrets",
    "monitoring": "logs, metrics and alerts",
}
_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
_SENDERS = ("cloudwatch", "events", "budgets", "aps", "sns", "sqs")


def build(scope: Scope, spec: KeysSpec, foundation: Foundation) -> AwsKeys:
    """Make the keys."""
    if spec.protection == "hsm":
        scope.note("keys.protection", "met without a setting: KMS holds all keys in FIPS 140 validated hardware")
    ids: dict[KeyPurpose, pulumi.Output[str]] = {
        purpose: _key(scope, spec, purpose, foundation) for purpose in KEY_PURPOSES
    }
    return AwsKeys(ids=ids)


def _key(scope: Scope, spec: KeysSpec, purpose: KeyPurpose, foundation: Foundation) -> pulumi.Output[str]:
    days = spec.deletion_window_days or scope.defaults.key_deletion_days
    name = physical(scope.spec, purpose, LONG)
    key = kms.Key(
        scope.child(purpose),
        description=f"{name}: {_TITLES[purpose]}",
        enable_key_rotation=True,
        rotation_period_in_days=spec.rotation_days,
        deletion_window_in_days=days,
        policy=key_policy(scope.target(AwsTarget), purpose),
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None, depends_on=foundation.parts.ready),
    )
    kms.Alias(
        scope.child(f"{purpose}-alias"),
        name=f"alias/{name}",
        target_key_id=key.key_id,
        opts=scope.opts(delete_before_replace=True),
    )
    return key.arn


def key_policy(target: AwsTarget, purpose: KeyPurpose) -> Text:
    """The key's own policy: IAM decides for roles, and the services that have no role are named."""
    statements = [
        Statement(
            sid="AccountDecidesByIam",
            actions=("kms:*",),
            resources="*",
            principals={"AWS": target.arn("iam", "root", regional=False)},
        )
    ]
    if purpose == "monitoring":
        statements += _monitoring(target)
        if target.audit_trail:
            statements += _trail(target)
    if purpose == "volumes":
        statements += _volumes(target)
    return document(*statements)


def _monitoring(target: AwsTarget) -> list[Statement]:
    return [
        Statement(
            sid="Logs",
            actions=_USE,
            resources="*",
            principals={"Service": f"logs.{target.region}.{target.dns_suffix}"},
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": target.arn("logs", "*")}},
        ),
        # alarms, rules and budgets publish to encrypted topics in their own name
        Statement(
            sid="Alerts",
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources="*",
            principals={"Service": [f"{sender}.amazonaws.com" for sender in _SENDERS]},
        ),
    ]


def _trail(target: AwsTarget) -> list[Statement]:
    context = target.arn("cloudtrail", "trail/*").replace(f":{target.region}:", ":*:")
    return [
        Statement(
            sid="Trail",
            actions=("kms:GenerateDataKey*",),
            resources="*",
            principals={"Service": "cloudtrail.amazonaws.com"},
            conditions={"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context}},
        ),
        Statement(
            sid="TrailLooks",
            actions=("kms:DescribeKey",),
            resources="*",
            principals={"Service": "cloudtrail.amazonaws.com"},
        ),
    ]


def _volumes(target: AwsTarget) -> list[Statement]:
    # The service-linked role of Auto Scaling has no rights of its own, and a policy that names it is refused
    # in an account where it does not exist yet: everybody is named, and the conditions leave only that role.
    role = target.arn("iam", "role/aws-service-role/autoscaling.amazonaws.com/*", regional=False)
    only = {"StringEquals": {"kms:CallerAccount": target.account_id}, "ArnLike": {"aws:PrincipalArn": role}}
    return [
        Statement(sid="NodeDisks", actions=_USE, resources="*", principals={"AWS": "*"}, conditions=only),
        Statement(
            sid="NodeDiskGrants",
            actions=("kms:CreateGrant",),
            resources="*",
            principals={"AWS": "*"},
            conditions={**only, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]
