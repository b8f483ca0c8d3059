"""Policies of keys: IAM decides for roles; services without a role are named."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.spec.keys import KeyPurpose

_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
_SENDERS = ("cloudwatch", "events", "budgets", "aps", "sns", "sqs")


def key_policy(target: AwsTarget, purpose: KeyPurpose) -> pulumi.Input[str]:
    """The policy of a purpose's key."""
    statements = [
        IamStatement(
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
    return policy_document(*statements)


def _monitoring(target: AwsTarget) -> list[IamStatement]:
    return [
        IamStatement(
            sid="Logs",
            actions=_USE,
            resources="*",
            principals={"Service": f"logs.{target.region}.{target.dns_suffix}"},
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": target.arn("logs", "*")}},
        ),
        # alarms, rules and budgets publish to encrypted topics in their own name
        IamStatement(
            sid="Alerts",
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources="*",
            principals={"Service": [f"{sender}.amazonaws.com" for sender in _SENDERS]},
        ),
    ]


def _trail(target: AwsTarget) -> list[IamStatement]:
    context = target.arn("cloudtrail", "trail/*").replace(f":{target.region}:", ":*:")
    return [
        IamStatement(
            sid="Trail",
            actions=("kms:GenerateDataKey*",),
            resources="*",
            principals={"Service": "cloudtrail.amazonaws.com"},
            conditions={"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context}},
        ),
        IamStatement(
            sid="TrailLooks",
            actions=("kms:DescribeKey",),
            resources="*",
            principals={"Service": "cloudtrail.amazonaws.com"},
        ),
    ]


def _volumes(target: AwsTarget) -> list[IamStatement]:
    # The service-linked role of Auto Scaling has no rights of its own, and a policy that names it is refused
    # in an account where it does not exist yet: every principal is named, and the conditions allow only that role.
    role = target.arn("iam", "role/aws-service-role/autoscaling.amazonaws.com/*", regional=False)
    only = {"StringEquals": {"kms:CallerAccount": target.account_id}, "ArnLike": {"aws:PrincipalArn": role}}
    return [
        IamStatement(sid="NodeDisks", actions=_USE, resources="*", principals={"AWS": "*"}, conditions=only),
        IamStatement(
            sid="NodeDiskGrants",
            actions=("kms:CreateGrant",),
            resources="*",
            principals={"AWS": "*"},
            conditions={**only, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]
