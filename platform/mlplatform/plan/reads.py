"""The spec fields that code reads: attribute names in its source, also through the spec's helper functions."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlplatform.reading.describe.shape import field_models
from mlplatform.spec.base import SpecModel
from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.data_checks import DataChecks
from mlplatform.spec.gates import GateSpec
from mlplatform.spec.tune import TuneSpec

SHARED = (
    "mlplatform.cluster",
    "mlplatform.components",
    "mlplatform.pipelines",
    "mlplatform.program",
    "mlplatform.render.features",
)
"""Packages that run for every cloud; features are written for Feast, and are in no plan."""
SPEC = "mlplatform.spec"
HANDED_ON: tuple[type[SpecModel], ...] = (GateSpec, DataChecks, BaseModelSpec, TuneSpec)
"""Models that are written as they are, for a program that reads them when it runs."""
REFUSALS = {"Problem", "FieldProblem", "Limit", "Violations", "JobProblem"}
"""Types of refusals. A function that returns one only refuses, a module that declares limits only says what is refused:
reading a field there does not honour it."""


@dataclass(frozen=True, slots=True)
class SpecReads:
    """Names in source code."""

    attributes: frozenset[str]
    """Attributes that the code reads."""

    names: frozenset[str]
    """Names and short strings that it uses: classes, functions, and tags such as `canary`."""


def find_reads(package: str) -> SpecReads:
    """Names in a backend's package, in the shared components, and in the spec's helpers that they call."""
    own = _merged(_file(file) for file in _files(package))
    shared = _merged(_file(file) for name in SHARED for file in _files(name))
    attributes = set(own.attributes | shared.attributes)
    for model in HANDED_ON:
        attributes |= _fields(model)
    names = set(own.names | shared.names)
    pending = _helpers()
    while called := {name for name in pending if name in attributes or name in names}:
        for name in called:
            helper = pending.pop(name)
            attributes |= helper.attributes
            names |= helper.names
    return SpecReads(frozenset(attributes), frozenset(names))


def _fields(model: type[SpecModel]) -> set[str]:
    """Names of a model's fields, and of those inside them."""
    inner = {name for info in model.model_fields.values() for each in field_models(info) for name in _fields(each)}
    return {*model.model_fields, *inner}


def _files(package: str) -> tuple[Path, ...]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return ()
    if spec.submodule_search_locations is None:
        return (Path(spec.origin),)
    folders = (Path(folder) for folder in spec.submodule_search_locations)
    return tuple(sorted(file for folder in folders for file in folder.rglob("*.py")))


@cache
def _file(file: Path) -> SpecReads:
    tree = ast.parse(file.read_text("utf-8"))
    if _declares_limits(tree):
        return SpecReads(frozenset(), frozenset())
    return _of(_Honouring().visit(tree))


def _declares_limits(tree: ast.Module) -> bool:
    """Whether a module says what is refused: it imports the type of limits, or that of a target's checks."""
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    return "Limit" in imported or "Checks" in imported


class _Honouring(ast.NodeTransformer):
    """Takes the functions out that only refuse."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef | None:
        if _only_refuses(node):
            return None
        self.generic_visit(node)
        return node


def _only_refuses(function: ast.FunctionDef) -> bool:
    answer = ast.walk(function.returns) if function.returns else ()
    return any(isinstance(node, ast.Name) and node.id in REFUSALS for node in answer)


def _of(tree: ast.AST) -> SpecReads:
    attributes: set[str] = set()
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Load()):
                attributes.add(name)
            case ast.Name(id=name) | ast.alias(name=name):
                names.add(name)
            case ast.Constant(value=str(text)) if len(text) <= 40:
                names.add(text)
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                attributes.add(name)
            case ast.MatchClass(kwd_attrs=keywords):
                attributes.update(keywords)
            case _:
                pass
    return SpecReads(frozenset(attributes), frozenset(names))


def _merged(parts: Iterable[SpecReads]) -> SpecReads:
    attributes: set[str] = set()
    names: set[str] = set()
    for part in parts:
        attributes |= part.attributes
        names |= part.names
    return SpecReads(frozenset(attributes), frozenset(names))


def _helpers() -> dict[str, SpecReads]:
    """Helper functions of the spec, by name; validators only refuse and do not count."""
    bodies: dict[str, list[SpecReads]] = {}
    for file in _files(SPEC):
        for node in ast.parse(file.read_text("utf-8")).body:
            for name, body in _functions(node):
                bodies.setdefault(name, []).append(body)
    return {name: _merged(parts) for name, parts in bodies.items()}


def _functions(node: ast.stmt) -> Iterator[tuple[str, SpecReads]]:
    if isinstance(node, ast.FunctionDef) and not _only_refuses(node):
        yield node.name, _of(node)
    elif isinstance(node, ast.ClassDef):
        fields = {i.target.id for i in node.body if isinstance(i, ast.AnnAssign) and isinstance(i.target, ast.Name)}
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and not _is_validator(item) and not _only_refuses(item):
                body = _of(item)
                if _by_variable(item):
                    body = SpecReads(body.attributes | fields, body.names)
                yield item.name, body


def _is_validator(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Name) and d.func.id.endswith("_validator")
        for d in function.decorator_list
    )


def _by_variable(function: ast.FunctionDef) -> bool:
    """Whether a method reads fields of its model by a computed name."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == "self"
        and not isinstance(node.args[1], ast.Constant)
        for node in ast.walk(function)
    )
