"""Staging: production's shape at a tenth of its size."""

from base import aws, azure, fraud_scorer, gcp
from base import platform as base

platform = base.overlay(
    environment="staging",
    targets=(
        aws.overlay(
            account_id="210987654321",
            people={
                "data-scientist": ("arn:aws:iam::210987654321:role/sso-data-scientist",),
                "ml-engineer": ("arn:aws:iam::210987654321:role/sso-ml-engineer",),
                "operator": ("arn:aws:iam::210987654321:role/sso-operator",),
            },
        ),
        gcp.overlay(project="acme-ml-staging", project_number="210987654321"),
        azure.overlay(subscription_id="11111111-2222-4333-8444-555555555555"),
    ),
    endpoints=(fraud_scorer.overlay(replicas=(2, 6)), *base.endpoints[1:]),
    budget=base.budget.overlay(monthly_usd=8_500) if base.budget else None,
)
