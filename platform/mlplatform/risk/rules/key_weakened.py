"""A key is switched off, weaker, exportable, held elsewhere, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.model import UNKNOWN, Step
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.leaves import Leaf
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.guards.tables.keys import KEYS
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(KEYS)
_USES = re.compile(
    r"kms|cmk|cryptokey|encryptionkey|keyid|keyarn|keyurl|keyuri|keyvault|keyidentifier|keyname|diskencryptionset|sourcevault"
)
"""Names of inputs with a key that encrypts."""
_OWNER = re.compile(
    r"arn:[\w-]+:kms:[\w-]*:(?P<account>\d{12}):"
    r"|projects/(?P<project>[^/]+)/locations/"
    r"|https://(?P<vault>[\w-]+)\.(?:vault|managedhsm)\."
    r"|/subscriptions/(?P<subscription>[^/]+)/"
)
_WORDS = {"account": "the account", "project": "the project", "vault": "the vault", "subscription": "the subscription"}


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from _TABLE.examine(evidence)
    if evidence.household.is_new:
        # two stacks: everything of the second one is its own
        return
    for item in evidence.cached(turnover).altered:
        for leaf in item.leaves:
            if leaf.names and _USES.search(leaf.names[-1]):
                yield from _moved(item.step, leaf, evidence)
        yield from _vaults(item.step, item.leaves)


def _moved(step: Step, leaf: Leaf, evidence: Evidence) -> Iterator[Hit]:
    """A key of another owner: the platform then reads and writes only as long as that owner allows it."""
    if leaf.after == UNKNOWN or not isinstance(leaf.after, str) or not isinstance(leaf.before, str):
        return
    now = _owner(leaf.after)
    if now is None or now == _owner(leaf.before) or _is_own(now, evidence):
        return
    kind, name = now
    yield Hit(
        "high", step.urn, f"It is encrypted with a key of {_WORDS[kind]} {shown(name)}, not of the platform.", leaf.path
    )


def _owner(text: str) -> tuple[str, str] | None:
    found = _OWNER.search(text)
    return next(((kind, name) for kind, name in found.groupdict().items() if name), None) if found else None


def _is_own(owner: tuple[str, str], evidence: Evidence) -> bool:
    kind, name = owner
    if kind == "account":
        return name in evidence.household.accounts
    if kind == "vault":
        return any(
            step.inputs.get("vaultName") == name or step.inputs.get("name") == name for step in evidence.after.values()
        )
    if kind == "project":
        return any(step.inputs.get("project") == name for step in evidence.before.values())
    return any(f"/{name}/" in step.id for step in evidence.before.values())


def _vaults(step: Step, leaves: tuple[Leaf, ...]) -> Iterator[Hit]:
    """A key without its account: an id alone says nothing about who owns it."""
    if step.type.startswith("aws:") and not step.type.startswith("aws:kms/"):
        for leaf in leaves:
            if leaf.names[-1:] in (("kmskeyid",), ("kmskey",), ("kmskeyarn",)) and _is_managed(leaf):
                yield Hit("high", step.urn, "The cloud's key takes the place of the platform's own.", leaf.path)


def _is_managed(leaf: Leaf) -> bool:
    """Whether AWS's own key takes the place of another: `alias/aws/s3`."""
    mark = "alias/aws/"
    return (
        isinstance(leaf.after, str) and mark in leaf.after and isinstance(leaf.before, str) and mark not in leaf.before
    )


RULE = RiskRule(
    id="key-weakened",
    topic="encryption",
    title="Keys stay the platform's own, enabled and protected",
    fix="Keep the platform's own key in its vault, enabled, not exportable and rotated.",
    examine=_examine,
    covers=frozenset({"key-rotation", "vault-roles"}),
)
