"""Unique names, resources of which only one may exist, and limits that several share, across all of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

from mlplatform.providers.accounts import Account
from mlplatform.providers.kubernetes.check import RELEASE, is_object, object_key
from mlplatform.providers.refusal import Refusal
from mlplatform.providers.rules import rules_of
from mlplatform.providers.rules.base import NameRule, NameScope, TotalRule, UniqueRule
from mlplatform.providers.schema import package_of
from mlplatform.providers.wire import UNKNOWN, has_secret, plain_value

_Key = tuple[str, ...]
_SCOPES = {"global": "all customers of the cloud", "account": "the account", "region": "the region of the account"}


class UniqueNames:
    """The names in use so far; a name that is used twice in its scope is refused.

    One instance covers one plan of one account: global names are only compared within it.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._taken: dict[_Key, str] = {}
        self._sizes: dict[_Key, dict[str, int]] = {}

    def add(self, token: str, inputs: Mapping[str, object], urn: str, region: str | None = None) -> Refusal | None:
        """Adds the names of a resource; the refusal if another resource uses one of them.

        Names that are omitted or not known yet are not compared.

        Args:
            token: type token.
            inputs: wire-named.
            urn: the resource's name in messages.
            region: of the resource's provider, if it is not the account's; a region or location among the inputs wins.
        """
        for rule, key in self._keys(token, inputs, region):
            holder = self._taken.setdefault(key, urn)
            if holder != urn:
                shown_inputs = {n: "[secret]" if has_secret(v) else plain_value(v) for n, v in inputs.items()}
                return _refusal(rule, shown_inputs, holder)
        return next((too_much for rule in _totals(token) if (too_much := self._total(rule, inputs, urn))), None)

    def _total(self, rule: TotalRule, inputs: Mapping[str, object], urn: str) -> Refusal | None:
        """The refusal if a resource is too much for what it shares with others; what is not known counts nothing."""
        owner, text = (_text(inputs, name) for name in (rule.within, rule.measured))
        if owner is None or text is None:
            return None
        sizes = self._sizes.setdefault((rule.token, rule.within, owner), {})
        sizes[urn] = len("".join(text.split()))
        if sum(sizes.values()) <= rule.most:
            return None
        return Refusal(
            path=rule.measured,
            got=f"{sum(sizes.values())} characters with the {len(sizes) - 1} others of {owner}",
            expected=f"at most {rule.most} characters of {rule.words} ({rule.source})",
            fix="name fewer resources in them, or patterns of their names",
        )

    def keys(self, token: str, inputs: Mapping[str, object], region: str | None = None) -> list[tuple[str, ...]]:
        """The names that a resource uses, each with its scope; arguments as for `add`."""
        return [key for _, key in self._keys(token, inputs, region)]

    def _keys(
        self, token: str, inputs: Mapping[str, object], region: str | None
    ) -> Iterator[tuple[NameRule | UniqueRule, _Key]]:
        if is_object(token) or token == RELEASE:
            key = object_key(token, inputs)
            if key is not None:
                yield _object_rule(token), key
            return
        rules = _by_token(package_of(token)).get(token, ())
        known = {name: plain_value(value) for name, value in inputs.items()} if rules else {}
        for rule in rules:
            key = self._key(rule, known, region)
            if key is not None:
                yield rule, key

    def _key(self, rule: NameRule | UniqueRule, inputs: Mapping[str, object], region: str | None) -> _Key | None:
        if isinstance(rule, UniqueRule):
            values = [_text(inputs, name) for name in rule.properties]
            return None if None in values else (rule.token, "*", *(value or "" for value in values))
        name = _text(inputs, rule.property)
        if name is None or rule.scope is None:
            return None
        within = self._within(rule.scope, inputs, region)
        if within is None:
            return None
        return (rule.token, rule.property, *within, name.lower() if rule.folded else name)

    def _within(self, scope: NameScope, inputs: Mapping[str, object], region: str | None) -> _Key | None:
        match scope:
            case "global" | None:
                return ()
            case "account":
                return (_text(inputs, "project") or self._account.account,)
            case "region":
                own = _text(inputs, "region") or _text(inputs, "location")
                project = _text(inputs, "project") or self._account.account
                return (project, own or region or self._account.region)
            case parents:
                values = [inputs.get(parent, "") for parent in parents]
                return None if any(UNKNOWN in str(value) for value in values) else tuple(map(str, values))


@cache
def _object_rule(token: str) -> NameRule:
    """An object's name is unique among its kind in its namespace, a release's in its namespace."""
    return NameRule(
        token=token,
        property="name" if token == RELEASE else "metadata.name",
        # `providers/kubernetes` holds the name itself
        pattern="",
        minimum=0,
        maximum=0,
        source="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
        scope=(),
    )


@cache
def _by_token(package: str) -> Mapping[str, list[NameRule | UniqueRule]]:
    table: dict[str, list[NameRule | UniqueRule]] = {}
    for rule in (*rules_of(package).names, *rules_of(package).unique):
        table.setdefault(rule.token, []).append(rule)
    return table


@cache
def _totals(token: str) -> tuple[TotalRule, ...]:
    if is_object(token) or token == RELEASE:
        return ()
    return tuple(rule for rule in rules_of(package_of(token)).totals if rule.token == token)


def _text(inputs: Mapping[str, object], name: str) -> str | None:
    value = inputs.get(name)
    return value if isinstance(value, str) and value and UNKNOWN not in value else None


def _refusal(rule: NameRule | UniqueRule, inputs: Mapping[str, object], holder: str) -> Refusal:
    if isinstance(rule, UniqueRule):
        got = ", ".join(f"{name}={inputs.get(name)!r}" for name in rule.properties)
        return Refusal(
            path=next(iter(rule.properties), ""),
            got=f"{got}, which {holder} already has",
            expected=f"{rule.words} ({rule.source})",
            fix="merge the two resources into one",
        )
    scope = rule.scope if isinstance(rule.scope, str) else "its parent"
    owner, _, name = rule.property.rpartition(".")
    shown = cast("Mapping[str, object]", inputs.get(owner) or {}) if owner else inputs
    return Refusal(
        path=rule.property,
        got=f"{shown.get(name)!r}, which {holder} already has",
        expected=f"a name unique within {_SCOPES.get(scope, scope)}",
        fix="rename one of the two",
    )
