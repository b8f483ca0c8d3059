"""AWS permissions name their resources."""

from __future__ import annotations

import re

from mlplatform.checks.documents import IDENTITY_POLICIES, policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_LOOKS = re.compile(r"^[a-z0-9-]+:(Describe|List)[A-Za-z*]*$")
"""Actions that only list or describe, which most services allow only on everything."""
_ONLY_FOR_ALL = frozenset(
    {
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:GetMetricWidgetImage",
        "cloudwatch:PutMetricData",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "ecr-public:GetAuthorizationToken",
        "ecr:GetAuthorizationToken",
        "kms:GenerateRandom",
        "logs:StopQuery",
        "logs:TestMetricFilter",
        "pricing:GetProducts",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "sts:GetCallerIdentity",
        "sts:GetServiceBearerToken",
        "tag:GetResources",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""Actions that take no resource, by the service authorization reference."""


def _everywhere(path: str, resource: Resource) -> list[CheckFault]:
    faults: list[CheckFault] = []
    for statement in policy_statements(resource, path):
        if not statement.allows or statement.conditions or "*" not in statement.resources:
            continue
        wide = [a for a in statement.actions if not _LOOKS.match(a) and a not in _ONLY_FOR_ALL]
        if wide:
            faults.append(CheckFault(f"A statement allows {shown(wide[0])} on everything.", statement.path))
    return faults


RULE = CheckRule(
    id="iam-resource-wildcard",
    level="medium",
    topic="least privilege",
    title="AWS permissions name their resources",
    why="A permission on everything reaches other teams' data in the same account.",
    fix="Name the resources, or narrow the statement by a condition.",
    entries=tuple(
        Entry(
            (token,),
            lambda resource, path=path: _everywhere(path, resource),
            refs=("AWS FSBP KMS.1", "AWS FSBP KMS.2"),
            link="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        )
        for token, path in IDENTITY_POLICIES
    ),
)
