"""Imports the modules beside a spec file without writing compiled files to its folder."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType


class _Unwritten(SourceFileLoader):
    """Reads a module and writes nothing; modules elsewhere are compiled once and kept as usual."""

    def set_data(self, path: str, data: object, *, _mode: int = 0o666) -> None:  # pyright: ignore
        """Called with the compiled module."""


class _Finder:
    """Finds the modules of one folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, if it is in the folder or below."""
        places = [self._folder] if path is None else [place for place in path if self._holds(place)]
        spec = PathFinder.find_spec(fullname, places, target) if places else None
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = _Unwritten(fullname, spec.loader.path)
        return spec

    def _holds(self, place: str) -> bool:
        return Path(place).is_relative_to(self._folder)


@contextmanager
def siblings_importable(folder: Path) -> Generator[None]:
    """Make a folder's modules importable; afterwards the interpreter is restored, and they are unloaded."""
    path, finder = list(sys.path), _Finder(str(folder))
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
            if origin and Path(origin).is_relative_to(folder):
                del sys.modules[name]
        sys.modules.update(hidden)


def _before_paths() -> int:
    """Behind the finders of built-in modules, as a folder on the path is."""
    return next((at for at, finder in enumerate(sys.meta_path) if finder is PathFinder), len(sys.meta_path))
