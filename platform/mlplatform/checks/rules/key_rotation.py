"""Keys are rotated automatically."""

from __future__ import annotations

from mlplatform.checks.predicates import is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_DAYS = 90


def _rotated(key: Resource) -> list[CheckFault]:
    period = key.text("rotationPeriod").removesuffix("s")
    if not period:
        return [CheckFault("The key is not rotated.", "rotationPeriod")]
    if not period.isdigit() or int(period) > _DAYS * 86_400:
        return [CheckFault(f"The key is rotated less often than every {_DAYS} days.", "rotationPeriod")]
    return []


def _policy(key: Resource) -> list[CheckFault]:
    actions = key.texts("properties.rotationPolicy.lifetimeActions[].action.type")
    if any(action.lower() == "rotate" for action in actions):
        return []
    return [CheckFault("The key has no rotation policy.", "properties.rotationPolicy")]


RULE = CheckRule(
    id="key-rotation",
    level="medium",
    topic="keys",
    title="Keys are rotated automatically",
    why="A leaked key decrypts only what was encrypted until the next rotation.",
    fix="Rotate keys at least every 90 days (keys.rotation_days).",
    entries=(
        Entry(
            ("aws:kms/key:Key",),
            is_true("enableKeyRotation", "The key is not rotated."),
            refs=("CIS AWS 5.0 3.6", "AWS FSBP KMS.4"),
            link="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
            when=lambda key: key.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
        ),
        Entry(
            ("gcp:kms/cryptoKey:CryptoKey",),
            _rotated,
            refs=("CIS GCP 4.0 1.10",),
            link="https://cloud.google.com/kms/docs/key-rotation",
            when=lambda key: key.get("purpose", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT",
        ),
        Entry(
            ("azure-native:keyvault:Key",),
            _policy,
            refs=("CIS Azure 4.0 9.3.9", "MCSB DP-6"),
            link="https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation",
        ),
    ),
)
