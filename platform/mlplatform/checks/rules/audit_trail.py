"""The AWS audit trail is complete, tamper-evident and searchable."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_set, is_true, own_key
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="audit-trail",
    level="medium",
    topic="logging",
    title="The AWS audit trail is complete, tamper-evident and searchable",
    why="A trail of one region, or one that can be edited, proves nothing.",
    fix="Record all regions, validate the log files, encrypt them and send them to CloudWatch Logs.",
    entries=(
        Entry(
            ("aws:cloudtrail/trail:Trail",),
            both(
                is_true("isMultiRegionTrail", "Only one region is recorded."),
                is_true("enableLogFileValidation", "The trail's log files are not validated."),
                is_set("cloudWatchLogsGroupArn", "The trail cannot be searched or alarmed on."),
                own_key("kmsKeyId", "The trail is encrypted with AWS's key, not with a customer-managed one."),
            ),
            refs=(
                "CIS AWS 5.0 3.1",
                "CIS AWS 5.0 3.2",
                "CIS AWS 5.0 3.5",
                "AWS FSBP CloudTrail.1",
                "AWS FSBP CloudTrail.2",
                "AWS FSBP CloudTrail.4",
                "AWS FSBP CloudTrail.5",
            ),
            link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
        ),
    ),
)
