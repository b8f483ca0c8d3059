"""Runs the part of Azure's workflow language that the rollout uses, against an endpoint held in memory."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Value = Any

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z]+)|(?P<mark>\?\[|[\[\](),]))")


class Terminated(Exception):
    """The workflow ended itself."""


class Endpoint:
    """An online endpoint with its deployments, as strict about traffic as Azure."""

    def __init__(self, traffic: dict[str, int], tags: dict[str, str], deployments: dict[str, dict[str, str]]) -> None:
        self.traffic, self.tags, self.deployments = dict(traffic), dict(tags), dict(deployments)
        self.history: list[dict[str, int]] = []
        self.minutes = 0
        self.alerts: Callable[[int], list[str]] = lambda _: []
        self.on_minute: Callable[[int], None] = lambda _: None
        self.per_minute = 0
        """Requests of each deployment with traffic."""
        self.log_refuses = False
        """Whether the log does not know the workflow's rights yet."""
        self.asked = 0
        self._requests: list[tuple[int, str]] = []

    def call(self, method: str, uri: str, body: Value) -> Value:
        path = uri.partition("?")[0]
        if path.endswith("/query"):
            return self._ask_log(body)
        if path.endswith("/alerts"):
            return {"value": [_fired(name, self.minutes) for name in self.alerts(self.minutes)]}
        if path.endswith("/deployments"):
            return {"value": [{"name": name, "tags": tags} for name, tags in self.deployments.items()]}
        if method == "DELETE":
            name = path.rpartition("/")[2]
            assert not self.traffic.get(name), f"{name} still has traffic"
            del self.deployments[name]
            return None
        if method == "PUT":
            traffic = body["properties"]["traffic"]
            assert sum(traffic.values()) == 100, traffic
            assert set(traffic) <= set(self.deployments), traffic
            self.traffic, self.tags = dict(traffic), dict(body["tags"])
            self.history.append(dict(traffic))
        return {
            "tags": dict(self.tags),
            "properties": {"traffic": dict(self.traffic), "provisioningState": "Succeeded"},
        }

    def pass_minute(self) -> None:
        self.minutes += 1
        self._requests += [(self.minutes, name) for name, share in self.traffic.items() if share] * self.per_minute
        self.on_minute(self.minutes)

    def _ask_log(self, body: Value) -> Value:
        """The one query that the workflow asks: deployments with enough requests in a span of time."""
        self.asked += 1
        if self.log_refuses:
            raise Refused({"error": {"code": "InsufficientAccessError"}})
        began, _, now = body["timespan"].partition("/")
        least = int(re.search(r"Requests >= (\d+)", body["query"])[1])  # type: ignore[index]
        had = [name for minute, name in self._requests if int(began) < minute <= int(now)]
        return {"tables": [{"rows": [[name] for name in sorted(set(had)) if had.count(name) >= least]}]}


class Refused(Exception):
    """A request was answered with an error."""

    def __init__(self, body: Value) -> None:
        super().__init__(body)
        self.body = body


def _fired(rule: str, minute: int) -> dict[str, Value]:
    essentials = {"alertRule": f"/subscriptions/x/Rules/{rule.upper()}", "startDateTime": minute}
    return {"properties": {"essentials": essentials}}


