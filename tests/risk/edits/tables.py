"""All edits: each module beside this one with a tuple `EDITS` is a class of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

from .edit import Edit

EDITS: tuple[Edit, ...] = tuple(
    edit
    for name in sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    if not name.startswith("test_") and name != "tables"
    for edit in getattr(import_module(f"tests.risk.edits.{name}"), "EDITS", ())
)
