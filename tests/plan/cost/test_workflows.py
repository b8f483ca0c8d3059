"""Logic apps are paid by the action, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from mlplatform.plan.cost import Estimate, Range, Usage, estimate
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.model import Plan, Step

_TOKEN = "azure-native:logic:Workflow"
DAY = date(2026, 11, 30)
LOOKS = 730 * 4
"""Quarters of an hour of a month."""


def _estimated(definition: Any) -> Estimate:  # noqa: ANN401 - a document
    inputs: dict[str, Any] = {"definition": definition, "parameters": {"steps": {"type": "Array", "value": [10, 100]}}}
    provider = Step("create", "urn:provider", "pulumi:providers:azure-native", "p", True, {"location": "eastus"})
    parent = "urn:pulumi:s::p::mlplatform:index:Part::part"
    made = Step(
        "create", f"urn:pulumi:s::p::{_TOKEN}::look", _TOKEN, "look", True, {"location": "eastus", **inputs}, parent
    )
    return estimate(Plan("azure", "p", "s", (provider, made)), Usage(), packaged_prices("azure"), today=DAY)


def test_a_look_every_quarter_of_an_hour_is_not_a_few_actions_a_month() -> None:
    shift = {"type": "If", "actions": {"shift": {"type": "Http"}}, "else": {"actions": {}}}
    walk = {"type": "Foreach", "foreach": "@parameters('steps')", "actions": {"now": {"type": "Http"}, "step": shift}}
    actions = {"live": {"type": "Http"}, "due": {"type": "If", "actions": {"walk": walk}}}
    recurrence = {"type": "Recurrence", "recurrence": {"frequency": "Minute", "interval": 15}}
    found = _estimated({"triggers": {"look": recurrence}, "actions": actions})
    # the trigger, `live` and `due`; with `walk` and both actions of its two steps; with `shift` in each step
    wanted = Range(3, 8, 10) * (LOOKS * 0.025 / 1000)
    assert [round(each, 6) for each in (found.total.low, found.total.expected, found.total.high)] == [
        round(each, 6) for each in (wanted.low, wanted.expected, wanted.high)
    ]
    assert found.unpriced == ()


def test_one_that_passes_alerts_on_is_named_and_not_counted() -> None:
    found = _estimated({"triggers": {"alert": {"type": "Request"}}, "actions": {"tell": {"type": "Http"}}})
    assert [(each.minor, each.reason[:21]) for each in found.unpriced] == [(True, "paid by the action, a")]


def test_a_definition_that_is_unknown_is_no_zero() -> None:
    found = _estimated({})
    assert [each.minor for each in found.unpriced] == [False]
