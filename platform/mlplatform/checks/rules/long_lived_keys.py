"""No credentials are created that never expire."""

from __future__ import annotations

from mlplatform.checks.predicates import always
from mlplatform.checks.rule import CheckRule, Entry

RULE = CheckRule(
    id="long-lived-keys",
    level="high",
    topic="identity",
    title="No credentials are created that never expire",
    why="Keys end up in code, logs and laptops, and work from anywhere until somebody notices.",
    fix="Let workloads and CI authenticate with the identity that they run with.",
    entries=(
        Entry(
            ("aws:iam/accessKey:AccessKey",),
            always("It is a key that works until somebody deletes it."),
            refs=("CIS AWS 5.0 1.13", "AWS FSBP IAM.3"),
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            when=lambda key: key.get("status", "Active") != "Inactive",
        ),
        Entry(
            ("aws:iam/userLoginProfile:UserLoginProfile",),
            always("It is a password that the directory does not manage."),
            refs=("CIS AWS 5.0 1.20",),
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        ),
        Entry(
            ("gcp:serviceaccount/key:Key",),
            always("It is a key that works until somebody deletes it."),
            refs=("CIS GCP 4.0 1.4",),
            link="https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
        ),
        Entry(
            ("gcp:storage/hmacKey:HmacKey",),
            always("It is a key that works until somebody deletes it."),
            link="https://cloud.google.com/storage/docs/authentication/hmackeys",
            when=lambda key: key.get("state", "ACTIVE") != "INACTIVE",
        ),
    ),
)
