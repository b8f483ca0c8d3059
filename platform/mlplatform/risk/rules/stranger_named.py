"""A resource names an account, a project or an address of strangers: where data goes, or who may come."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.resource import plain_type
from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import UNKNOWN, Step, Value
from mlplatform.plan.sources.fields import texts
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.leaves import Leaf, new_leaves
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.right import Right
from mlplatform.risk.rights import reads_rights
from mlplatform.risk.rule import Hit, RiskRule

_ACCOUNT = re.compile(r"\w*(account|accountid|accountids|accounts|ownerid|owner)")
"""Names of inputs that hold the number of an AWS account."""
_NUMBER = re.compile(r"\d{12}")
_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d{12}:.+")
_MEMBER = re.compile(r"(?:(?:user|group|serviceAccount):)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SOFTWARE = re.compile(
    r":(layer|model-package|image|component|automation-definition|document)/|:layer:|:model-package/"
)
"""ARNs of software that others publish."""
_REPORTED = re.compile(
    r"policy|statement|kms|key|rolearn|executionrole|serviceaccount|permissionsboundary|description|tags|labels|annotations"
    r"|emailaddress|subject|allowedaccountids|image"
)
"""Inputs that other rules compare, or that only describe."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    change = evidence.cached(turnover)
    for item in change.altered:
        yield from _of(item.step, item.leaves, evidence)
    if not evidence.household.is_new:
        for step in change.new:
            yield from _of(step, new_leaves(step.inputs), evidence)


def _of(step: Step, leaves: Iterator[Leaf] | tuple[Leaf, ...], evidence: Evidence) -> Iterator[Hit]:
    if reads_rights(plain_type(step.type)) or step.type.startswith("pulumi:"):
        return
    told: set[str] = set()
    for leaf in leaves:
        if _REPORTED.search(leaf.path.lower()):
            continue
        known = set(_texts(leaf.before))
        for text in _texts(leaf.after):
            if text in known or text == UNKNOWN or not _is_principal(text, leaf):
                continue
            stranger = evidence.household.stranger(Right(_holder(text), "", ""))
            if stranger and text not in told:
                told.add(text)
                level: Level = "medium" if _SOFTWARE.search(text) else "high"
                yield Hit(level, step.urn, f"It names {shown(stranger.rstrip(','))}.", leaf.path)


def _texts(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else texts(value)


def _is_principal(text: str, leaf: Leaf) -> bool:
    if _NUMBER.fullmatch(text):
        return bool(leaf.names) and _ACCOUNT.fullmatch(leaf.names[-1]) is not None
    return _ARN.fullmatch(text) is not None or (
        _MEMBER.fullmatch(text) is not None and text.endswith("gserviceaccount.com")
    )


def _holder(text: str) -> str:
    """The text in the form of a principal: of an ARN the account, of a service account the member."""
    if text.startswith("arn:"):
        return text.split(":")[4]
    return text if ":" in text or "@" not in text else f"serviceAccount:{text}"


RULE = RiskRule(
    id="stranger-named",
    topic="access",
    title="No input names strangers",
    fix="Name your own account, project or address; where a partner is meant, say so in the review and accept it.",
    examine=_examine,
)
