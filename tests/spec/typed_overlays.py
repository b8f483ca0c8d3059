"""Writes the types of `overlay`: what each model of the spec takes, from the annotations of its fields.

A model's `overlay` takes every field, and each may be left out. pydantic derives such a signature for the constructor
alone, and there a needed field may not be left out: so this writes it, for type checkers only.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mlplatform.spec
from mlplatform import discovery
from mlplatform.reading.describe.shape import field_models
from mlplatform.spec.base import SpecModel
from mlplatform.spec.extension import ExtensionSpec
from mlplatform.spec.target import Target

from ..conftest import ROOT

FILE = ROOT / "platform" / "mlplatform" / "spec" / "overlays.pyi"
OPEN = (SpecModel, Target, ExtensionSpec)
"""Bases of models in other packages, which take fields that are not known here."""

HEAD = """\
# ruff: noqa
# fmt: off
# What `overlay` of each model takes, for type checkers. Written by `make goldens`, never edited.
# pyright: reportPrivateUsage=false, reportOverlappingOverload=false
# pyright: reportUnusedImport=false, reportPrivateImportUsage=false
from collections.abc import Callable
from typing import Protocol, TypeVar, overload

"""


def models() -> tuple[type[SpecModel], ...]:
    """Every public model of mlplatform that a spec or a record is made of, the derived before their bases."""
    for module in pkgutil.walk_packages(mlplatform.spec.__path__, "mlplatform.spec."):
        importlib.import_module(module.name)
    found: dict[type[SpecModel], None] = {}
    # other rooms have models too, which are there once somebody imported them: what the spec reaches is always the same
    own = (model for model in _below(SpecModel) if model.__module__.startswith("mlplatform.spec."))
    pending = [*own, *(discovery.backend(cloud).target_type for cloud in discovery.clouds())]
    while pending:
        model = pending.pop()
        if model not in found and model.__module__.startswith("mlplatform."):
            found[model] = None
            pending += [inner for info in model.model_fields.values() for inner in field_models(info)]
    ours = [model for model in found if model not in OPEN and not model.__name__.startswith("_")]
    return tuple(sorted(ours, key=lambda model: (-len(model.__mro__), model.__module__, model.__name__)))


def _below(model: type[SpecModel]) -> Iterator[type[SpecModel]]:
    for derived in model.__subclasses__():
        yield derived
        yield from _below(derived)


def text() -> str:
    """The whole file."""
    protocols: list[str] = []
    overloads: list[str] = []
    used: set[str] = set()
    for model in models():
        fields: list[str] = []
        for name in model.model_fields:
            owner, annotation = _annotation(model, name)
            used.add(owner)
            qualified = ast.unparse(_Qualified(owner).visit(annotation))
            fields.append(f"        {name}: {qualified} = ...,\n")
        used.add(model.__module__)
        own = f"{model.__module__}.{model.__name__}"
        star = "        *,\n" if fields else ""
        call = f"    def __call__(\n        self,\n{star}{''.join(fields)}    ) -> {own}: ...\n\n"
        protocols.append(f"class _{model.__name__}(Protocol):\n{call}")
        overloads.append(
            f"    @overload\n    def __get__(self, instance: {own}, owner: object) -> _{model.__name__}: ...\n"
        )
    imports = "".join(f"import {name}\n" for name in sorted({*used, "mlplatform.spec.base"}))
    bound = '\nM = TypeVar("M", bound=mlplatform.spec.base.SpecModel)\n\n'
    last = (
        "class Overlay:\n"
        f"{''.join(overloads)}"
        "    # models of other packages, and code that is the same for every model\n"
        "    @overload\n    def __get__(self, instance: M, owner: object) -> Callable[..., M]: ...\n"
    )
    return f"{HEAD}{imports}{bound}{''.join(protocols)}{last}"


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(Path(inspect.getfile(importlib.import_module(module))).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _annotation(model: type[SpecModel], field: str) -> tuple[str, ast.expr]:
    """The module in which a field is annotated, and the annotation."""
    for base in model.__mro__:
        if issubclass(base, SpecModel):
            for node in _classes(base.__module__)[base.__name__].body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == field:
                    return base.__module__, ast.parse(ast.unparse(node.annotation), mode="eval").body
    raise LookupError(f"{model.__name__}.{field} is annotated nowhere")


class _Qualified(ast.NodeTransformer):
    """Names with their module before them, and annotations without what pydantic reads beside the type."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return node if hasattr(builtins, node.id) else ast.parse(f"{self._module}.{node.id}", mode="eval").body

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "Annotated" and isinstance(node.slice, ast.Tuple):
            return self.visit(node.slice.elts[0])
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            # what stands in it are values
            return ast.Subscript(self.visit(node.value), node.slice, node.ctx)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        # a type that stands as text, because it is defined later
        return self.visit(ast.parse(node.value, mode="eval").body) if isinstance(node.value, str) else node
