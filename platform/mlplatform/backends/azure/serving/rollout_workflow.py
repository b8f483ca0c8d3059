"""Definition of the logic app that moves an endpoint's traffic step by step and rolls back on an alarm.

Every quarter of an hour it checks whether the endpoint serves what it should. If not, each variant's share moves from
the variant's old deployment to its new one; a variant without an old one gets its share at once. Between the steps it
watches the alarms. When one fires, the shares return to their first values, and the release is marked so that it is
not tried again; otherwise the platform's own deployments without traffic are deleted. A newer release ends an older
rollout.

Alarms say nothing about a deployment that nobody calls. Where a least number of requests is asked for, a step is good
only once the log has so many of each new deployment; the watch goes on for up to `MOST_WATCHES` times as long, and then
the release is taken back. A log that does not answer counts as a log without requests.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving.rollout_actions import (
    RELEASE_TAG,
    TAKEN_BACK_TAG,
    Actions,
    call_manager,
    declare_variable,
    put_traffic,
)
from mlplatform.backends.azure.serving.rollout_walk import find_moving, walk_steps

_SCHEMA = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#"

_TRAFFIC = "body('live')?['properties']?['traffic']"
"""Expression for the endpoint's traffic at the beginning of the rollout."""


def workflow_definition(*, alarm_names: Sequence[str], api: str, counted: bool = False) -> Actions:
    """The workflow; the releases are its parameters.

    Args:
        alarm_names: names of the alarms that roll back.
        api: version of the machine learning API.
        counted: a step is good only after a least number of requests. The parameter `logs` is then the id of the log
            workspace, and `busy` a query for the names of the deployments that have had so many.
    """
    mine = f"equals(body('live')?['tags']?['{RELEASE_TAG}'], parameters('release'))"
    bad = f"equals(body('live')?['tags']?['{TAKEN_BACK_TAG}'], parameters('release'))"
    served = f"equals({_TRAFFIC}, json(parameters('traffic')))"
    return {
        "$schema": _SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": {
            name: {"type": kind}
            for name, kind in (
                ("endpoint", "String"),
                ("body", "Object"),
                ("release", "String"),
                ("traffic", "String"),
                ("wanted", "Array"),
                ("keep", "Array"),
                ("steps", "Array"),
                ("bake", "Int"),
                ("alerts", "String"),
                ("identity", "String"),
                *((("logs", "String"), ("busy", "String")) if counted else ()),
            )
        },
        "triggers": {
            "look": {
                "type": "Recurrence",
                "recurrence": {"frequency": "Minute", "interval": 15},
                "operationOptions": "SingleInstance",
            }
        },
        "actions": {
            "live": call_manager("GET", "@{parameters('endpoint')}", api),
            "deployments": call_manager("GET", "@{parameters('endpoint')}/deployments", api, after="live"),
            "moves": declare_variable("moves", "array", "deployments"),
            # where the traffic is right, only deployments without traffic are deleted
            "verdict": declare_variable("verdict", "string", "moves", f"@if({served}, 'idle', 'going')"),
            "minutes": declare_variable("minutes", "integer", "verdict", 0),
            **({"idle": declare_variable("idle", "integer", "minutes", 0)} if counted else {}),
            "due": {
                "type": "If",
                "expression": f"@and({mine}, not({bad}))",
                "runAfter": {"idle" if counted else "minutes": ["Succeeded"]},
                "actions": {
                    **_pair_deployments(),
                    **(find_moving() if counted else {}),
                    **walk_steps(alarm_names, api, counted=counted),
                    **_end(api),
                },
                "else": {"actions": {}},
            },
        },
        "outputs": {},
    }


def _end(api: str) -> Actions:
    """Goes back on an alarm, cleans up after success, and does nothing for a newer release."""
    name = "items('clean')?['name']"
    # a person or pipeline removes what it deployed itself
    ours = "equals(items('clean')?['tags']?['managed-by'], 'mlplatform')"
    well = "contains(createArray('going', 'idle'), variables('verdict'))"
    walked = f"and({well}, equals(actions('walk')?['status'], 'Succeeded'))"
    return {
        "outcome": {
            "type": "Compose",
            "inputs": f"@if({walked}, 'served', if(equals(variables('verdict'), 'superseded'), 'newer', 'taken back'))",
            # a failed step is rolled back too
            "runAfter": {"walk": ["Succeeded", "Failed", "TimedOut"]},
        },
        "end": {
            "type": "Switch",
            "expression": "@outputs('outcome')",
            "runAfter": {"outcome": ["Succeeded"]},
            "cases": {
                "served": {
                    "case": "served",
                    "actions": {
                        "clean": {
                            "type": "Foreach",
                            "foreach": "@body('deployments')?['value']",
                            "runtimeConfiguration": {"concurrency": {"repetitions": 1}},
                            "runAfter": {},
                            "actions": {
                                "unused": {
                                    "type": "If",
                                    "expression": f"@and(not(contains(parameters('keep'), {name})), {ours})",
                                    "runAfter": {},
                                    "actions": {
                                        "remove": call_manager(
                                            "DELETE", f"@{{parameters('endpoint')}}/deployments/@{{{name}}}", api
                                        )
                                    },
                                    "else": {"actions": {}},
                                }
                            },
                        }
                    },
                },
                "newer": {"case": "newer", "actions": {}},
            },
            "default": {
                "actions": {
                    **put_traffic("back", f"@{_TRAFFIC}", api, mark=True),
                    "tell": {
                        "type": "Terminate",
                        "inputs": {
                            "runStatus": "Failed",
                            "runError": {
                                "code": "TakenBack",
                                "message": "The release @{parameters('release')} was taken back: "
                                "@{variables('verdict')}",
                            },
                        },
                        "runAfter": {"back-done": ["Succeeded", "Failed", "TimedOut"]},
                    },
                }
            },
        },
    }


def _pair_deployments() -> Actions:
    """Pairs each wanted deployment with the variant's deployment that has traffic now."""
    name = "item()?['name']"
    serves = f"greater(coalesce({_TRAFFIC}?[{name}], 0), 0)"
    old = (
        f"@and(startsWith({name}, concat(items('pair')['variant'], '-')), "
        f"not(equals({name}, items('pair')['name'])), {serves})"
    )
    # a deployment that has traffic already keeps it
    already = f"greater(coalesce({_TRAFFIC}?[items('pair')['name']], 0), 0)"
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
