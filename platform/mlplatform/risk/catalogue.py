"""All risk rules: one module each below `risk.rules`, and those of installed packages."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from mlplatform.risk import rules
from mlplatform.risk.rule import RiskRule

GROUP = "mlplatform.risks"
"""Entry point group of rules in other packages; each names a `RiskRule`."""


class BadRiskRule(ValueError):
    """An installed package does not provide a `RiskRule`."""


@cache
def built_in_rules() -> tuple[RiskRule, ...]:
    """The built-in rules, by id."""
    found: list[RiskRule] = [
        import_module(f"{rules.__name__}.{each.name}").RULE for each in iter_modules(rules.__path__)
    ]
    return tuple(sorted(found, key=lambda rule: rule.id))


@cache
def all_rules() -> tuple[RiskRule, ...]:
    """Built-in and installed rules, by id.

    Raises:
        BadRiskRule: an entry point cannot be loaded, names no `RiskRule`, or an id twice.
    """
    rules_by_id = {rule.id: rule for rule in built_in_rules()}
    for point in entry_points(group=GROUP):
        try:
            offered: object = point.load()
        except Exception as error:  # any error of a foreign package at import
            said = f"{type(error).__name__}: {str(error)[:200]}"
            raise BadRiskRule(f"entry point {GROUP}:{point.name} = {point.value} cannot be loaded: {said}") from error
        if not isinstance(offered, RiskRule):
            raise BadRiskRule(f"entry point {GROUP}:{point.name} names a {type(offered).__name__}, expected a RiskRule")
        if offered.id in rules_by_id:
            raise BadRiskRule(f"entry point {GROUP}:{point.name}: a rule with the id {offered.id} exists already")
        rules_by_id[offered.id] = offered
    return tuple(rules_by_id[key] for key in sorted(rules_by_id))
