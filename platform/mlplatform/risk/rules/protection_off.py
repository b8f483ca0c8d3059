"""Protection against accidental deletion is removed."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.stateful import holds_data
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.deletion import DELETION
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(DELETION)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace", "move"):
        before, after = change.before, change.after
        if before is None or after is None:
            continue
        level = "high" if holds_data(after) else "medium"
        if before.protect and not after.protect:
            yield Hit(level, after.urn, "It is no longer protected: the next change can delete it.")
        if before.retain_on_delete and not after.retain_on_delete:
            yield Hit(level, after.urn, "Deleting it from the stack will now delete it from the cloud.")
    yield from _TABLE.examine(evidence)


RULE = RiskRule(
    id="protection-off",
    topic="data loss",
    title="Protection against deletion stays on",
    fix="Remove the protection in a separate change, just before the intended deletion.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    headline="protection comes off {things}",
    covers=frozenset({"bucket-force-destroy", "deletion-protection"}),
)
