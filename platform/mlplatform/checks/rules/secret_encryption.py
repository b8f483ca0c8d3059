"""Secrets are encrypted with a customer-managed key."""

from __future__ import annotations

from mlplatform.checks.predicates import own_key
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_REASON = "The secret is encrypted with the cloud's key, not with a customer-managed one."
_PATHS = (
    "replication.userManaged.replicas[].customerManagedEncryption.kmsKeyName",
    "replication.auto.customerManagedEncryption.kmsKeyName",
    "customerManagedEncryption.kmsKeyName",
)


def _no_upstream_login(secret: Resource) -> bool:
    # the pull-through cache reads only secrets under AWS's own key
    return not secret.text("name").startswith("ecr-pullthroughcache/")


def _encrypted(secret: Resource) -> list[CheckFault]:
    return [] if any(secret.has(path) for path in _PATHS) else [CheckFault(_REASON, "replication")]


RULE = CheckRule(
    id="secret-encryption",
    level="medium",
    topic="encryption",
    title="Secrets are encrypted with customer-managed keys",
    why="Access to a secret then needs two permissions, and each use of the key is logged.",
    fix="Encrypt it with one of the platform's keys.",
    entries=(
        Entry(
            ("aws:secretsmanager/secret:Secret",),
            own_key("kmsKeyId", _REASON),
            link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
            when=_no_upstream_login,
        ),
        Entry(
            ("gcp:secretmanager/secret:Secret", "gcp:secretmanager/regionalSecret:RegionalSecret"),
            _encrypted,
            link="https://cloud.google.com/secret-manager/docs/cmek",
        ),
    ),
)