class Run:
    """One run of a workflow."""

    def __init__(self, definition: Mapping[str, Value], parameters: Mapping[str, Value], azure: Endpoint) -> None:
        self.parameters, self.azure = parameters, azure
        self.variables: dict[str, Value] = {}
        self.outputs: dict[str, Value] = {}
        self.status: dict[str, str] = {}
        self.items: dict[str, Value] = {}
        self.item: Value = None
        self.actions(definition["actions"])

    def actions(self, actions: Mapping[str, Value]) -> None:
        left = dict(actions)
        while left:
            ready = [name for name, action in left.items() if not set(action["runAfter"]) & set(left)]
            assert ready, f"nothing can start: {sorted(left)}"
            for name in ready:
                action = left.pop(name)
                assert set(action["runAfter"]) <= set(self.status), f"{name} waits for what never runs"
                for before, states in action["runAfter"].items():
                    assert self.status[before] in states, f"{before} {self.status[before]}, so {name} does not run"
                self.status[name] = "Succeeded"
                try:
                    self.act(name, action)
                except Refused as refused:
                    self.outputs[name], self.status[name] = refused.body, "Failed"

    def act(self, name: str, action: Mapping[str, Value]) -> None:
        inputs = action.get("inputs", {})
        match action["type"]:
            case "Http":
                asked = self.fill(inputs)
                assert asked["authentication"]["type"] == "ManagedServiceIdentity"
                self.outputs[name] = self.azure.call(asked["method"], asked["uri"], asked.get("body"))
            case "InitializeVariable":
                for variable in inputs["variables"]:
                    self.variables[variable["name"]] = copy.deepcopy(self.fill(variable["value"]))
            case "SetVariable":
                self.variables[inputs["name"]] = self.fill(inputs["value"])
            case "IncrementVariable":
                self.variables[inputs["name"]] += inputs["value"]
            case "AppendToArrayVariable":
                self.variables[inputs["name"]].append(self.fill(inputs["value"]))
            case "Compose":
                self.outputs[name] = self.fill(inputs)
            case "Query":
                self.outputs[name] = [
                    item for item in self.fill(inputs["from"]) if self.with_item(item, inputs["where"])
                ]
            case "Select":
                self.outputs[name] = [self.with_item(item, inputs["select"]) for item in self.fill(inputs["from"])]
            case "Wait":
                if inputs["interval"]["unit"] == "Minute":
                    self.azure.pass_minute()
            case "Foreach":
                for item in self.fill(action["foreach"]):
                    self.items[name] = item
                    self.actions(action["actions"])
            case "If":
                self.actions(action["actions"] if self.fill(action["expression"]) else action["else"]["actions"])
            case "Until":
                for _ in range(action["limit"]["count"]):
                    self.actions(action["actions"])
                    if self.fill(action["expression"]):
                        break
            case "Switch":
                chosen = [c for c in action["cases"].values() if c["case"] == self.fill(action["expression"])]
                self.actions((chosen or [action["default"]])[0]["actions"])
            case "Terminate":
                raise Terminated(self.fill(inputs["runError"]["message"]))
            case unknown:
                raise AssertionError(f"no action of type {unknown}")

    def with_item(self, item: Value, text: str) -> Value:
        self.item = item
        return self.fill(text)

    def fill(self, value: Value) -> Value:
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, str):
            return value
        if value.startswith("@") and not value.startswith("@{"):
            return self.evaluate(value[1:])
        return re.sub(r"@\{(.*?)\}", lambda match: str(self.evaluate(match[1])), value)

    def evaluate(self, text: str) -> Value:
        tokens = []
        end = 0
        while end < len(text.rstrip()):
            match = _TOKEN.match(text, end)
            assert match, f"cannot read {text[end:]!r}"
            tokens.append(match)
            end = match.end()
        value, used = self.expression(tokens, 0)
        assert used == len(tokens), f"more than one expression in {text!r}"
        return value

    def expression(self, tokens: list[re.Match[str]], at: int) -> tuple[Value, int]:
        token = tokens[at]
        if token["text"]:
            value, at = token["text"][1:-1].replace("''", "'"), at + 1
        elif token["number"]:
            value, at = int(token["number"]), at + 1
        elif token["name"] == "null":
            value, at = None, at + 1
        else:
            arguments: list[Value] = []
            name, at = token["name"], at + 1
            assert tokens[at]["mark"] == "(", name
            at += 1
            while tokens[at]["mark"] != ")":
                argument, at = self.expression(tokens, at)
                arguments.append(argument)
                at += tokens[at]["mark"] == ","
            value, at = self.function(name, arguments), at + 1
        while at < len(tokens) and tokens[at]["mark"] in ("[", "?["):
            key, at2 = self.expression(tokens, at + 1)
            if tokens[at]["mark"] == "?[":
                value = value.get(key) if isinstance(value, dict) else value[key] if value is not None else None
            else:
                value = value[key]
            at = at2 + 1
        return value, at

    def function(self, name: str, arguments: list[Value]) -> Value:
        functions: dict[str, Callable[..., Value]] = {
            "parameters": lambda key: self.parameters[key],
            "variables": lambda key: self.variables[key],
            "body": lambda key: self.outputs[key],
            "outputs": lambda key: self.outputs[key],
            "actions": lambda key: {"status": self.status[key]},
            "items": lambda key: self.items[key],
            "item": lambda: self.item,
            "utcNow": lambda: self.azure.minutes,
            "ticks": lambda when: -1 if isinstance(when, str) else when,
            "equals": lambda a, b: a == b,
            "not": lambda a: not a,
            "and": lambda *all_: all(all_),
            "or": lambda *any_: any(any_),
            "if": lambda test, yes, no: yes if test else no,
            "greater": lambda a, b: a > b,
            "greaterOrEquals": lambda a, b: a >= b,
            "empty": lambda a: not a,
            "length": len,
            "first": lambda a: a[0] if a else None,
            "contains": lambda where, what: what in where,
            "createArray": lambda *of: list(of),
            "coalesce": lambda *of: next((item for item in of if item is not None), None),
            "concat": lambda *of: "".join("" if item is None else str(item) for item in of),
            "string": lambda of: "" if of is None else of if isinstance(of, str) else json.dumps(of),
            "join": lambda parts, by: by.join(parts),
            "json": json.loads,
            "setProperty": lambda of, key, value: {**of, key: value},
            "startsWith": lambda text, start: text.startswith(start),
            "endsWith": lambda text, end: text.endswith(end),
            "toLower": lambda text: text.lower(),
            "mul": lambda a, b: a * b,
            "div": lambda a, b: a // b,
            "sub": lambda a, b: a - b,
        }
        return functions[name](*arguments)
