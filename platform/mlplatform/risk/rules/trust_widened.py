"""Somebody else may log in: trust is compared whole, with issuer, audience, subject, mapping and conditions."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step
from mlplatform.risk.condition import EXPRESSION, Condition
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.gains import RightIndex, former_rights, gains_of
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.logins import LOGINS
from mlplatform.risk.right import Right
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(LOGINS)
_OF_OTHERS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid")
"""Conditions that keep a service from acting for other accounts."""
_POOLS = ("principal://", "principalSet://")
"""Principals of a pool: whoever its providers let in."""
_WORKLOAD = "system:serviceaccount:"
"""A subject in a Kubernetes cluster."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from _TABLE.examine(evidence)
    before = former_rights(evidence)
    for gain in gains_of(evidence, before):
        hits = dict[str, tuple[Level, Right]]()
        for right in gain.rights:
            if right.kind == "login":
                level, reason = _judge(right, gain.step, evidence, before)
                hits.setdefault(reason, (level, right))
        for reason, (level, right) in hits.items():
            yield Hit(level, gain.step.urn, reason, right.path)


def _judge(right: Right, step: Step, evidence: Evidence, before: RightIndex) -> tuple[Level, str]:
    """How bad it is that a principal may log in, and the sentence about it."""
    is_new = step.urn in evidence.created and (right.scope in (step.urn, *evidence.created) or not evidence.before)
    lost = before.lost_conditions(right)
    if right.everybody:
        return "critical", "Everybody may act as this identity."
    if stranger := evidence.household.stranger(right):
        return "high", f"A stranger may act as this identity: {shown(stranger.rstrip(','))}."
    if right.nature == "Federated":
        return _federated(right, evidence, lost, is_new=is_new)
    if right.principal.startswith(_POOLS):
        text = f"Tokens that {shown(_short(right.principal))} of a workload identity pool covers are accepted."
        return ("low" if evidence.household.is_new else "high"), text
    if lost:
        names = ", ".join(sorted({shown(one.key or "the expression") for one in lost}))
        others = right.nature == "Service" and any(one.key in _OF_OTHERS for one in lost)
        effect = ", so that it acts for other accounts too" if others else ""
        return "high", f"{shown(right.principal)} may log in without the former condition on {names}{effect}."
    return ("low" if is_new else "medium"), f"{shown(_name(right, evidence))} may act as this identity."


def _federated(right: Right, evidence: Evidence, lost: frozenset[Condition], *, is_new: bool) -> tuple[Level, str]:
    """Tokens of an issuer outside the cloud."""
    issuer = _name(right, evidence)
    subjects = sorted(value for one in right.conditions if _is_subject(one) for value in one.values)
    whose = f"with the subject {', '.join(map(shown, subjects))}" if subjects else "of any subject that fits"
    if evidence.household.is_new:
        return "low", f"Tokens of {shown(issuer)} {whose} are accepted."
    if lost:
        former = "; ".join(_was(one, right) for one in sorted(lost, key=str))
        return "high", f"Tokens of {shown(issuer)} {whose} are accepted: {former}."
    own_cluster = (
        subjects and all(one.startswith(_WORKLOAD) for one in subjects) and _is_known(right.principal, evidence)
    )
    level: Level = "high" if not own_cluster else "low" if is_new else "medium"
    return level, f"Tokens of {shown(issuer)} {whose} are newly accepted."


def _short(member: str) -> str:
    """The end of a member of a pool, which says whom it means."""
    return "/".join(member.split("/workloadIdentityPools/")[-1].split("/")[1:]) or member


def _is_subject(condition: Condition) -> bool:
    return condition.key.endswith((":sub", ".sub")) or condition.key == "sub"


def _was(condition: Condition, right: Right) -> str:
    values = ", ".join(sorted(map(shown, condition.values)))
    now = sorted(value for one in right.conditions if one.key == condition.key for value in one.values)
    what = {EXPRESSION: "the condition", "mapping": f"the mapping of {shown(condition.key)}"}.get(
        condition.operator, shown(condition.key)
    )
    return f"{what} was {values}" + ("" if now else " and is no longer asked for")


def _is_known(issuer: str, evidence: Evidence) -> bool:
    """Whether an issuer is a resource of the stack, or was trusted before."""
    if issuer.startswith("urn:pulumi:"):
        return True
    return any(issuer and issuer in str(step.inputs) + str(step.outputs) for step in evidence.before.values())


def _name(right: Right, evidence: Evidence) -> str:
    step = evidence.after.get(right.principal) or evidence.identities.get(right.principal)
    # of an ARN, the issuer itself
    return step.name if step else right.principal.rpartition("oidc-provider/")[2]


RULE = RiskRule(
    id="trust-widened",
    topic="access",
    title="Nobody else may log in",
    fix="Name the one repository with its branch or environment, the workload or the account that has to log in.",
    examine=_examine,
    link="https://docs.github.com/actions/concepts/security/openid-connect",
    covers=frozenset({"federation-conditions", "trust-conditions"}),
)
