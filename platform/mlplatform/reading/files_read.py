"""The files that a spec is made from: its own, those beside it, and what a Python spec imports or names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mlplatform.reading.file import MAX_BYTES
from mlplatform.reading.images_file import images_file
from mlplatform.reading.record_file import record_file
from mlplatform.spec.platform import PlatformSpec


def files_read(file: Path, spec: PlatformSpec) -> tuple[Path, ...]:
    """The files that a spec is made from, as far as its text tells: absolute, sorted, only those that exist.

    A Python spec may read a file whose name it computes; such a file is not found.

    Args:
        file: the spec's file.
        spec: what was read from it.
    """
    own = file.absolute()
    found = {own}
    found |= {file for file in (record_file(own, spec), images_file(own, spec)) if file.is_file()}
    waiting = [own] if own.suffix.lower() == ".py" else []
    while waiting:
        new = {path for path in _named(waiting.pop(), own.parent) if path not in found}
        found |= new
        waiting += [path for path in new if path.suffix == ".py"]
    return tuple(sorted(found))


def _named(module: Path, folder: Path) -> Iterator[Path]:
    """Modules that a module imports from the spec's folder, and files that its strings name."""
    try:
        if module.stat().st_size > MAX_BYTES:
            return
        tree = ast.parse(module.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    yield from _modules(folder, name.name)
            case ast.ImportFrom(module=source, names=names, level=level):
                start = module.parents[level - 1] if 0 < level <= len(module.parents) else folder
                for name in names:
                    yield from _modules(start, f"{source}.{name.name}" if source else name.name)
            case ast.Constant(value=str(text)) if _may_be_path(text):
                yield from (path for place in {folder, module.parent, Path.cwd()} if _is_file(path := place / text))
            case _:
                pass


def _may_be_path(text: str) -> bool:
    return 0 < len(text) <= 255 and "\0" not in text and "\n" not in text


def _modules(folder: Path, dotted: str) -> Iterator[Path]:
    """The files of a module and of the packages around it; the last part may be no module but a name in one."""
    place = folder
    for part in dotted.split("."):
        place = place / part
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if _is_file(path):
                yield path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
