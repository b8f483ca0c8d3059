"""AWS services assume roles only for this account's resources."""

from __future__ import annotations

from mlplatform.checks.documents import policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_SERVICES = frozenset(
    {
        "bedrock.amazonaws.com",
        "grafana.amazonaws.com",
        "pipes.amazonaws.com",
        "sagemaker.amazonaws.com",
        "scheduler.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
    }
)
"""Services that send the account they act for; others send no such condition key."""
_KEYS = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID")


def _confused(role: Resource) -> list[CheckFault]:
    return [
        CheckFault("A service may assume the role on behalf of other accounts.", statement.path)
        for statement in policy_statements(role, "assumeRolePolicy")
        if statement.allows
        and any(kind == "Service" and name in _SERVICES for kind, name in statement.principals)
        and not any(statement.condition(key) for key in _KEYS)
    ]


RULE = CheckRule(
    id="trust-conditions",
    level="medium",
    topic="least privilege",
    title="AWS services assume roles only for this account's resources",
    why="A shared service can be tricked into using your role for another customer.",
    fix="Add a condition on aws:SourceAccount.",
    entries=(
        Entry(
            ("aws:iam/role:Role",),
            _confused,
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        ),
    ),
)
