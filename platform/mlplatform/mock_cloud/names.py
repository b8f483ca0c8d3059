"""Names that are taken: by what is there, and by what was deleted and still keeps its name."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.base import Single, Stays
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.accounts import Account
from mlplatform.providers.unique import UniqueNames
from mlplatform.providers.wire import within

Key = tuple[str, ...]
DAY = 86_400
_PLACE = "place"


class Names:
    """Who has which name, within the scope that the cloud compares it in."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._rules = UniqueNames(account)
        self._taken: dict[Key, Held] = {}
        self._kept: dict[Key, tuple[Stays, float]] = {}

    def copy(self) -> Names:
        """Another one that knows the same."""
        other = Names(self._account)
        other._taken, other._kept = dict(self._taken), dict(self._kept)
        return other

    def keys(self, token: str, id_: str, inputs: Mapping[str, object]) -> tuple[Key, ...]:
        """The names that a resource takes; its id is one of them, and what there is one of in its place."""
        own = (_place(single, inputs) for single in rules_of(token).singles if single.token == token)
        return ((token, "id", id_.lower()), *self._rules.keys(token, inputs), *own)

    def refuse_taken(self, keys: tuple[Key, ...], token: str) -> Held | None:
        """Who is there already, where a creation takes it over.

        Raises:
            CloudRefused: a creation does not take it over.
        """
        for key in keys:
            present = self._taken.get(key)
            if present is None:
                continue
            if token in rules_of(token).puts:
                return present
            single = next((s for s in rules_of(token).singles if s.token == token and key[1] == _PLACE), None)
            error = single.error if single else rules_of(token).exists
            raise refusal(error, token, present.name, present.id, cause=rules_of(token).exists.cause)
        return None

    def refuse_kept(self, token: str, name: str, keys: tuple[Key, ...], now: float) -> bool:
        """Whether the new one is an old one recovered.

        Raises:
            CloudRefused: a deleted resource still keeps the name.
        """
        for key in keys:
            stays, until = self._kept.get(key, (None, 0.0))
            if stays is None or (stays.days and now >= until):
                continue
            if stays.revived:
                return True
            if stays.error:
                raise refusal(stays.error, token, name, key[-1])
        return False

    def take(self, held: Held) -> None:
        """Note that a resource has its names."""
        for key in held.keys:
            self._taken[key] = held
            self._kept.pop(key, None)

    def release(self, held: Held, now: float) -> Stays | None:
        """Give a deleted resource's names back, or keep them; what stays, if anything does."""
        stays = next((rule for rule in rules_of(held.token).stays if rule.token == held.token), None)
        for key in held.keys:
            if self._taken.get(key) is held:
                del self._taken[key]
            if stays:
                self._kept[key] = (stays, now + stays.days * DAY)
        return stays


def _place(single: Single, inputs: Mapping[str, object]) -> Key:
    return (single.token, _PLACE, *(str(within(inputs, path)) for path in single.properties))
