"""An own key, or a newer protocol, goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_KEY = re.compile(r"kms|encryptionkey|keyvault|customermanaged|keyname|diskencryptionset|cryptokey|cmek")
_ON = re.compile(r"encrypt|supportshttpstrafficonly|httpsonly|requiretls|enablehttps")
_OLD = re.compile(r"(tls|ssl|minimum\w*version|tlspolicy)")


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace"):
        for one in change.properties:
            if reason := _reason(one):
                yield Hit("high", change.step.urn, reason, one.text)


def _reason(one: PropertyChange) -> str:
    path = re.sub(r"\[\d+\]", "", one.text).lower()
    if one.kind == "remove" and _KEY.search(path):
        return "It is no longer encrypted with the account's own key."
    if _ON.search(path) and str(one.before).lower() in ("true", "enabled") and not _is_on(one):
        return "Encryption is turned off."
    before, after = _version(one.before), _version(one.after)
    if _OLD.search(path) and before and after and after < before:
        return f"An older protocol is allowed: {shown(one.before)} becomes {shown(one.after)}."
    return ""


def _is_on(one: PropertyChange) -> bool:
    return one.kind != "remove" and str(one.after).lower() in ("true", "enabled")


def _version(value: object) -> tuple[int, ...]:
    """`TLS1_2`, `TLSv1.2_2021` and `1.2` as numbers."""
    found = re.search(r"(\d)[._](\d)", str(value))
    return (int(found[1]), int(found[2])) if found else ()


RULE = RiskRule(
    id="encryption-weakened",
    topic="encryption",
    title="Encryption stays as strong as it was",
    fix="Keep the key and the protocol; a caller that cannot do better is to be upgraded.",
    examine=_examine,
    covers=frozenset(
        {
            "bucket-encryption",
            "bucket-tls",
            "database-encryption",
            "database-tls",
            "log-encryption",
            "message-encryption",
            "message-tls",
            "registry-encryption",
            "secret-encryption",
            "serving-encryption",
            "volume-encryption",
        }
    ),
)
