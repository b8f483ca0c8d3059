"""The names that a file of a generated SDK finds beyond its own globals.

A generated file has ``from ._inputs import *`` and then names those classes only inside quoted
annotations. Python looks a name up in the module's globals and then in the mapping bound to
``__builtins__`` there, which may be any mapping (https://github.com/python/cpython/issues/58593).
`Fallback` is such a mapping: the star import binds nothing, and a class is made when it is looked up.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from mlplatform.fast.sdk.class_file import ClassFile, class_file

STARRED = ("_enums", "_inputs")
"""Class files whose star import is delayed; of two that define a name, the last one wins."""


class Fallback(dict[str, object]):
    """Builtins, then the classes that a file star-imports, then those of `own`.

    The builtins are copied so that the interpreter's own look-ups (`__build_class__`) hit at once; what is
    added to `builtins` later is found too.
    """

    def __init__(self, package: str, own: ClassFile | None = None) -> None:
        super().__init__(vars(builtins))
        self._package = package
        self._own = own
        self._starred: list[str] = []
        self["__import__"] = self._import

    @classmethod
    def of(cls, module: str) -> Fallback | None:
        """The fallback of a loaded module; None if it was loaded in the plain way."""
        loaded = sys.modules.get(module)
        fallback = None if loaded is None else vars(loaded).get("__builtins__")
        return fallback if isinstance(fallback, cls) else None

    def __missing__(self, name: str) -> object:
        make = self._maker(name)
        return vars(builtins)[name] if make is None else make(name)

    def attribute(self, name: str) -> object:
        """The module's `__getattr__`: a class that the plain star import would have bound."""
        make = self._maker(name)
        if make is None:
            raise AttributeError(f"module of {self._package!r} has no attribute {name!r}", name=name)
        return make(name)

    def _maker(self, name: str) -> Callable[[str], object] | None:
        if self._own is not None and name in self._own.names:
            return self._own.make
        for leaf in reversed(self._starred):
            classes = class_file(self._module(leaf))
            if classes is not None and name in classes.names:
                return classes.make
        return None

    def _module(self, leaf: str) -> ModuleType:
        full = f"{self._package}.{leaf}"
        return sys.modules.get(full) or importlib.import_module(full)

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 1 and name in STARRED and fromlist is not None and tuple(fromlist) == ("*",):
            module = self._module(name)
            classes = class_file(module)
            if classes is not None:
                if name not in self._starred:
                    self._starred = [leaf for leaf in STARRED if leaf == name or leaf in self._starred]
                return _named_like_builtins(classes)
        return builtins.__import__(name, globals, locals, fromlist or (), level)


def _named_like_builtins(classes: ClassFile) -> ModuleType:
    """A module that star-exports only the classes that must win over a builtin of their name."""
    shadowing = [name for name in classes.names if name in vars(builtins)]
    module = ModuleType("star")
    vars(module).update({name: classes.make(name) for name in shadowing}, __all__=shadowing)
    return module
