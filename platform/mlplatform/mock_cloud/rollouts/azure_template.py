"""Evaluates the expressions of resource manager templates, as far as traffic needs them.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlplatform.providers.wire import as_list, as_object

ReadReference = Callable[[str], Mapping[str, object]]
"""The properties of a resource by its id."""

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_]\w*)|([(),.\[\]]))")


class UnsupportedExpression(Exception):
    """An expression that is not supported here; the text is the function or the character."""


def evaluate_template(value: object, parameters: Mapping[str, object], reference: ReadReference) -> object:
    """A value of a template with its expressions evaluated, at any depth.

    Raises:
        UnsupportedExpression: one of them uses more than what rollouts need.
    """
    if isinstance(value, str):
        if value.startswith("[["):
            return value[1:]
        if value.startswith("[") and value.endswith("]"):
            return _Expression(value[1:-1], parameters, reference).value()
        return value
    entries, items = as_object(value), as_list(value)
    if entries is not None:
        return {key: evaluate_template(item, parameters, reference) for key, item in entries.items()}
    return [evaluate_template(item, parameters, reference) for item in items] if items is not None else value


@dataclass(frozen=True, slots=True)
class _Lambda:
    """A function of one variable within an expression."""

    call: Callable[[object], object]


class _Expression:
    """One expression, read from left to right."""

    def __init__(self, text: str, parameters: Mapping[str, object], reference: ReadReference) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._parameters = parameters
        self._reference = reference
        self._variables: dict[str, object] = {}
        self._end = 0

    def value(self) -> object:
        """The value of the expression."""
        kind, token = self._next()
        value: object = int(token) if kind == "number" else token
        if kind == "name":
            value = self._call(token)
        while self._accept("."):
            entries = as_object(value) or {}
            value = entries.get(self._next()[1])
        return value

    def _call(self, name: str) -> object:
        arguments: list[object] = []
        if not self._accept("("):
            raise UnsupportedExpression(name)
        if name == "lambda":
            return self._lambda()
        while not self._accept(")"):
            arguments.append(self.value())
            self._accept(",")
        match name, arguments:
            case "if", [condition, yes, no]:
                return yes if condition else no
            case "empty", [thing]:
                return not thing
            case "contains", [container, thing]:
                return thing in (as_object(container) or as_list(container) or ())
            case "equals", [one, other]:
                return one == other
            case "first", [items]:
                return next(iter(as_list(items) or ()), None)
            case "createArray", items:
                return items
            case "concat", lists:
                return [item for items in lists for item in as_list(items) or ()]
            case "filter", [items, _Lambda(call)]:
                return [item for item in as_list(items) or () if call(item)]
            case "map", [items, _Lambda(call)]:
                return [call(item) for item in as_list(items) or ()]
            case "lambdaVariables", [str(variable)]:
                return self._variables[variable]
            case "createObject", pairs:
                return {str(key): item for key, item in zip(pairs[::2], pairs[1::2], strict=True)}
            case "parameters", [str(parameter)]:
                return self._parameters.get(parameter)
            case "reference", [str(identifier), *_]:
                return self._reference(identifier)
            case _:
                raise UnsupportedExpression(name)

    def _lambda(self) -> _Lambda:
        """A function of one variable; its body is read again for each value."""
        variable = self._next()[1]
        self._accept(",")
        start = self._at

        def call(item: object) -> object:
            back, self._at = self._at, start
            self._variables[variable] = item
            value = self.value()
            self._at, self._end = back, self._at
            return value

        call({})
        self._at = self._end
        self._accept(")")
        return _Lambda(call)

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise UnsupportedExpression("the end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, sign: str) -> bool:
        accepted = self._at < len(self._tokens) and self._tokens[self._at] == ("sign", sign)
        self._at += accepted
        return accepted


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnsupportedExpression(text[at : at + 1])
        at = match.end()
        kind = ("text", "number", "name", "sign")[(match.lastindex or 1) - 1]
        tokens.append((kind, match.group(match.lastindex or 1).replace("''", "'")))
    return tokens
