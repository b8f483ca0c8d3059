"""Imports the modules beside a spec file without writing compiled files to its folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

from mlplatform.fast.sources import compiled


class _Unwritten(SourceFileLoader):
    """Reads a module and writes nothing; modules elsewhere are compiled once and kept as usual."""

    def source_to_code(self, data: object, path: object, **_: object) -> CodeType:  # pyright: ignore
        return compiled(cast("bytes", data), str(path))

    def set_data(self, path: str, data: object, *, _mode: int = 0o666) -> None:  # pyright: ignore
        """Called with the compiled module."""


class _Finder:
    """Finds the modules of one folder, but not those of an environment inside it."""

    def __init__(self, folder: str, installed: Sequence[str]) -> None:
        self._folder = folder
        self._installed = installed

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, if it is in the folder or below."""
        places = [self._folder] if path is None else [place for place in path if self.holds(place)]
        spec = PathFinder.find_spec(fullname, places, target) if places else None
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = _Unwritten(fullname, spec.loader.path)
        return spec

    def holds(self, place: str) -> bool:
        """Whether a file or folder is a sibling's."""
        return _within(place, self._folder) and not any(_within(place, folder) for folder in self._installed)


def _within(place: str, folder: str) -> bool:
    """Whether a place is a folder or below it. Paths are objects, which take longer to make than a spec to pack."""
    return place == folder or place.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def is_siblings(module: str) -> bool:
    """Whether a module is the spec itself or one beside it, while they are importable; or is not loaded at all."""
    loaded = sys.modules.get(module)
    if loaded is None:
        return True
    origin = getattr(loaded, "__file__", None)
    return bool(origin) and any(finder.holds(str(origin)) for finder in sys.meta_path if isinstance(finder, _Finder))


@contextmanager
def siblings_importable(folder: Path) -> Generator[None]:
    """Make a folder's modules importable; afterwards the interpreter is restored, and they are unloaded."""
    path = list(sys.path)
    # an environment is often kept beside the spec: its packages are no siblings
    installed = [entry for entry in path if Path(entry).is_relative_to(folder) and Path(entry) != folder]
    finder = _Finder(str(folder), installed)
    names = {entry.stem for entry in folder.glob("*.py")} - sys.stdlib_module_names - {"mlplatform"}
    hidden = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    sys.meta_path.insert(_before_paths(), finder)
    try:
        yield
    finally:
        sys.path[:] = path
        sys.meta_path.remove(finder)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and finder.holds(origin):
                del sys.modules[name]
        sys.modules.update(hidden)


def _before_paths() -> int:
    """Behind the finders of built-in modules, as a folder on the path is."""
    return next((at for at, finder in enumerate(sys.meta_path) if finder is PathFinder), len(sys.meta_path))
