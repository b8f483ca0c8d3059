"""Somebody gains permissions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.stateful import holds_data
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.gains import Gain, RightIndex, former_rights, gains_of
from mlplatform.risk.right import Right
from mlplatform.risk.role_names import role_name
from mlplatform.risk.rule import Hit, RiskRule

_SHOWN = 4
_DATA = re.compile(
    r":(s3|s3control|s3tables|kms|secretsmanager|ssm|dynamodb|rds|efs|backup|ecr|kinesis|sqs|glue|lakeformation"
    r"|opensearch|redshift\w*|storage|bigquery|bigtable|spanner|pubsub|artifactregistry|firestore|secretmanager|keyvault"
    r"|containerregistry|ec2/(ami|snapshot)\w*)[/:]"
)
"""Types that hold data, keys, secrets or images, or the policy of one that does."""
_OWN_SHAPE = re.compile(r"principal|source|caller|multifactor|vpc|token|tenant|orgid|ipaddress|securetransport|arn")
"""Keys of conditions that keep others out, rather than narrow what may be done."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    before = former_rights(evidence)
    for gain in gains_of(evidence, before):
        yield from _Gained(evidence, gain, before).hits()


class _Gained:
    """What one resource gives."""

    def __init__(self, evidence: Evidence, gain: Gain, before: RightIndex) -> None:
        self._evidence = evidence
        self._step = gain.step
        self._rights = [right for right in gain.rights if right.kind == "allow"]
        self._through = [right for right in gain.rights if right.kind == "fence"]
        self._lifted = gain.lifted
        self._before = before
        self._unknown = gain.unknown

    def hits(self) -> Iterator[Hit]:
        """Findings: the worst holder once per class of right."""
        rest = self._rights
        world, rest = _split(rest, lambda right: right.everybody)
        strangers, rest = _split(rest, lambda right: bool(self._stranger(right)))
        opened, rest = _split(rest, self._keeps_out)
        admin, rest = _split(rest, lambda right: right.admin)
        if world:
            yield Hit("critical", self._step.urn, f"Everybody gains {self._actions(world)}.", headline=_EVERYBODY)
        if strangers:
            level = "critical" if _DATA.search(self._step.type) or holds_data(self._step) else "high"
            who = shown(self._stranger(strangers[0]).rstrip(","))
            yield Hit(
                level,
                self._step.urn,
                f"A stranger gains {self._actions(strangers)}{self._scope(strangers)}: {who}.",
                headline="strangers gain rights in {count} [place|places]",
            )
        if opened:
            keys = sorted({one.key for right in opened for one in self._before.lost_conditions(right)})
            lost = ", ".join(shown(key or "the expression") for key in keys[:_SHOWN])
            yield Hit(
                "high",
                self._step.urn,
                f"{self._who(opened)} gains {self._actions(opened)}: it was limited by {lost}.",
            )
        if admin:
            text = f"{self._who(admin)} gains full access: {self._actions(admin)}{self._scope(admin)}."
            yield Hit(self._level("high", admin), self._step.urn, text, headline=_ADMIN)
        if rest:
            text = f"{self._who(rest)} gains {self._actions(rest)}{self._scope(rest)}."
            yield Hit(self._level(_broad(rest), rest), self._step.urn, text)
        if self._through:
            text = f"It lets more through than before: {self._actions(self._through)}{self._scope(self._through)}."
            yield Hit(self._level("high", self._through), self._step.urn, text)
        if self._unknown:
            text = f"What {shown(self._unknown)} allows is known only after the `up`."
            yield Hit("medium", self._step.urn, text, self._unknown)
        if self._lifted:
            text = f"It no longer forbids {self._actions(self._lifted)}{self._scope(self._lifted)}."
            yield Hit("high", self._step.urn, text)

    def _stranger(self, right: Right) -> str:
        return self._evidence.household.stranger(right)

    def _keeps_out(self, right: Right) -> bool:
        """Whether the right was there under a condition on who uses it, which is gone."""
        return any(_OWN_SHAPE.search(one.key) for one in self._before.lost_conditions(right))

    def _level(self, level: Level, gained: Iterable[Right]) -> Level:
        """Permissions of a new identity, or on a new resource, are expected; others are not."""
        expected = self._is_own_policy_of_new(gained) or all(
            right.scope in self._evidence.created or self._is_new(right.principal) for right in gained
        )
        return "low" if expected else level

    def _is_own_policy_of_new(self, gained: Iterable[Right]) -> bool:
        """Whether a new resource brings its own policy, or a new policy is about new resources only."""
        created, step = self._evidence.created, self._step
        if step.urn not in created or any(not right.nature or right.principal == step.urn for right in gained):
            return False
        about = {urn for urns in step.property_dependencies.values() for urn in urns}
        return about <= created and (bool(about) or not step.type.endswith("Policy"))

    def _is_new(self, principal: str) -> bool:
        if principal in self._evidence.created:
            return True
        identity = self._evidence.identities.get(principal)
        return identity is not None and identity.urn in self._evidence.created

    def _who(self, gained: list[Right]) -> str:
        names = sorted({self._name(right.principal) for right in gained})
        return names[0] if len(names) == 1 else f"{len(names)} principals"

    def _name(self, principal: str) -> str:
        step = self._evidence.after.get(principal) or self._evidence.identities.get(principal)
        return shown(step.name if step else principal)

    def _actions(self, gained: Iterable[Right]) -> str:
        roles = self._evidence.roles
        names = sorted({role_name(one.action, roles) + (" and all but a few" if one.but else "") for one in gained})
        text = ", ".join(shown(name) for name in names[:_SHOWN])
        return f"{text} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else text

    def _scope(self, gained: Iterable[Right]) -> str:
        """The resource, where it is a single one."""
        scopes = {right.scope for right in gained}
        scope = scopes.pop() if len(scopes) == 1 else ""
        if scope in self._evidence.after:
            return f" on {shown(self._evidence.after[scope].name)}"
        name = scope.rstrip("/*").rpartition("/")[2].rpartition(":::")[2]
        return f" on {shown(name)}" if name else ""


def _split(rights: list[Right], test: Callable[[Right], bool]) -> tuple[list[Right], list[Right]]:
    chosen = [right for right in rights if test(right)]
    return chosen, [right for right in rights if right not in chosen] if chosen else rights


_BROAD = re.compile(
    r"/subscriptions/[^/]+/?|/providers/Microsoft\.Management/managementGroups/[^/]+/?|/?", re.IGNORECASE
)


def _broad(rights: list[Right]) -> Level:
    """A whole subscription, management group, organisation or folder is more than anybody's task."""
    wide = any(
        (right.scope.startswith("/") and _BROAD.fullmatch(right.scope))
        or right.scope.startswith(("organizations/", "folders/"))
        for right in rights
    )
    return "high" if wide else "medium"


_EVERYBODY = "everybody gains rights in {count} [place|places]"
_ADMIN = "somebody gains full access in {count} [place|places]"

RULE = RiskRule(
    id="access-widened",
    topic="access",
    title="Nobody gains permissions",
    fix="Grant the smallest role on the smallest scope; ask who needs it and for how long.",
    examine=_examine,
    headline="somebody gains rights in {count} [place|places]",
    covers=frozenset({"iam-action-wildcard", "iam-broad-roles", "iam-resource-wildcard", "public-principals"}),
)
