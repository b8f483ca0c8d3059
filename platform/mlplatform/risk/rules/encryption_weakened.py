"""A customer-managed key, or a newer protocol, is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.change import PropertyChange
from mlplatform.plan.finding import Level
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.transport import TRANSPORT
from mlplatform.risk.protocols import least_protocol
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(TRANSPORT)
_KEY = re.compile(r"kms|encryptionkey|keyvault|customermanaged|keyname|diskencryptionset|cryptokey|cmek")
_ON = re.compile(r"encrypt|supportshttpstrafficonly|httpsonly|requiretls|enablehttps")
_PROTOCOL = re.compile(r"tls|ssl|minimum\w*version|securitypolicy|protocols?(version)?$")
_TODAY = (1, 2)
"""The least version that no benchmark calls outdated."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    known = list(_TABLE.examine(evidence))
    yield from known
    reported = {(hit.urn, hit.path) for hit in known}
    for change in evidence.of("update", "replace"):
        for item in change.properties:
            if (change.step.urn, item.text) in reported:
                continue
            if found := _weakened(item):
                yield Hit(found[0], change.step.urn, found[1], item.text)


def _weakened(change: PropertyChange) -> tuple[Level, str] | None:
    path = re.sub(r"\[\d+\]", "", change.text).lower()
    if change.kind == "remove" and _KEY.search(path):
        return "high", "It is no longer encrypted with a customer-managed key."
    if _ON.search(path) and str(change.before).lower() in ("true", "enabled") and not _is_on(change):
        return "high", "Encryption is turned off."
    return _older(change) if _PROTOCOL.search(path) else None


def _older(change: PropertyChange) -> tuple[Level, str] | None:
    """An older protocol, or older ciphers of the same."""
    before = least_protocol(change.before)
    if change.kind == "remove":
        # a list without one of its protocols allows fewer
        if before is None or isinstance(change.path[-1], int):
            return None
        return "high", f"It no longer asks for {shown(change.before)}: older protocols are allowed."
    after = least_protocol(change.after)
    if change.kind == "add":
        if after and after[:2] < _TODAY:
            return "high", f"An older protocol is allowed: {shown(change.after)}."
        return None
    words = f"{shown(change.before)} becomes {shown(change.after)}"
    if before and after and after[:2] < before[:2]:
        return "high", f"An older protocol is allowed: {words}."
    if before and after and after[:2] == before[:2] and 0 < after[2] < before[2]:
        return "medium", f"Older ciphers are allowed: {words}."
    return None


def _is_on(change: PropertyChange) -> bool:
    return change.kind != "remove" and str(change.after).lower() in ("true", "enabled")


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
