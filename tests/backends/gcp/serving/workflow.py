"""Just enough of the Workflows language to carry the rollout through against a Cloud Run of the tests' own.

Its expressions are close enough to Python's to be evaluated as such.
https://docs.cloud.google.com/workflows/docs/reference/syntax
"""

# ruff: noqa: ANN401 - what a workflow handles is of any type
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import yaml

Call = Callable[..., Any]


class Map(dict[str, Any]):
    """A map whose keys are read with a dot too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class Returned(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Jump(Exception):
    def __init__(self, to: str) -> None:
        self.to = to


def wrap(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Map({key: wrap(inner) for key, inner in value.items()})
    return [wrap(inner) for inner in value] if isinstance(value, list) else value


def _map_get(of: Any, keys: Any) -> Any:
    for key in keys if isinstance(keys, list) else [keys]:
        if not isinstance(of, Mapping) or key not in of:
            return None
        of = of[key]
    return of


class Workflow:
    """A workflow and what it may call."""

    def __init__(self, source: str, environment: Mapping[str, str], calls: Mapping[str, Call]) -> None:
        self.flows: dict[str, Any] = yaml.safe_load(source)
        self.calls = calls
        self.names = {
            "map": SimpleNamespace(get=_map_get),
            "text": SimpleNamespace(split=lambda text, by: text.split(by)),
            "json": SimpleNamespace(decode=lambda text: wrap(json.loads(text))),
            "time": SimpleNamespace(parse=float),
            "sys": SimpleNamespace(get_env=lambda name: environment[name]),
            "default": lambda value, other: other if value is None else value,
            "string": str,
            "double": float,
            "len": len,
            "true": True,
            "false": False,
            "null": None,
        }

    def run(self, event: Mapping[str, Any]) -> Any:
        return self._call("main", {"event": wrap(event)})

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        if name not in self.flows:
            return wrap(self.calls[name](**arguments))
        flow = self.flows[name]
        assert set(arguments) == set(flow.get("params", ())), f"{name}: {sorted(arguments)}"
        try:
            self._steps(flow["steps"], dict(arguments))
        except Returned as returned:
            return returned.value
        return None

    def _steps(self, steps: list[dict[str, Any]], scope: dict[str, Any]) -> None:
        order = [next(iter(step)) for step in steps]
        at = 0
        while at < len(order):
            try:
                self._step(steps[at][order[at]], scope)
                at += 1
            except Jump as jump:
                if jump.to not in order:
                    raise
                at = order.index(jump.to)

    def _step(self, step: dict[str, Any], scope: dict[str, Any]) -> None:
        known = {"assign", "call", "args", "result", "switch", "steps", "for", "try", "except", "next", "return"}
        assert set(step) <= known | {"condition"}, step
        for assignment in step.get("assign", ()):
            for name, value in assignment.items():
                scope[name] = self._value(value, scope)
        if "call" in step:
            arguments = {name: self._value(value, scope) for name, value in step.get("args", {}).items()}
            answer = self._call(step["call"], arguments)
            if "result" in step:
                scope[step["result"]] = answer
        if "for" in step:
            self._loop(step["for"], scope)
        if "try" in step:
            self._step(step["try"], scope)
        for case in step.get("switch", ()):
            if self._value(case["condition"], scope):
                self._step(case, scope)
                break
        if "steps" in step:
            self._steps(step["steps"], scope)
        if "return" in step:
            raise Returned(self._value(step["return"], scope))
        if "next" in step:
            raise Jump(step["next"])

    def _loop(self, loop: dict[str, Any], scope: dict[str, Any]) -> None:
        for item in self._value(loop["in"], scope):
            scope[loop["value"]] = item
            try:
                self._steps(loop["steps"], scope)
            except Jump as jump:
                if jump.to != "break":
                    raise
                return

    def _value(self, value: Any, scope: dict[str, Any]) -> Any:
        if isinstance(value, Mapping):
            return Map({key: self._value(inner, scope) for key, inner in value.items()})
        if isinstance(value, list):
            return [self._value(inner, scope) for inner in value]
        if isinstance(value, str) and value.startswith("${"):
            assert value.endswith("}"), value
            assert len(value) <= 400, f"longer than Workflows takes: {value}"
            return eval(value[2:-1], {"__builtins__": {}}, {**self.names, **scope})  # the workflow is the project's own
        return value
