"""Names in use, and names that deleted resources still keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.creation import SingletonRule
from mlplatform.mock_cloud.rules.deletion import LeftoverRule
from mlplatform.providers.accounts import Account
from mlplatform.providers.unique import UniqueNames
from mlplatform.providers.wire import value_at_path

_NameKey = tuple[str, ...]
_DAY = 86_400
_ID = "id"
_SINGLETON = "place"


class NameTable:
    """The resource behind each name, in the scope in which the cloud compares it."""

    def __init__(self, account: Account, beside: Sequence[NameTable] = ()) -> None:
        """No name yet.

        Args:
            account: the account of the names.
            beside: names that other stacks have, perhaps in other regions or accounts.
        """
        self._account = account
        self._beside = tuple(beside)
        self._rules = UniqueNames(account)
        self._used: dict[_NameKey, Held] = {}
        self._kept: dict[_NameKey, tuple[LeftoverRule, float]] = {}

    def copy(self) -> NameTable:
        """A copy with the same names."""
        other = NameTable(self._account, self._beside)
        other._used, other._kept = dict(self._used), dict(self._kept)
        return other

    def keys(self, token: str, id_: str, inputs: Mapping[str, object]) -> tuple[_NameKey, ...]:
        """The names that a resource uses, its id and its place as a singleton included."""
        singletons = (_singleton_key(rule, inputs) for rule in rules_of(token).singletons if rule.token == token)
        return ((token, _ID, id_.lower()), *self._rules.keys(token, inputs), *singletons)

    def refuse_used(self, keys: tuple[_NameKey, ...], token: str) -> Held | None:
        """The existing resource, if a creation takes it over.

        Raises:
            CloudRefused: a creation does not take it over.
        """
        rules = rules_of(token)
        for key in keys:
            present = self._used.get(key)
            # what another stack has must not be taken over: its destroy would take it away from this one
            if present is not None and token in rules.upserts:
                return present
            present = present or self._held_beside(key)
            if present is None:
                continue
            singleton = next((rule for rule in rules.singletons if rule.token == token and key[1] == _SINGLETON), None)
            error = singleton.error if singleton else rules.exists
            raise word_refusal(error, token, present.name, present.id, cause=rules.exists.cause)
        return None

    def _held_beside(self, key: _NameKey) -> Held | None:
        """What another stack has under a name. Ids say nothing of another account or region."""
        own = (self._account.account, self._account.region)
        for each in self._beside:
            by_rule = key[1] not in (_ID, _SINGLETON)
            if key in each._used and (by_rule or own == (each._account.account, each._account.region)):
                return each._used[key]
        return None

    def refuse_kept(self, token: str, name: str, keys: tuple[_NameKey, ...], now: float) -> bool:
        """True if the new resource is a deleted one, recovered.

        Raises:
            CloudRefused: a deleted resource still keeps the name.
        """
        for key in keys:
            leftover, until = self._kept.get(key, (None, 0.0))
            if leftover is None or (leftover.days and now >= until):
                continue
            if leftover.recovered:
                return True
            if leftover.error:
                raise word_refusal(leftover.error, token, name, key[-1])
        return False

    def add(self, held: Held) -> None:
        """Add the names of a resource."""
        for key in held.keys:
            self._used[key] = held
            self._kept.pop(key, None)

    def release(self, held: Held, now: float) -> LeftoverRule | None:
        """Release the names of a deleted resource, or keep them; the rule by which something is left, if any."""
        leftover = next((rule for rule in rules_of(held.token).leftovers if rule.token == held.token), None)
        days = leftover.days if leftover else 0
        if leftover and leftover.days_in:
            stated = value_at_path(held.inputs, leftover.days_in)
            days = int(stated) if isinstance(stated, int | float) else days
            leftover = leftover if days else None
        for key in held.keys:
            if self._used.get(key) is held:
                del self._used[key]
            if leftover:
                self._kept[key] = (leftover, now + days * _DAY)
        return leftover


def _singleton_key(rule: SingletonRule, inputs: Mapping[str, object]) -> _NameKey:
    return (rule.token, _SINGLETON, *(str(value_at_path(inputs, path)) for path in rule.properties))
