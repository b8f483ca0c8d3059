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

from collections.abc import Mapping, Sequence

RELEASE_TAG = "release"
"""The endpoint's tag with the release it should serve."""
TAKEN_BACK_TAG = "taken-back"
"""The endpoint's tag with the last release that was rolled back."""

MOST_WATCHES = 4
"""How many times as long an idle release is watched before it is taken back; as on the other clouds."""

_LOGS = "https://api.loganalytics.io"
"""Host and audience of the query API, https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api"""
_SCHEMA = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#"
_MANAGEMENT = "https://management.azure.com"
_ALERTS_API = "2019-05-05-preview"

_Actions = dict[str, object]
"""Actions by name, or one action."""

_TRAFFIC = "body('live')?['properties']?['traffic']"
"""Expression for the endpoint's traffic at the beginning of the rollout."""


def workflow_definition(*, alarm_names: Sequence[str], api: str, counted: bool = False) -> _Actions:
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
            "live": _call("GET", "@{parameters('endpoint')}", api),
            "deployments": _call("GET", "@{parameters('endpoint')}/deployments", api, after="live"),
            "moves": _variable("moves", "array", "deployments"),
            # where the traffic is right, only deployments without traffic are deleted
            "verdict": _variable("verdict", "string", "moves", f"@if({served}, 'idle', 'going')"),
            "minutes": _variable("minutes", "integer", "verdict", 0),
            **({"idle": _variable("idle", "integer", "minutes", 0)} if counted else {}),
            "due": {
                "type": "If",
                "expression": f"@and({mine}, not({bad}))",
                "runAfter": {"idle" if counted else "minutes": ["Succeeded"]},
                "actions": {
                    **_pair_deployments(),
                    **(_find_moving() if counted else {}),
                    **_walk(alarm_names, api, counted=counted),
                    **_end(api),
                },
                "else": {"actions": {}},
            },
        },
        "outputs": {},
    }


def _end(api: str) -> _Actions:
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
                                        "remove": _call(
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
                    **_put_traffic("back", f"@{_TRAFFIC}", api, mark=True),
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


def _pair_deployments() -> _Actions:
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


def _find_moving() -> _Actions:
    """The moves that take traffic from an old deployment: the others have nothing to go back to."""
    return {
        "moving": {
            "type": "Query",
            "inputs": {"from": "@variables('moves')", "where": "@not(empty(item()['old']))"},
            "runAfter": {"pair": ["Succeeded"]},
        }
    }


def _walk(alarm_names: Sequence[str], api: str, *, counted: bool) -> _Actions:
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
                "now": _call("GET", "@{parameters('endpoint')}", api),
                "newer": {
                    "type": "If",
                    "expression": f"@and(equals(variables('verdict'), 'going'), {superseded})",
                    "runAfter": {"now": ["Succeeded"]},
                    "actions": {"superseded": _set_variable("verdict", "superseded")},
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
                        **_put_traffic(
                            "shift", "@json(concat('{', join(body('shares'), ','), '}'))", api, after="shares"
                        ),
                        "began": {
                            "type": "Compose",
                            "inputs": "@utcNow()",
                            "runAfter": {"shift-done": ["Succeeded"]},
                        },
                        "restart": {**_set_variable("minutes", 0), "runAfter": {"began": ["Succeeded"]}},
                        "bake": _bake(alarm_names, counted=counted),
                    },
                    "else": {"actions": {}},
                },
            },
        }
    }


def _bake(alarm_names: Sequence[str], *, counted: bool) -> _Actions:
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
            "fired": _call(
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
                "actions": {"take-back": _set_variable("verdict", "alarm")},
                "else": {"actions": {}},
            },
            **(_count_requests(over) if counted else {}),
        },
    }


def _count_requests(over: str) -> _Actions:
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
                "left": {**_set_variable("idle", "@length(body('quiet'))"), "runAfter": {"quiet": ["Succeeded"]}},
                "patience": {
                    "type": "If",
                    "expression": "@and(greater(variables('idle'), 0), greaterOrEquals(variables('minutes'), "
                    f"mul({MOST_WATCHES}, parameters('bake'))))",
                    "runAfter": {"left": ["Succeeded"]},
                    "actions": {"give-up": _set_variable("verdict", "too few requests")},
                    "else": {"actions": {}},
                },
            },
            "else": {"actions": {}},
        }
    }


def _put_traffic(name: str, traffic: str, api: str, *, after: str | None = None, mark: bool = False) -> _Actions:
    """Sets the endpoint's traffic and waits until it is applied."""
    tags = f"setProperty(parameters('body')['tags'], '{RELEASE_TAG}', parameters('release'))"
    if mark:
        tags = f"setProperty({tags}, '{TAKEN_BACK_TAG}', parameters('release'))"
    return {
        name: {
            **_call("PUT", "@{parameters('endpoint')}", api, after=after),
            "inputs": {
                **_request("PUT", "@{parameters('endpoint')}", api),
                "headers": {"Content-Type": "application/json"},
                "body": {
                    "location": "@parameters('body')['location']",
                    "identity": "@parameters('body')['identity']",
                    "kind": "Managed",
                    "tags": f"@{tags}",
                    "properties": {
                        "authMode": "@parameters('body')['properties']['authMode']",
                        "publicNetworkAccess": "@parameters('body')['properties']['publicNetworkAccess']",
                        "mirrorTraffic": "@parameters('body')['properties']['mirrorTraffic']",
                        "traffic": traffic,
                    },
                },
            },
        },
        f"{name}-done": {
            "type": "Until",
            "expression": f"@not(contains(createArray('Updating', 'Creating'), "
            f"body('{name}-state')?['properties']?['provisioningState']))",
            "limit": {"count": 60, "timeout": "PT30M"},
            "runAfter": {name: ["Succeeded"]},
            "actions": {
                f"{name}-wait": {
                    "type": "Wait",
                    "inputs": {"interval": {"count": 15, "unit": "Second"}},
                    "runAfter": {},
                },
                f"{name}-state": _call("GET", "@{parameters('endpoint')}", api, after=f"{name}-wait"),
            },
        },
    }


def _call(method: str, address: str, api: str, *, query: str = "", after: str | None = None) -> _Actions:
    """A request to the resource manager as the logic app's identity; 202 is waited for."""
    return {
        "type": "Http",
        "inputs": _request(method, address, api, query),
        "runAfter": {after: ["Succeeded"]} if after else {},
    }


def _request(method: str, address: str, api: str, query: str = "") -> Mapping[str, object]:
    return {
        "method": method,
        "uri": f"{_MANAGEMENT}{address}?api-version={api}{query}",
        "authentication": {
            "type": "ManagedServiceIdentity",
            "identity": "@parameters('identity')",
            "audience": f"{_MANAGEMENT}/",
        },
    }


def _variable(name: str, kind: str, after: str, value: object = None) -> _Actions:
    """A variable with its first value; an empty array when omitted."""
    declared: dict[str, object] = {"name": name, "type": kind, "value": [] if value is None else value}
    return {"type": "InitializeVariable", "inputs": {"variables": [declared]}, "runAfter": {after: ["Succeeded"]}}


def _set_variable(name: str, value: object) -> _Actions:
    """Sets a variable."""
    return {"type": "SetVariable", "inputs": {"name": name, "value": value}, "runAfter": {}}
