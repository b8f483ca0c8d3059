"""A service, machine or job acts as another identity that exists already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import UNKNOWN, Step
from mlplatform.plan.sources.fields import texts
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.directions import MISSING
from mlplatform.risk.guards.leaves import Leaf
from mlplatform.risk.guards.successors import turnover
from mlplatform.risk.right import Right
from mlplatform.risk.rule import Hit, RiskRule

_NAMES = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    "aws": re.compile(
        r"(\w*rolearn|\w*rolename|role|instancerole|iamrole|\w*(execution|service|task|job|node|access)role|\w*instanceprofile(arn|name)?)"
    ),
    # https://docs.cloud.google.com/iam/docs/attach-service-accounts
    "gcp": re.compile(r"(?!kms|source|target|logging)\w*serviceaccount(email|emailaddress|id|name)?"),
    # https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
    "azure-native": re.compile(
        r"(?!encryption|kek|key)\w*(assigned|managed|primary|kubelet|execution|workload)\w*identity(id|resourceid|clientid)?"
    ),
}
"""Names of inputs with an identity that a resource acts as, by package."""
_LISTS = frozenset({"userassignedidentities"})
_NOT = re.compile(r"encryption|kms|cmk|keyvault|customermanaged|disk")
"""Paths of identities that only open a key."""
_GRANTS = re.compile(
    r"IAM|Iam|:RolePolic|PolicyAttachment|RoleAssignment|:InstanceProfile$|Permission|:Role$|AccessEntry"
)
"""Types that are about a right: the rules of rights and trust read them."""
_DEFAULT = "the default identity of its project, which may often change everything in it"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    if evidence.household.is_new:
        # two stacks: everything of the second one is its own
        return
    for item in evidence.cached(turnover).altered:
        if _GRANTS.search(item.step.type) or item.step.type.startswith("kubernetes:"):
            continue
        for leaf in item.leaves:
            if leaf.is_new or _NOT.search(leaf.path.lower()):
                continue
            if leaf.names and not leaf.is_list and _is_identity(item.step, leaf.names):
                yield from _swapped(item.step, leaf, evidence)
            elif leaf.is_list and leaf.names[-1:] and leaf.names[-1] in _LISTS:
                yield from _added(item.step, leaf, evidence)


def _is_identity(step: Step, names: tuple[str, ...]) -> bool:
    known = _NAMES.get(step.package)
    if known is None or not names:
        return False
    *above, last = names
    # an object that is an identity holds its id
    name = above[-1] if above and last in ("resourceid", "clientid") else last
    return known.fullmatch(name) is not None


def _swapped(step: Step, leaf: Leaf, evidence: Evidence) -> Iterator[Hit]:
    was, now = leaf.before, leaf.after
    if not isinstance(was, str) or not was:
        return
    if now is MISSING or now == "":
        if step.type.startswith("gcp:"):
            yield Hit("high", step.urn, f"It acts as {_DEFAULT}.", leaf.path)
        return
    if not isinstance(now, str) or _is_new(now, step, leaf, evidence):
        return
    yield _hit(step, leaf, now, f"It acts as {{}} instead of {shown(_name(was))}.", evidence)


def _added(step: Step, leaf: Leaf, evidence: Evidence) -> Iterator[Hit]:
    for identity in texts(leaf.after):
        if not _is_new(identity, step, leaf, evidence):
            yield _hit(step, leaf, identity, "It can act as {} too.", evidence)


def _hit(step: Step, leaf: Leaf, identity: str, sentence: str, evidence: Evidence) -> Hit:
    if identity == UNKNOWN:
        return Hit("medium", step.urn, "Whom it acts as is known only after the `up`.", leaf.path)
    stranger = evidence.household.stranger(Right(_principal(identity), "act", ""))
    name = shown(stranger.rstrip(",") or _name(identity))
    level: Level = "critical" if stranger else "high"
    return Hit(level, step.urn, sentence.format(name), leaf.path)


def _is_new(identity: str, step: Step, leaf: Leaf, evidence: Evidence) -> bool:
    """Whether the identity is made by the same change: its rights are reported there."""
    first = re.split(r"[.\[]", leaf.path, maxsplit=1)[0]
    if set(step.property_dependencies.get(first, ())) & evidence.created:
        return True
    name = _name(identity)
    return any(
        name in (made.name, *(str(made.inputs.get(key)) for key in ("name", "accountId", "resourceName")))
        for made in (evidence.after[urn] for urn in evidence.created)
    )


def _principal(identity: str) -> str:
    return identity if identity.startswith("arn:") or "@" not in identity else f"serviceAccount:{identity}"


def _name(identity: str) -> str:
    """The end of an ARN, an id or an address, which names it."""
    return identity.rpartition("/")[2].partition("@")[0]


RULE = RiskRule(
    id="identity-swapped",
    topic="access",
    title="Services and machines keep their identity",
    fix="Give its own identity the one right that it lacks; another workload's identity brings all of its rights.",
    examine=_examine,
    covers=frozenset({"node-identity"}),
)
