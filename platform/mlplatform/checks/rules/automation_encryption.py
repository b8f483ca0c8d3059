"""Workflows, schedules and functions are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Its definition and runs are encrypted with the cloud's key, not with a customer-managed one."

RULE = CheckRule(
    id="automation-encryption",
    level="low",
    topic="encryption",
    title="Workflows and schedules are encrypted with customer-managed keys",
    why="Their inputs name data sets, models and parameters of runs.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:sfn/stateMachine:StateMachine",),
            own_key("encryptionConfiguration.kmsKeyId", _REASON),
            link="https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html",
        ),
        Entry(
            ("aws:scheduler/schedule:Schedule",),
            own_key("kmsKeyArn", _REASON),
            link="https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html",
        ),
        Entry(
            ("aws:lambda/function:Function",),
            own_key("kmsKeyArn", _REASON),
            link="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
        ),
        Entry(
            ("gcp:workflows/workflow:Workflow",),
            own_key("cryptoKeyName", _REASON),
            link="https://cloud.google.com/workflows/docs/use-cmek",
        ),
    ),
)
