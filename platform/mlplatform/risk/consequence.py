"""What Pulumi's engine and the cloud will do when something that holds data is to be deleted, as a sentence."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS, DeletionRule
from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.fields import mapping, text

STOPS = "Pulumi protects it: `pulumi up` stops in its preview and changes nothing."
"""https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"""
_FAILS = "and `pulumi up` ends there with that error"


def deletion_of(step: Step) -> str:
    """What happens when a resource is deleted, as a sentence; `step` is as it was."""
    if step.protect:
        return STOPS
    rule = DELETIONS.get(step.type)
    if rule is None:
        return "Everything in it goes with it."
    if rule.guard and _at(step, rule.guard) == rule.guarded:
        return f"The cloud or its provider refuses while `{rule.guard}` is {_word(rule.guarded)}, {_FAILS}."
    if rule.full and _at(step, rule.emptied_by) is not True:
        return f"{rule.full}, {_FAILS}; an empty one is deleted."
    days = _days(step, rule)
    if rule.left and days != "0":
        return f"{rule.left.replace('{days}', days)}."
    return "Everything in it is deleted with it at once."


def refusal_headline(step: Step, done: str) -> str:
    """Words for the heading of a review where the deletion is refused; empty where nobody refuses it.

    Args:
        step: the resource as it was.
        done: what is to be done to it: `deleted` or `replaced`.
    """
    if step.protect:
        return f"{{things}} [is|are] to be {done}, and [its|their] protection stops `pulumi up`"
    if _FAILS in deletion_of(step):
        return f"{{things}} [is|are] to be {done}, which the cloud refuses while [it is|they are] full or guarded"
    return ""


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _days(step: Step, rule: DeletionRule) -> str:
    value = _at(step, rule.days_in) if rule.days_in else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    seconds = text(value).removesuffix("s")
    return f"{int(seconds) / 86_400:g}" if seconds.isdecimal() else str(rule.days or "")


def _at(step: Step, path: str) -> Value:
    value: Value = step.inputs
    for part in path.split("."):
        value = mapping(value).get(part)
    return value
