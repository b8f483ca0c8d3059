"""Applies a cloud's rule tables to the inputs of one resource."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache

from mlplatform.providers.refusal import Refusal, show_value, suggest_name
from mlplatform.providers.rules import rules_of
from mlplatform.providers.rules.base import ConflictRule, MapRule, NameRule, OneOfRule, ProductRule, ValueRule, WhenRule
from mlplatform.providers.rules.documents import check_document
from mlplatform.providers.types import list_options
from mlplatform.providers.wire import UNKNOWN, as_list, as_object, is_unknown

_Row = NameRule | ValueRule | ConflictRule | OneOfRule | WhenRule | ProductRule


def check_rules(package: str, token: str, inputs: Mapping[str, object]) -> list[Refusal]:
    """Refusals by the rule tables of a package.

    Args:
        package: provider package.
        token: type token.
        inputs: wire-named, without the envelopes of secrets.
    """
    refusals: list[Refusal] = []
    for row in _rows(package).get(token, ()):
        match row:
            case NameRule():
                refusals += _check_name(row, inputs.get(row.property))
            case ValueRule():
                for path, value in walk(inputs, row.path):
                    refusals += _check_value(row, path, value)
            case ConflictRule():
                first, second = list(walk(inputs, row.first)), list(walk(inputs, row.second))
                if first and second:
                    refusals.append(_conflict(row))
            case WhenRule():
                refusals += _check_when(row, inputs)
            case ProductRule():
                refusals += _check_product(row, inputs)
            case OneOfRule():
                if all(inputs.get(name) is None for name in row.properties):
                    refusals.append(_none_of(row))
    for rule in rules_of(package).maps:
        if (not rule.tokens or token in rule.tokens) and token not in rule.except_tokens:
            paths = [*rule.properties, *(path for owner, path in rule.nested if owner == token)]
            for path in paths:
                for where, value in walk(inputs, path):
                    refusals += _check_map(rule, where, value)
    return refusals


@cache
def _rows(package: str) -> Mapping[str, tuple[_Row, ...]]:
    rules = rules_of(package)
    table: dict[str, tuple[_Row, ...]] = {}
    for row in (*rules.names, *rules.values, *rules.conflicts, *rules.needed, *rules.when, *rules.products):
        table[row.token] = (*table.get(row.token, ()), row)
    return table


def walk(value: object, path: str, where: str = "", *, unknowns: bool = False) -> Iterator[tuple[str, object]]:
    """The values at a path such as `rules[].expiration.days`, each with its own path.

    Values that are absent are left out, and so are values that are not known yet, unless `unknowns` is set.
    """
    head, _, rest = path.partition(".")
    many = head.endswith("[]")
    name = head.removesuffix("[]")
    owner = as_object(value)
    if owner is None:
        return
    inner = owner.get(name)
    here = f"{where}.{name}" if where else name
    items: list[tuple[str, object]] = [(here, inner)]
    if many:
        items = [(f"{here}[{index}]", item) for index, item in enumerate(as_list(inner) or [])]
    for item_path, item in items:
        if item is None:
            continue
        if is_unknown(item) or (isinstance(item, str) and UNKNOWN in item):
            if unknowns:
                yield item_path, item
            continue
        if rest:
            yield from walk(item, rest, item_path, unknowns=unknowns)
        else:
            yield item_path, item


def _check_name(rule: NameRule, value: object) -> list[Refusal]:
    if not isinstance(value, str) or UNKNOWN in value:
        return []
    fits = rule.minimum <= len(value) <= rule.maximum and re.fullmatch(rule.pattern, value) is not None
    if fits:
        return []
    words = rule.words or f"match {rule.pattern}"
    expected = f"{rule.minimum} to {rule.maximum} characters; {words} ({rule.source})"
    got = f"{show_value(value)} ({len(value)} characters)"
    return [Refusal(rule.property, got, expected, "choose a name that fits the rule")]


def _check_value(rule: ValueRule, path: str, value: object) -> list[Refusal]:
    expected, size, fix = "", "", "change the value to fit"
    entries = as_list(value) or as_object(value) or ()
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if rule.allowed and value not in rule.allowed:
        expected, fix = f"one of {list_options(rule.allowed)}", suggest_name(str(value), map(str, rule.allowed))
    elif number is not None and not _within(number, rule.low, rule.high):
        expected = f"a number {_range(rule.low, rule.high)}"
    elif isinstance(value, str) and not _within(_length(rule, value), rule.shortest, rule.longest):
        expected, size = (f"a length {_range(rule.shortest, rule.longest)}", f" (length {_length(rule, value)})")
    elif not isinstance(value, str) and number is None and not _within(len(entries), rule.fewest, rule.most):
        expected, size = f"a number of entries {_range(rule.fewest, rule.most)}", f" ({len(entries)} entries)"
    elif isinstance(value, str) and rule.pattern and not re.fullmatch(rule.pattern, value):
        expected = f"text that matches {rule.pattern}"
    if expected:
        return [Refusal(path, show_value(value) + size, f"{expected} ({rule.source})", rule.words or fix)]
    if rule.document and isinstance(value, str):
        return check_document(rule.document, path, value, rule.source)
    return []


def _length(rule: ValueRule, value: str) -> int:
    return len(re.sub(r"\s", "", value)) if rule.document else len(value)


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"of at most {high:g}"
    return f"of at least {low:g}" if high is None else f"from {low:g} to {high:g}"


def _conflict(rule: ConflictRule) -> Refusal:
    return Refusal(
        path=rule.first,
        got=f"`{rule.first}` together with `{rule.second}`",
        expected=f"at most one of the two ({rule.source})",
        fix=f"remove `{rule.first}` or `{rule.second}`",
    )


def _check_when(rule: WhenRule, inputs: Mapping[str, object]) -> list[Refusal]:
    if all(value != rule.equals for _, value in walk(inputs, rule.when)):
        return []
    because = f"with `{rule.when}` = {rule.equals!r}: {rule.words} ({rule.source})"
    if rule.pattern is None and not rule.allowed:
        if any(True for _ in walk(inputs, rule.path, unknowns=True)):
            return []
        return [Refusal(rule.path, "nothing", because, f"set `{rule.path}`, or change `{rule.when}`")]
    return [
        Refusal(path, show_value(value), because, f"correct `{path}`, or change `{rule.when}`")
        for path, value in walk(inputs, rule.path)
        if (rule.allowed and value not in rule.allowed) or (rule.pattern and not re.fullmatch(rule.pattern, str(value)))
    ]


def _check_product(rule: ProductRule, inputs: Mapping[str, object]) -> list[Refusal]:
    most = rule.most if isinstance(rule.most, int | float) else _number(inputs, rule.most)
    if rule.raised and any(True for _ in walk(inputs, rule.raised[0], unknowns=True)):
        most = rule.raised[1]
    if most is None:
        return []
    refusals: list[Refusal] = []
    for path, owner in walk(inputs, rule.path):
        factors = [_number(owner, name) for name in rule.factors]
        product = math.prod(factor for factor in factors if factor is not None)
        if None in factors or product <= most:
            continue
        got = " x ".join(f"{name} {factor:g}" for name, factor in zip(rule.factors, factors, strict=True) if factor)
        expected = f"a product of at most {most:g}: {rule.words} ({rule.source})"
        refusals.append(Refusal(path, f"{got} = {product:g}", expected, "lower one of the factors"))
    return refusals


def _number(owner: object, path: str) -> float | None:
    values = [value for _, value in walk(owner, path)]
    found = values[0] if values else None
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _none_of(rule: OneOfRule) -> Refusal:
    names = ", ".join(f"`{name}`" for name in rule.properties)
    return Refusal("", "none of the properties", f"one of {names} ({rule.source})", "set one of the properties")


def _check_map(rule: MapRule, path: str, value: object) -> list[Refusal]:
    entries = as_object(value)
    if entries is None:
        return []
    refusals: list[Refusal] = []
    if len(entries) > rule.most:
        refusals.append(
            Refusal(path, f"{len(entries)} entries", f"at most {rule.most} ({rule.source})", "remove entries")
        )
    for key, item in entries.items():
        if not re.fullmatch(rule.key, key):
            refusals.append(Refusal(path, f"the key {key!r}", f"{rule.words} ({rule.source})", "rename the key"))
        if isinstance(item, str) and UNKNOWN not in item and not re.fullmatch(rule.value, item):
            where = f"{path}.{key}"
            refusals.append(
                Refusal(where, show_value(item), f"{rule.words} ({rule.source})", "shorten or change the value")
            )
    return refusals
