"""The part of the rollout that sets the shares of each step, and watches the alarms while it bakes."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving.rollout_actions import (
    RELEASE_TAG,
    Actions,
    call_manager,
    put_traffic,
    set_variable,
)

MOST_WATCHES = 4
"""How many times as long an idle release is watched before it is taken back; as on the other clouds."""

_LOGS = "https://api.loganalytics.io"
"""Host and audience of the query API, https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api"""
_ALERTS_API = "2019-05-05-preview"


def find_moving() -> Actions:
    """The moves that take traffic from an old deployment: the others have nothing to go back to."""
    return {
        "moving": {
            "type": "Query",
            "inputs": {"from": "@variables('moves')", "where": "@not(empty(item()['old']))"},
            "runAfter": {"pair": ["Succeeded"]},
        }
    }


def walk_steps(alarm_names: Sequence[str], api: str, *, counted: bool) -> Actions:
    """Sets the shares of each step and watches the alarms while it bakes."""
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
            "runAfter": {"moving" if counted else "pair": ["Succeeded"]},
            "actions": {
                "now": call_manager("GET", "@{parameters('endpoint')}", api),
                "newer": {
                    "type": "If",
                    "expression": f"@and(equals(variables('verdict'), 'going'), {superseded})",
                    "runAfter": {"now": ["Succeeded"]},
                    "actions": {"superseded": set_variable("verdict", "superseded")},
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
                        **put_traffic(
                            "shift", "@json(concat('{', join(body('shares'), ','), '}'))", api, after="shares"
                        ),
                        "began": {
                            "type": "Compose",
                            "inputs": "@utcNow()",
                            "runAfter": {"shift-done": ["Succeeded"]},
                        },
                        "restart": {**set_variable("minutes", 0), "runAfter": {"began": ["Succeeded"]}},
                        "bake": _bake(alarm_names, counted=counted),
                    },
                    "else": {"actions": {}},
                },
            },
        }
    }


def _bake(alarm_names: Sequence[str], *, counted: bool) -> Actions:
    rule = "toLower(coalesce(item()?['properties']?['essentials']?['alertRule'], ''))"
    mine = ", ".join(f"endsWith({rule}, '/{name.lower()}')" for name in alarm_names)
    # an alarm from before the step is not about it
    fresh = (
        "greaterOrEquals(ticks(coalesce(item()?['properties']?['essentials']?['startDateTime'], '2000-01-01')), "
        "ticks(outputs('began')))"
    )
    over = "greaterOrEquals(variables('minutes'), parameters('bake'))"
    good = f"and({over}, equals(variables('idle'), 0))" if counted else over
    return {
        "type": "Until",
        "expression": f"@or(not(equals(variables('verdict'), 'going')), {good})",
        # four watches of the longest bake; each round takes some seconds more than its minute
        "limit": {"count": 300, "timeout": "PT10H"} if counted else {"count": 80, "timeout": "PT2H"},
        "runAfter": {"restart": ["Succeeded"]},
        "actions": {
            "minute": {"type": "Wait", "inputs": {"interval": {"count": 1, "unit": "Minute"}}, "runAfter": {}},
            "fired": call_manager(
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
                "actions": {"take-back": set_variable("verdict", "alarm")},
                "else": {"actions": {}},
            },
            **(_count_requests(over) if counted else {}),
        },
    }


def _count_requests(over: str) -> Actions:
    """At the end of the watch and from then on: which moving deployments have had too few requests in this step."""
    # the log may spell a name otherwise
    busy = "toLower(string(body('asked')?['tables']?[0]?['rows']))"
    return {
        "requests": {
            "type": "If",
            "expression": f"@and(equals(variables('verdict'), 'going'), {over})",
            "runAfter": {"alarm": ["Succeeded"]},
            "actions": {
                "asked": {
                    "type": "Http",
                    "inputs": {
                        "method": "POST",
                        "uri": f"{_LOGS}/v1/workspaces/@{{parameters('logs')}}/query",
                        "headers": {"Content-Type": "application/json"},
                        "body": {
                            "query": "@parameters('busy')",
                            "timespan": "@concat(outputs('began'), '/', utcNow())",
                        },
                        "authentication": {
                            "type": "ManagedServiceIdentity",
                            "identity": "@parameters('identity')",
                            "audience": _LOGS,
                        },
                    },
                    "runAfter": {},
                },
                "quiet": {
                    "type": "Query",
                    "inputs": {
                        "from": "@body('moving')",
                        "where": f"@not(contains({busy}, concat('\"', toLower(item()['new']), '\"')))",
                    },
                    # new rights are known to the log up to an hour late; until then nothing is known of requests
                    "runAfter": {"asked": ["Succeeded", "Failed", "TimedOut"]},
                },
                "left": {**set_variable("idle", "@length(body('quiet'))"), "runAfter": {"quiet": ["Succeeded"]}},
                "patience": {
                    "type": "If",
                    "expression": "@and(greater(variables('idle'), 0), greaterOrEquals(variables('minutes'), "
                    f"mul({MOST_WATCHES}, parameters('bake'))))",
                    "runAfter": {"left": ["Succeeded"]},
                    "actions": {"give-up": set_variable("verdict", "too few requests")},
                    "else": {"actions": {}},
                },
            },
            "else": {"actions": {}},
        }
    }
