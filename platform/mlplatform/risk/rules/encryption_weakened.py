"""A customer-managed key, or a newer protocol, is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.transport import TRANSPORT
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(TRANSPORT)
_KEY = re.compile(r"kms|encryptionkey|keyvault|customermanaged|keyname|diskencryptionset|cryptokey|cmek")
_ON = re.compile(r"encrypt|supportshttpstrafficonly|httpsonly|requiretls|enablehttps")
_OLD = re.compile(r"(tls|ssl|minimum\w*version|tlspolicy)")


def _examine(evidence: Evidence) -> Iterator[Hit]:
    known = list(_TABLE.examine(evidence))
    yield from known
    reported = {(hit.urn, hit.path) for hit in known}
    for change in evidence.of("update", "replace"):
        for item in change.properties:
            if (change.step.urn, item.text) in reported:
                continue
            if reason := _reason(item):
                yield Hit("high", change.step.urn, reason, item.text)


def _reason(change: PropertyChange) -> str:
    path = re.sub(r"\[\d+\]", "", change.text).lower()
    if change.kind == "remove" and _KEY.search(path):
        return "It is no longer encrypted with a customer-managed key."
    if _ON.search(path) and str(change.before).lower() in ("true", "enabled") and not _is_on(change):
        return "Encryption is turned off."
    before, after = _version(change.before), _version(change.after)
    if _OLD.search(path) and before and after and after < before:
        return f"An older protocol is allowed: {shown(change.before)} becomes {shown(change.after)}."
    return ""


def _is_on(change: PropertyChange) -> bool:
    return change.kind != "remove" and str(change.after).lower() in ("true", "enabled")


def _version(value: object) -> tuple[int, ...]:
    """`TLS1_2`, `TLSv1.2_2021` and `1.2` as numbers."""
    found = re.search(r"(\d)[._](\d)", str(value))
    return (int(found[1]), int(found[2])) if found else ()


RULE = RiskRule(
    id="encryption-weakened",
    topic="encryption",
    title="Encryption stays as strong as it was",
    fix="Keep the key and the protocol; upgrade callers that need the older one.",
    examine=_examine,
    headline="encryption of {things} gets weaker",
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
