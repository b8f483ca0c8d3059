"""Loads what a Python spec will use before it runs in a process of its own, so that both processes have it.

Otherwise the modules of its targets, and the validators of its models, are loaded once in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import mlplatform
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec

_IMPORTED = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_CLASS = re.compile(r"\b[A-Z]\w+")


def preload(file: Path, text: str) -> None:
    """Load the models that a spec and the files beside it name; what cannot be loaded is told when the spec runs."""
    names = {name for source in _sources(file, text) for name in _CLASS.findall(source)}
    for name in sorted(names.intersection(mlplatform.__all__)):
        with suppress(Exception):
            _build(getattr(mlplatform, name))
    _build(PlatformSpec)


def _build(model: object) -> None:
    if isinstance(model, type) and issubclass(model, SpecModel):
        # a model builds its validator when something of it is asked for
        _ = model.__pydantic_validator__.title


def _sources(file: Path, text: str) -> Iterator[str]:
    """The text of the spec, and of the modules beside it that it imports."""
    pending, seen = [text], {file}
    while pending:
        source = pending.pop()
        yield source
        for name in _IMPORTED.findall(source):
            beside = file.parent / f"{name}.py"
            if beside not in seen and beside.is_file():
                seen.add(beside)
                with suppress(OSError, ValueError):
                    pending.append(beside.read_text("utf-8"))
