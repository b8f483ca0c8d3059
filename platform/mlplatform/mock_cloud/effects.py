"""Rights that are not in effect yet: what needs them is refused, as on an account that is minutes old."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.timing import EffectRule
from mlplatform.providers.wire import plain_value, value_at_path


class Effects:
    """Grants that the program waited for.

    Args:
        rehearsed: file to which the program writes the id of each grant that it waited for. Omitted: it waited for
            none.
    """

    def __init__(self, rehearsed: Path | None = None) -> None:
        self.rehearsed = rehearsed
        self._waited: set[str] = set()

    def refuse_early(self, held: Held, others: Iterable[Held], start: float) -> None:
        """Refuse a resource that needs a right which is not in effect.

        Args:
            held: the resource.
            others: everything else that the cloud holds.
            start: beginning of the present run; what was granted before it is in effect.

        Raises:
            CloudRefused: a right that it needs was granted in this run, and the program did not wait.
        """
        rules = [rule for rule in rules_of(held.token).effects if is_user(rule, held.token)]
        if not rules:
            return
        present = list(others)
        for rule in rules:
            needed = [grant for grant in present if is_needed(rule, grant, held, present)]
            for grant in needed:
                # a service may be enabled twice, and a right granted twice: the first is enough
                same = (each for each in needed if right_of(rule, each) == right_of(rule, grant))
                if not any(each.ready_at <= start or self._is_waited(each.id) for each in same):
                    cause = f"{grant.name} was granted seconds ago: let {held.name} come after it is in effect"
                    raise word_refusal(rule.error, held.token, held.name, held.id, grant.id, cause=cause)

    def _is_waited(self, id_: str) -> bool:
        if id_ not in self._waited and self.rehearsed and self.rehearsed.is_file():
            self._waited.update(self.rehearsed.read_text(encoding="utf-8").splitlines())
        return id_ in self._waited


def is_needed(rule: EffectRule, grant: Held, user: Held, present: Iterable[Held]) -> bool:
    """Whether a resource needs this grant."""
    path, pattern = rule.role
    if grant.token != rule.grant or not re.fullmatch(pattern, str(plain_value(value_at_path(grant.inputs, path)))):
        return False
    if rule.on and str(plain_value(value_at_path(grant.inputs, rule.on))) not in user.references:
        return False
    if rule.agents:
        where, patterns = rule.agents
        if not re.fullmatch(dict(patterns).get(user.token, ".*"), str(plain_value(value_at_path(grant.inputs, where)))):
            return False
    if not rule.to:
        return True
    principal = plain_value(value_at_path(grant.inputs, rule.to))
    return any(
        principal in identity.identifiers and not identity.identifiers.isdisjoint(user.references)
        for identity in present
        if identity is not grant
    )


def right_of(rule: EffectRule, grant: Held) -> tuple[str, ...]:
    """What a grant gives, and to whom: two grants of one right have the same."""
    paths = (rule.role[0], rule.on, rule.to, rule.agents[0] if rule.agents else "")
    return tuple(str(plain_value(value_at_path(grant.inputs, path))) for path in paths if path)


def is_user(rule: EffectRule, token: str) -> bool:
    """Whether resources of a type need the right of a rule."""
    return any(token.startswith(user) if user.endswith(("/", ":")) else token == user for user in rule.users)
