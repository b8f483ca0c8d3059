"""Just enough of the Workflows language to carry the rollout through against a Cloud Run of the tests' own.

Its expressions are close enough to Python's to be evaluated as such.
https://docs.cloud.google.com/workflows/docs/reference/syntax
"""

# ruff: noqa: ANN401 - what a workflow handles is of any type
from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
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


class Raised(Exception):
    """An error of a call, as a workflow sees it."""

    def __init__(self, problem: Any) -> None:
        super().__init__(problem)
        self.problem = wrap(problem)


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


@cache
def _read(source: str) -> dict[str, Any]:
    return yaml.safe_load(source)


class Workflow:
    """A workflow and what it may call."""

    def __init__(self, source: str, environment: Mapping[str, str], calls: Mapping[str, Call]) -> None:
        self.flows: dict[str, Any] = _read(source)
        self.calls = calls
        self.names = {
            "map": SimpleNamespace(get=_map_get),
            "text": SimpleNamespace(
                split=lambda text, by: text.split(by), replace_all=lambda text, old, new: text.replace(old, new)
            ),
            "list": SimpleNamespace(concat=lambda items, item: [*items, item]),
            "json": SimpleNamespace(decode=lambda text: wrap(json.loads(text)), encode_to_string=json.dumps),
            "time": SimpleNamespace(parse=float),
            "sys": SimpleNamespace(get_env=lambda name: environment[name]),
            "default": lambda value, other: other if value is None else value,
            "string": str,
            "double": float,
            "len": len,
            "keys": list,
            "when": lambda condition, one, other: one if condition else other,
            "true": True,
            "false": False,
            "null": None,
        }

    def run(self, event: Mapping[str, Any]) -> Any:
        [parameter] = self.flows["main"]["params"]
        return self._call("main", {parameter: wrap(event)})

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        if name not in self.flows:
            return wrap(self.calls[name](**arguments))
        flow = self.flows[name]
        arguments = {key: copy.deepcopy(value) for key, value in arguments.items()}
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
        known = {
            "assign",
            "call",
            "args",
            "result",
            "switch",
            "steps",
            "for",
            "try",
            "except",
            "next",
            "return",
            "raise",
        }
        assert set(step) <= known | {"condition"}, step
        for assignment in step.get("assign", ()):
            for name, value in assignment.items():
                self._assign(name, self._value(value, scope), scope)
        if "call" in step:
            arguments = {name: self._value(value, scope) for name, value in step.get("args", {}).items()}
            answer = self._call(step["call"], arguments)
            if "result" in step:
                scope[step["result"]] = answer
        if "for" in step:
            self._loop(step["for"], scope)
        if "try" in step:
            try:
                self._step(step["try"], scope)
            except Raised as raised:
                caught = step["except"]
                scope[caught["as"]] = raised.problem
                self._steps(caught["steps"], scope)
        if "raise" in step:
            raise Raised(self._value(step["raise"], scope))
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

    def _assign(self, name: str, value: Any, scope: dict[str, Any]) -> None:
        """A variable, `of.key`, or `of[key]`."""
        if name.endswith("]"):
            of, _, key = name.removesuffix("]").partition("[")
            scope[of][self._value(f"${{{key}}}", scope)] = value
        elif "." in name:
            of, _, key = name.partition(".")
            scope[of][key] = value
        else:
            scope[name] = value

    def _loop(self, loop: dict[str, Any], scope: dict[str, Any]) -> None:
        outside = set(scope)
        try:
            for item in self._value(loop["in"], scope):
                scope[loop["value"]] = item
                self._steps(loop["steps"], scope)
        except Jump as jump:
            if jump.to != "break":
                raise
        finally:
            # a variable that a loop begins ends with it: https://docs.cloud.google.com/workflows/docs/reference/syntax/iteration
            for name in set(scope) - outside:
                del scope[name]

    def _value(self, value: Any, scope: dict[str, Any]) -> Any:
        if isinstance(value, Mapping):
            return Map({key: self._value(inner, scope) for key, inner in value.items()})
        if isinstance(value, list):
            return [self._value(inner, scope) for inner in value]
        if isinstance(value, str) and value.startswith("${"):
            assert value.endswith("}"), value
            assert len(value) <= 400, f"longer than Workflows takes: {value}"
            expression = re.sub(r"\bif\(", "when(", value[2:-1])
            return eval(expression, {"__builtins__": {}}, {**self.names, **scope})  # the workflow is the project's own
        return value
