"""The logic app's definition that moves an endpoint's traffic step by step and takes it back on alarm.

It looks every quarter of an hour whether the endpoint serves what it should. Where it does not, each variant's share
moves from the variant's old deployment to its new one; a variant without an old one takes its share at once. Between
the steps the alarms are watched. When one fires the shares go back to where they were, and the release is marked so
that nobody tries it again; else the platform's own deployments that serve nobody are deleted. A newer release ends an
older rollout.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving import rollout_walk
from mlplatform.backends.azure.serving.rollout_actions import RELEASE_TAG, TAKEN_BACK_TAG, Actions, call, put, variable
from mlplatform.backends.azure.serving.rollout_walk import TRAFFIC

_SCHEMA = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#"


def definition(*, alarm_names: Sequence[str], api: str) -> Actions:
    """The workflow; what it serves comes as parameters.

    Args:
        alarm_names: alert rules that take a rollout back.
        api: version of the machine learning API.
    """
    mine = f"equals(body('live')?['tags']?['{RELEASE_TAG}'], parameters('release'))"
    bad = f"equals(body('live')?['tags']?['{TAKEN_BACK_TAG}'], parameters('release'))"
    served = f"equals({TRAFFIC}, json(parameters('traffic')))"
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
            "live": call("GET", "@{parameters('endpoint')}", api),
            "deployments": call("GET", "@{parameters('endpoint')}/deployments", api, after="live"),
            "moves": variable("moves", "array", "deployments"),
            # where all is as it should be, only what serves nobody is looked for
            "verdict": variable("verdict", "string", "moves", f"@if({served}, 'idle', 'going')"),
            "minutes": variable("minutes", "integer", "verdict", 0),
            "due": {
                "type": "If",
                "expression": f"@and({mine}, not({bad}))",
                "runAfter": {"minutes": ["Succeeded"]},
                "actions": {**rollout_walk.plan(), **rollout_walk.walk(alarm_names, api), **_end(api)},
                "else": {"actions": {}},
            },
        },
        "outputs": {},
    }


def _end(api: str) -> Actions:
    """Goes back on an alarm, cleans up after success, and leaves a newer release alone."""
    name = "items('clean')?['name']"
    # what a person or a pipeline deployed is theirs to remove
    ours = "equals(items('clean')?['tags']?['managed-by'], 'mlplatform')"
    well = "contains(createArray('going', 'idle'), variables('verdict'))"
    walked = f"and({well}, equals(actions('walk')?['status'], 'Succeeded'))"
    return {
        "outcome": {
            "type": "Compose",
            "inputs": f"@if({walked}, 'served', if(equals(variables('verdict'), 'superseded'), 'newer', 'taken back'))",
            # a step that failed is taken back too
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
                                        "remove": call(
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
                    **put("back", f"@{TRAFFIC}", api, mark=True),
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
