"""The lines of fields in a Python spec, by its syntax tree; used only to locate problems."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import cast

from mlplatform.reading.describe.shape import Location
from mlplatform.spec.base import SpecModel


class PythonSource:
    """One Python file, parsed once."""

    def __init__(self, text: str) -> None:
        self._tree = ast.parse(text)
        self._assigned: dict[str, ast.expr] = {}
        for node in self._tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assigned[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._assigned[name] = value
                case _:
                    pass

    def line_of(self, variable: str, location: Sequence[int | str]) -> int | None:
        """Line of the closest known part of a field of the model assigned to a module's variable."""
        value = self._assigned.get(variable)
        return self._walk(value, location) if value else None

    def line_in_call(self, span: tuple[int, int, int, int], location: Sequence[int | str]) -> int:
        """Line of the closest known part of a field in the call at a span."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and span == _span(node):
                return self._walk(node, location)
        return span[0]

    def _walk(self, value: ast.expr, location: Sequence[int | str]) -> int:
        line = value.lineno
        for part in location:
            inner = self._step(self._resolved(value), part)
            if inner is None:
                return line
            line, value = inner
        return line

    def _resolved(self, value: ast.expr) -> ast.expr:
        seen: set[str] = set()
        while isinstance(value, ast.Name) and value.id in self._assigned and value.id not in seen:
            seen.add(value.id)
            value = self._assigned[value.id]
        return value

    @staticmethod
    def _step(value: ast.expr, part: int | str) -> tuple[int, ast.expr] | None:
        match value:
            case ast.Call(keywords=keywords):
                for keyword in keywords:
                    if keyword.arg == part:
                        return keyword.lineno, keyword.value
            case ast.Dict(keys=keys, values=values):
                for key, item in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == part:
                        return key.lineno, item
            case ast.Tuple(elts=items) | ast.List(elts=items) if isinstance(part, int):
                if part < len(items) and not any(isinstance(i, ast.Starred) for i in items[: part + 1]):
                    return items[part].lineno, items[part]
            case _:
                pass
        return None


def location_of(root: object, wanted: object, given: Mapping[int, dict[str, object]]) -> Location | None:
    """The location of a model within another, by identity.

    Args:
        root: the other model.
        wanted: the model to find.
        given: arguments of models that did not keep all of them, by `id`.
    """
    pending: list[tuple[object, Location]] = [(root, ())]
    while pending:
        value, at = pending.pop()
        if value is wanted:
            return at
        match value:
            case SpecModel():
                fields = given.get(id(value), value.__dict__)
                pending += [(item, (*at, name)) for name, item in fields.items()]
            case dict():
                pending += [(item, (*at, key)) for key, item in cast("dict[str, object]", value).items()]
            case list() | tuple():
                pending += [(item, (*at, i)) for i, item in enumerate(cast("list[object]", value))]
            case _:
                pass
    return None


def _span(node: ast.Call) -> tuple[int, int, int, int]:
    return node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset or 0
