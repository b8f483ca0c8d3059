"""Texts that libraries compile on every start, compiled once and kept with the module that asks while it is loaded.

`dataclass` writes the methods of each class as a text, `typing` compiles each quoted annotation, `re` each expression.
The same text always becomes the same code, so it is kept beside the code of the module; another file, other texts.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import builtins
import collections
import dataclasses
import re
import sys
import typing
from collections.abc import Callable
from functools import partial
from types import CodeType
from typing import Any, cast

from mlplatform.fast.code_store import CodeStore, Stamp

Key = tuple[str | int, ...]
_FILE = "<string>"
_WARNS = ("[[", "[^[", "--", "&&", "~~", "||")
"""What `re` may warn of each time that it compiles an expression: those are left to it."""

_asking: ModuleTexts | None = None
"""The texts of the module that is being loaded. Where threads load at once it may be another's, which does no harm."""


class ModuleTexts:
    """What was made of the texts of one module."""

    def __init__(self, store: CodeStore, module: str, stamp: Stamp) -> None:
        self._store, self._name, self._stamp = store, f"{module} texts", stamp
        self._kept: dict[Key, object] | None = None
        self._grown = False

    def get(self, key: Key, make: Callable[[], object]) -> object:
        """What is kept of a text; else what is made of it now, which is kept unless it is None."""
        if self._kept is None:
            self._kept = cast("dict[Key, object]", self._store.get(self._name, self._stamp) or {})
        found = self._kept.get(key)
        if found is None and (found := make()) is not None:
            self._kept[key] = found
            self._grown = True
        return found

    def __enter__(self) -> None:
        global _asking
        self._outer, _asking = _asking, self

    def __exit__(self, *_: object) -> None:
        global _asking
        _asking = self._outer
        if self._grown:
            self._store.put(self._name, self._stamp, self._kept)
            self._grown = False


def _code(text: str, mode: str) -> CodeType:
    """The code of a text, as `exec` and `eval` of a library's own module compile it."""
    make = partial(builtins.compile, text, _FILE, mode, dont_inherit=True)
    return cast("CodeType", make() if _asking is None else _asking.get((mode, text), make))


def _exec(source: object, *places: Any) -> None:  # noqa: ANN401 - as the built-in function
    builtins.exec(_code(source, "exec") if type(source) is str else cast("Any", source), *places)


def _eval(source: object, *places: Any) -> Any:  # noqa: ANN401 - as the built-in function
    return builtins.eval(_code(source, "eval") if type(source) is str else cast("Any", source), *places)


def _compile(source: object, filename: str, mode: str, *options: Any, **named: Any) -> object:  # noqa: ANN401
    if type(source) is str and filename == _FILE and not options and not named:
        return _code(source, mode)
    return cast("object", builtins.compile(cast("Any", source), filename, mode, *options, **named))


class _Parts:
    """Stands in for `_sre` while `re` compiles an expression, and notes what it is asked to make."""

    def __init__(self, plain: Any) -> None:  # noqa: ANN401 - a module without types
        self._plain = plain
        self.noted: tuple[Any, ...] = ()

    def compile(self, *parts: Any) -> object:  # noqa: ANN401
        self.noted = parts
        return self._plain.compile(*parts)

    def __getattr__(self, name: str) -> object:
        return getattr(self._plain, name)


def _expressions(compiler: Any) -> Callable[..., object]:  # noqa: ANN401 - a private module
    """`re`'s compiler of expressions, with what it came to before."""
    plain, sre = compiler.compile, compiler._sre

    def noted(pattern: str, flags: int) -> object:
        parts = compiler._sre = _Parts(sre)
        try:
            plain(pattern, flags)
        finally:
            compiler._sre = sre
        if len(parts.noted) != _PARTS or parts.noted[0] != pattern:
            return None
        text, all_flags, code, groups, names, by_number = parts.noted
        return (text, int(all_flags), [int(each) for each in code], groups, dict(names), tuple(by_number))

    def compiled(pattern: object, flags: int = 0) -> object:
        if _asking is None or type(pattern) is not str or flags & re.DEBUG or any(each in pattern for each in _WARNS):
            return plain(pattern, flags)
        parts = cast("tuple[Any, ...] | None", _asking.get((pattern, int(flags)), lambda: noted(pattern, flags)))
        return sre.compile(*parts) if parts else plain(pattern, flags)

    return compiled


_PARTS = 6
"""What `_sre.compile` is given: text, flags, code, number of groups, groups by name, names by group."""


def keep_texts() -> None:
    """Let the libraries find what was made of their texts before."""
    if vars(typing).get("compile") is _compile:
        return
    # a module's own name comes before the built-in function's
    cast("Any", dataclasses).exec = _exec
    cast("Any", collections).eval = _eval
    cast("Any", typing).compile = _compile
    compiler: Any = sys.modules.get("re._compiler")
    if compiler is not None and hasattr(compiler, "_sre"):
        compiler.compile = _expressions(compiler)
