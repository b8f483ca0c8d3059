"""The documentation of fields: the string below each field, read from the source on demand."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache

from mlplatform.spec.base import SpecModel


@cache
def _module_docs(module: str) -> dict[str, dict[str, str]]:
    source = getattr(sys.modules.get(module), "__file__", None)
    if source is None:
        return {}
    try:
        with open(source, encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except OSError:  # installed without sources
        return {}
    return {node.name: _class_docs(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_docs(node: ast.ClassDef) -> dict[str, str]:
    docs: dict[str, str] = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            docs[field.target.id] = inspect.cleandoc(below.value.value)
    return docs


def class_docs(kind: type) -> dict[str, str]:
    """Documentation of a class's own fields."""
    return dict(_module_docs(kind.__module__).get(kind.__name__, {}))


def field_docs(model: type[SpecModel]) -> dict[str, str]:
    """Documentation of a model's fields, inherited ones included; a subclass's own text wins."""
    docs: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        docs.update(_module_docs(owner.__module__).get(owner.__name__, {}))
    return {name: text for name, text in docs.items() if name in model.model_fields}
