"""A deleted key can be restored for long enough to notice the mistake."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_at_least, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DAYS = 7


def _delayed(key: Resource) -> list[CheckFault]:
    # Cloud KMS waits 30 days where the key says nothing
    seconds = key.text("destroyScheduledDuration").removesuffix("s") or str(30 * 86_400)
    if seconds.isdigit() and int(seconds) < _DAYS * 86_400:
        return [CheckFault("A destroyed key version is lost in less than a week.", "destroyScheduledDuration")]
    return []


RULE = CheckRule(
    id="key-deletion",
    level="high",
    topic="keys",
    title="Deleted keys can be restored",
    why="Deleting a key deletes everything that it encrypts.",
    fix="Keep deleted keys for at least a week, and enable purge protection of vaults.",
    entries=(
        Entry(
            ("aws:kms/key:Key",),
            is_at_least("deletionWindowInDays", _DAYS, "A deleted key is lost in less than a week.", default=30),
            refs=("AWS FSBP KMS.3",),
            link="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
        ),
        Entry(
            ("gcp:kms/cryptoKey:CryptoKey",),
            _delayed,
            link="https://cloud.google.com/kms/docs/destroy-restore",
        ),
        Entry(
            ("azure-native:keyvault:Vault",),
            both(
                is_true("properties.enableSoftDelete", "Deleted keys are lost at once.", default=True),
                is_true("properties.enablePurgeProtection", "Deleted keys can be purged at once."),
            ),
            refs=("CIS Azure 4.0 9.3.5", "MCSB DP-8"),
            link="https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
        ),
    ),
)
