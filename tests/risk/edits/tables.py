"""All edits: each module beside this one with a tuple `EDITS` is a class of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

from .edit import Edit


def _edits(name: str) -> tuple[Edit, ...]:
    return getattr(import_module(f"tests.risk.edits.{name}"), "EDITS", ())


_MODULES = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
CLASSES: dict[str, tuple[Edit, ...]] = {
    name: edits
    for name in _MODULES
    if not name.startswith("test_") and name not in ("tables", "edit") and (edits := _edits(name))
}
"""Edits by the name of their module."""
EDITS: tuple[Edit, ...] = tuple(edit for edits in CLASSES.values() for edit in edits)
