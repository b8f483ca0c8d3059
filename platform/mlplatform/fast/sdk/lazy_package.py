"""Subpackages of a generated SDK whose `__init__` star-imports every file, loaded file by file.

`pulumi_gcp.compute` has 288 files; a program uses five. The package's own code runs unchanged, but its star imports
are only noted, and a name is searched in them at its first use.
"""

from __future__ import annotations

import builtins
import importlib
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import ModuleType
from typing import cast

from mlplatform.fast.sdk.class_file import class_file

_KEY = "__lazy_exports__"
_ALL = re.compile(rb"^__all__ = \[(.*?)\]", re.MULTILINE | re.DOTALL)
_TOP = re.compile(rb"^(?:class|def) ([a-zA-Z]\w*)", re.MULTILINE)
_QUOTED = re.compile(rb"'(\w+)'")
_AROUND = re.compile(r"^Awaitable|(InitArgs|Args|Result|_output)$")


class Exports:
    """The names behind the noted star imports of one package, found on demand."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.files: list[str] = []
        self._squashed: dict[str, str] = {}
        self._where: dict[str, str] | None = None

    def note(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """`__import__` as the package's `__init__` sees it."""
        if level == 1 and fromlist is not None and tuple(fromlist) == ("*",) and "." not in name:
            self.files.append(name)
            self._squashed[_squash(name)] = name
            nothing = ModuleType(name)
            vars(nothing)["__all__"] = []
            return nothing
        return builtins.__import__(name, globals, locals, fromlist or (), level)

    def find(self, name: str) -> object:
        """The value that the eager package would bind to `name`; `AttributeError` where it binds none."""
        if not name.startswith("__"):
            for file in self._candidates(name):
                module = self._load(file)
                if name in _exported(module):
                    return getattr(module, name)
            if name in self.files:
                return self._load(name)
        raise AttributeError(f"module {self.package!r} has no attribute {name!r}", name=name)

    def names(self) -> set[str]:
        """Every name that the eager package would have bound through its star imports."""
        return {*self.files, *self._index()}

    def _candidates(self, name: str) -> Iterator[str]:
        """Files to try in turn: the one named after the class or function, then the one in the index."""
        likely = self._squashed.get(_squash(_AROUND.sub("", _AROUND.sub("", name))))
        if likely is not None:
            yield likely
        for file in ("_inputs", "_enums"):
            if file in self.files:
                yield file
        indexed = self._index().get(name)
        if indexed is not None:
            yield indexed

    def _index(self) -> dict[str, str]:
        if self._where is None:
            folders = cast("list[str]", sys.modules[self.package].__path__)
            where: dict[str, str] = {}
            for file in self.files:
                with open(f"{folders[0]}/{file}.py", "rb") as source:
                    text = source.read()
                listed = _ALL.search(text)
                names = _QUOTED.findall(listed[1]) if listed else _TOP.findall(text)
                where.update({name.decode(): file for name in names})
            self._where = where
        return self._where

    def _load(self, file: str) -> ModuleType:
        return importlib.import_module(f"{self.package}.{file}")


class LazyPackage(ModuleType):
    """The module object of such a package."""

    def __getattr__(self, name: str) -> object:
        if name == "__all__":
            return [known for known in dir(self) if not known.startswith("_")]
        value = vars(self)[_KEY].find(name)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        # The import system binds a submodule to its parent after running it. In the eager package the star
        # import comes later, so that `get_bucket` is the function, not the file that defines it.
        if isinstance(value, ModuleType) and value.__name__ == f"{self.__name__}.{name}":
            value = vars(value).get(name, value) if name in _exported(value) else value
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *vars(self)[_KEY].names()})


def attach_exports(module: ModuleType, exports: Exports) -> None:
    """Turn an executed package module into one that finds `exports` on demand."""
    vars(module)[_KEY] = exports
    module.__class__ = LazyPackage


def _exported(module: ModuleType) -> Collection[str]:
    classes = class_file(module)
    if classes is not None:
        return classes.names
    listed = vars(module).get("__all__")
    return listed if listed is not None else [name for name in vars(module) if not name.startswith("_")]


def _squash(name: str) -> str:
    return name.replace("_", "").lower()
