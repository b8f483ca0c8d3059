"""Limits that several AWS resources share."""

from __future__ import annotations

from mlplatform.providers.rules.base import TotalRule

TOTALS = (
    TotalRule(
        "aws:iam/rolePolicy:RolePolicy",
        "role",
        "policy",
        10_240,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
        "all inline policies of a role",
    ),
)
