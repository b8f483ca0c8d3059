"""All checks: one module each in `rules`, and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from mlplatform.checks import rules as _rules
from mlplatform.checks.rule import CheckRule

GROUP = "mlplatform.checks"
"""Entry points of this group name a `CheckRule` or an iterable of them."""


class BadRules(ValueError):
    """An installed package does not provide a `CheckRule`; the text names all of them."""


@cache
def built_in_rules() -> tuple[CheckRule, ...]:
    """The built-in rules, by id."""
    names = (module.name for module in iter_modules(_rules.__path__))
    rules = (cast("CheckRule", import_module(f"{_rules.__name__}.{name}").RULE) for name in names)
    return tuple(sorted(rules, key=lambda rule: rule.id))


def all_rules() -> tuple[CheckRule, ...]:
    """The built-in rules and those of installed packages, by id.

    Raises:
        BadRules: an entry point cannot be loaded, is not a rule, or its id exists already.
    """
    from importlib.metadata import entry_points

    rules = {rule.id: rule for rule in built_in_rules()}
    wrong: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        place = f"entry point {point.name} = {point.value}"
        try:
            offered = _rules_in(point.load())
        except Exception as error:  # any error of a foreign package at import
            wrong.append(f"{place}: cannot be loaded: {type(error).__name__}: {str(error)[:200]}")
            continue
        if offered is None:
            wrong.append(f"{place}: does not provide a mlplatform.checks.CheckRule or an iterable of them")
            continue
        for rule in offered:
            if rules.setdefault(rule.id, rule) is not rule:
                wrong.append(f"{place}: the id '{rule.id}' is taken; choose another")
    if wrong:
        raise BadRules("\n".join(wrong))
    return tuple(rules[rule] for rule in sorted(rules))


def _rules_in(value: object) -> list[CheckRule] | None:
    if isinstance(value, CheckRule):
        return [value]
    if not isinstance(value, Iterable):
        return None
    rules = list(cast("Iterable[object]", value))
    return cast("list[CheckRule]", rules) if all(isinstance(rule, CheckRule) for rule in rules) else None
