"""A cluster, an engine, a runtime or an image goes back to an older version, or is no longer kept up to date."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.guards.tables.software import VERSIONS, is_older
from mlplatform.risk.references import image_reference
from mlplatform.risk.rule import Hit, RiskRule
from mlplatform.risk.rules.software_moved import IMAGES

_TABLE = GuardTable(VERSIONS)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from _TABLE.examine(evidence)
    for item in evidence.cached(turnover).altered:
        for leaf in item.leaves:
            if not (leaf.names and IMAGES.fullmatch(leaf.names[-1])):
                continue
            old, new = (image_reference(side) if isinstance(side, str) else None for side in (leaf.before, leaf.after))
            if old and new and old.path == new.path and is_older(new.tag or "", old.tag or ""):
                text = f"Its image goes back from {shown(old.tag or '')} to {shown(new.tag or '')}."
                yield Hit("medium", item.step.urn, text, leaf.path)


RULE = RiskRule(
    id="version-lowered",
    topic="software",
    title="Nothing goes back to an older version",
    fix="Go back only as far and as long as the newer version is broken, and say so in the review.",
    examine=_examine,
    covers=frozenset({"kubernetes-support", "node-updates"}),
)
