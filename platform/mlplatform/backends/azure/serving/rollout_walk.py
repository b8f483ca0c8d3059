"""The part of the rollout that moves shares from old deployments to new ones and watches the alarms."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving.rollout_actions import RELEASE_TAG, Actions, call, put, set_to

TRAFFIC = "body('live')?['properties']?['traffic']"
"""What the endpoint served when the rollout began, as an expression."""

_ALERTS_API = "2019-05-05-preview"


def plan() -> Actions:
    """Pairs each wanted deployment with the variant's deployment that serves now."""
    name = "item()?['name']"
    serves = f"greater(coalesce({TRAFFIC}?[{name}], 0), 0)"
    old = (
        f"@and(startsWith({name}, concat(items('pair')['variant'], '-')), "
        f"not(equals({name}, items('pair')['name'])), {serves})"
    )
    # a deployment that serves already keeps serving
    already = f"greater(coalesce({TRAFFIC}?[items('pair')['name']], 0), 0)"
    return {
        "pair": {
            "type": "Foreach",
            "foreach": "@parameters('wanted')",
            "runtimeConfiguration": {"concurrency": {"repetitions": 1}},
            "runAfter": {},
            "actions": {
                "old": {
                    "type": "Query",
                    "inputs": {"from": "@body('deployments')?['value']", "where": old},
                    "runAfter": {},
                },
                "move": {
                    "type": "AppendToArrayVariable",
                    "inputs": {
                        "name": "moves",
                        "value": {
                            "new": "@items('pair')['name']",
                            "old": f"@if({already}, null, first(body('old'))?['name'])",
                            "weight": "@items('pair')['weight']",
                        },
                    },
                    "runAfter": {"old": ["Succeeded"]},
                },
            },
        }
    }


def walk(alarm_names: Sequence[str], api: str) -> Actions:
    """Sets the shares of each step and watches the alarms for the time to bake."""
    new = "div(mul(item()['weight'], items('walk')), 100)"
    share = (
        "@if(or(empty(item()['old']), equals(items('walk'), 100)), "
        "concat('\"', item()['new'], '\":', string(item()['weight'])), "
        f"concat('\"', item()['new'], '\":', string({new}), "
        f"',\"', item()['old'], '\":', string(sub(item()['weight'], {new}))))"
    )
    superseded = f"not(equals(body('now')?['tags']?['{RELEASE_TAG}'], parameters('release')))"
    return {
        "walk": {
            "type": "Foreach",
            "foreach": "@parameters('steps')",
            "runtimeConfiguration": {"concurrency": {"repetitions": 1}},
            "runAfter": {"pair": ["Succeeded"]},
            "actions": {
                "now": call("GET", "@{parameters('endpoint')}", api),
                "newer": {
                    "type": "If",
                    "expression": f"@and(equals(variables('verdict'), 'going'), {superseded})",
                    "runAfter": {"now": ["Succeeded"]},
                    "actions": {"superseded": set_to("verdict", "superseded")},
                    "else": {"actions": {}},
                },
                "step": {
                    "type": "If",
                    "expression": "@equals(variables('verdict'), 'going')",
                    "runAfter": {"newer": ["Succeeded"]},
                    "actions": {
                        "shares": {
                            "type": "Select",
                            "inputs": {"from": "@variables('moves')", "select": share},
                            "runAfter": {},
                        },
                        **put("shift", "@json(concat('{', join(body('shares'), ','), '}'))", api, after="shares"),
                        "began": {
                            "type": "Compose",
                            "inputs": "@utcNow()",
                            "runAfter": {"shift-done": ["Succeeded"]},
                        },
                        "restart": {**set_to("minutes", 0), "runAfter": {"began": ["Succeeded"]}},
                        "bake": _bake(alarm_names),
                    },
                    "else": {"actions": {}},
                },
            },
        }
    }


def _bake(alarm_names: Sequence[str]) -> Actions:
    rule = "toLower(coalesce(item()?['properties']?['essentials']?['alertRule'], ''))"
    mine = ", ".join(f"endsWith({rule}, '/{name.lower()}')" for name in alarm_names)
    # an alarm from before the step says nothing about it
    fresh = (
        "greaterOrEquals(ticks(coalesce(item()?['properties']?['essentials']?['startDateTime'], '2000-01-01')), "
        "ticks(outputs('began')))"
    )
    return {
        "type": "Until",
        "expression": "@or(not(equals(variables('verdict'), 'going')), "
        "greaterOrEquals(variables('minutes'), parameters('bake')))",
        "limit": {"count": 61, "timeout": "PT2H"},
        "runAfter": {"restart": ["Succeeded"]},
        "actions": {
            "minute": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Minute"}}, "runAfter": {}},
            "fired": call(
                "GET",
                "@{parameters('alerts')}",
                _ALERTS_API,
                query="&monitorCondition=Fired&timeRange=1d",
                after="minute",
            ),
            "mine": {
                "type": "Query",
                "inputs": {"from": "@body('fired')?['value']", "where": f"@and({fresh}, or({mine}))"},
                "runAfter": {"fired": ["Succeeded"]},
            },
            "count": {
                "type": "IncrementVariable",
                "inputs": {"name": "minutes", "value": 1},
                "runAfter": {"mine": ["Succeeded"]},
            },
            "alarm": {
                "type": "If",
                "expression": "@greater(length(body('mine')), 0)",
                "runAfter": {"count": ["Succeeded"]},
                "actions": {"take-back": set_to("verdict", "alarm")},
                "else": {"actions": {}},
            },
        },
    }
