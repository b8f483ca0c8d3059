"""More personal data of captured requests are stored than before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import cast

from mlplatform.checks.wording import shown
from mlplatform.risk.endpoints import changed_endpoint_fields
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_LISTS = ("fields", "kinds", "patterns")


def _examine(evidence: Evidence) -> Iterator[Hit]:
    removed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    added: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    fields = list(changed_endpoint_fields(evidence))
    # nothing is kept of those any more
    quiet = {each.endpoint for each in fields if each.path == "capture_percent" and each.after == 0}
    for field in fields:
        root, _, inner = field.path.partition(".")
        if root != "redact" or field.endpoint in quiet:
            continue
        if not inner and field.after is None and field.before is not None:
            reason = f"Requests and answers of {shown(field.endpoint)} are stored as they are: its redact is gone."
            yield Hit("high", field.urn, reason, field.where)
        name = inner.partition("[")[0]
        if name in _LISTS:
            # entries at other places of a list are the same entries
            key = (field.urn, field.endpoint, name)
            removed[key] |= _texts(field.before)
            added[key] |= _texts(field.after)
    for (urn, endpoint, name), texts in removed.items():
        gone = sorted(texts - added[urn, endpoint, name])
        if gone:
            words = ", ".join(shown(each) for each in gone)
            reason = f"Captures of {shown(endpoint)} keep what was removed before: {name} {words}."
            yield Hit("high", urn, reason, f"endpoints.{endpoint}.redact.{name}")


def _texts(given: object) -> set[str]:
    if isinstance(given, list):
        return set(map(str, cast("list[object]", given)))
    return {given} if isinstance(given, str) else set()


RULE = RiskRule(
    id="redaction-loosened",
    topic="exposure",
    title="No more personal data of requests are stored than before",
    fix="Keep the rule, or say in the change who has agreed that these data are stored, and for how long.",
    examine=_examine,
    headline="[an endpoint stores|endpoints store] more of what callers send",
)
