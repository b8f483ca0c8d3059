"""Copies in a Python spec that nobody keeps, and copies that nobody checks."""

from __future__ import annotations

import ast
import re

_UNCHECKED = frozenset({"model_copy", "model_construct"})
_LOST = re.compile(r"(?:^(?![ \t])|;)[(\s]*\w+[\s\\]*\.\s*overlay\s*\(", re.MULTILINE)
"""A statement at the top level that may be a copy and nothing else."""


def lost_copies(text: str) -> list[tuple[int, str, str, str]]:
    """Line, what was found, what is expected and the fix, for each of them.

    Args:
        text: a spec that runs.
    """
    if not _LOST.search(text) and not any(name in text for name in _UNCHECKED):
        return []  # most specs: nothing is parsed, which takes longer than to run them
    tree = ast.parse(text)
    found: list[tuple[int, str, str, str]] = []
    for node in tree.body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="overlay"))):
                got = f"a copy of '{name}' that nobody keeps: overlay changes nothing in place"
                found.append((node.lineno, got, "a variable for it", f"write {name} = {name}.overlay(…)"))
            case _:
                pass
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in _UNCHECKED:
                got = f"{name}(), which checks nothing of what it is given"
                found.append((node.lineno, got, "a copy that is checked", "write ….overlay(field=value)"))
            case _:
                pass
    return sorted(found)
