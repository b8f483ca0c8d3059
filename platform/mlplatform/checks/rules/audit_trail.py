"""The account's trail is whole, sealed and searchable."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_set, is_true, own_key
from mlplatform.checks.rule import Entry, Rule

RULE = Rule(
    id="audit-trail",
    level="medium",
    topic="logging",
    title="The audit trail is whole, sealed and searchable",
    why="A trail of one region, or one that can be edited, proves nothing.",
    fix="Record all regions, validate the files, encrypt them and send them to logs.",
    entries=(
        Entry(
            ("aws:cloudtrail/trail:Trail",),
            both(
                is_true("isMultiRegionTrail", "Only one region is recorded."),
                is_true("enableLogFileValidation", "Files of the trail are not sealed."),
                is_set("cloudWatchLogsGroupArn", "The trail cannot be searched or alarmed on."),
                own_key("kmsKeyId", "The trail is encrypted with AWS's key."),
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
