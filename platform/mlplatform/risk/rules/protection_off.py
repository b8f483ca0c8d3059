"""What kept a resource from being deleted by mistake goes."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_KEEPS = frozenset(
    {"deletionprotection", "deletionprotectionenabled", "enabledeletionprotection", "enablepurgeprotection",
     "enablesoftdelete", "disableapitermination", "preventdestroy"}
)  # fmt: skip
_DELETES = frozenset({"forcedestroy", "forcedelete", "deletecontentsondestroy", "disableonedestroy"})


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace", "move"):
        before, after = change.before, change.after
        if before is None or after is None:
            continue
        level = "high" if is_stateful(after.type) else "medium"
        if before.protect and not after.protect:
            yield Hit(level, after.urn, "It is no longer protected: the next change may delete it.")
        if before.retain_on_delete and not after.retain_on_delete:
            yield Hit(level, after.urn, "Deleting it from the stack will now delete it from the cloud.")
        for one in change.properties:
            name = str(one.path[-1]).lower() if one.path else ""
            off = (name in _KEEPS and _is(one.before) and not _is(one.after)) or (
                name in _DELETES and _is(one.after) and not _is(one.before)
            )
            if off:
                yield Hit("high", after.urn, "The cloud no longer refuses to delete it.", one.text)


def _is(value: object) -> bool:
    return str(value).lower() == "true"


RULE = RiskRule(
    id="protection-off",
    topic="data loss",
    title="Protection against deletion stays on",
    fix="Take protection off in a change of its own, just before the deletion it is for.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    covers=frozenset({"bucket-force-destroy", "deletion-protection"}),
)
