"""Logic apps, which are paid by the action: those that look every few minutes, and those that pass an alert on."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules, Gap
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_entries, as_items, as_number, as_text, value_at
from mlplatform.plan.model import Step, Value

_BRANCHES = (("actions",), ("else", "actions"), ("default", "actions"))


def _workflow(step: Step, context: CostContext) -> Iterator[CostPart]:
    """Each trigger and each action is paid, also those of a look that finds nothing to do; in loops each time.

    https://learn.microsoft.com/azure/logic-apps/logic-apps-pricing (2026-11)
    """
    del context
    definition = step.inputs.get("definition")
    actions = [each for _, each in as_entries(value_at(definition, "actions"))]
    if not actions:
        yield Gap("its definition is unknown before creation")
        return
    for _, trigger in as_entries(value_at(definition, "triggers")):
        recurrence = value_at(trigger, "recurrence")
        minutes = as_number(value_at(recurrence, "interval"))
        if as_text(value_at(recurrence, "frequency")) == "Minute" and minutes:
            parameters = step.inputs.get("parameters")
            # at least the actions outside of all branches; usually those of the outermost one, which find nothing to do
            paid = [1 + sum(_paid(each, parameters, depth) for each in actions) for depth in (0, 1, _ALL)]
            looks = HOURS * 60 / minutes
            yield Charge(
                "logic-action",
                "thousand",
                Range(*paid) * (looks / 1000),
                f"actions of a look every {minutes:g} minutes",
            )
        else:
            yield Gap("paid by the action, a few for each alert that it tells: less than a cent a month", minor=True)


_ALL = 99
"""Deeper than branches are nested."""


def _paid(action: Value, parameters: Value, depth: int) -> int:
    """Actions that are paid for one, with those in its loops, and in its branches down to a depth."""
    kind = as_text(value_at(action, "type"))
    inner = [each for path in _BRANCHES for _, each in as_entries(value_at(action, *path))]
    inner += [
        each for _, case in as_entries(value_at(action, "cases")) for _, each in as_entries(value_at(case, "actions"))
    ]
    if kind in ("Foreach", "Until", "Scope"):
        return 1 + _times(action, parameters) * sum(_paid(each, parameters, depth) for each in inner)
    return 1 + (sum(_paid(each, parameters, depth - 1) for each in inner) if depth else 0)


def _times(action: Value, parameters: Value) -> int:
    """Repetitions of a loop over a parameter; of another one it is known that there is one."""
    over = as_text(value_at(action, "foreach"))
    name = over.partition("parameters('")[2].partition("'")[0]
    return max(len(as_items(value_at(parameters, name, "value"))), 1) if name else 1


RULES: CostRules = {"azure-native:logic:Workflow": _workflow}
"""Cost rules of Azure by type token."""
