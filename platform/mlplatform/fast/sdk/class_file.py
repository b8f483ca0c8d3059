"""Class files of a generated SDK (`_inputs.py`, `outputs.py`, `_enums.py`), one class at a time.

Such a file is a header (imports and `__all__`) followed by nothing but top-level classes, up to 5 MB of
them, of which a program uses a handful. Here the classes are only located; each is compiled and executed
in the module's namespace when it is first asked for.
"""

from __future__ import annotations
import __future__

import re
import threading
from types import CodeType, ModuleType
from typing import cast

from mlplatform.fast.code_store import CodeStore, Stamp

CLASS_FILES = frozenset({"_inputs", "outputs", "_enums"})

_CLASS = re.compile(rb"\nclass (\w+)")
_KEY = "__lazy_classes__"
_LOCK = threading.RLock()


def compile_postponed(text: bytes | str, path: str) -> CodeType:
    """Compile generated text with postponed annotations: Pulumi reads those of the properties that are used.

    Each class has the types of its properties up to four times, and to evaluate them takes longer than all else in it.
    """
    return compile(text, path, "exec", __future__.annotations.compiler_flag, dont_inherit=True)


class ClassFile:
    """The places of the classes in one file; each class is made on demand.

    `names` are the classes in the order of the file, `header` the code before the first of them.
    """

    def __init__(self, module: ModuleType, path: str, store: CodeStore, stamp: Stamp | None) -> None:
        self._module = module
        self._path = path
        self._store = store
        self._stamp = stamp
        kept = stamp and store.get(module.__name__, stamp)
        if kept is None:
            with open(path, "rb") as file:
                source = file.read()
            kept = _layout(source, path)
            self._keep(module.__name__, kept)
        self.header, self.regular, self._spans = cast("tuple[CodeType, bool, dict[str, tuple[int, int, int]]]", kept)
        self.names = self._spans.keys()

    def _keep(self, name: str, value: object) -> None:
        if self._stamp is not None:
            self._store.put(name, self._stamp, value)

    def attach(self) -> None:
        """Give the module its classes: by attribute access, `dir` and star import."""
        namespace = vars(self._module)
        namespace[_KEY] = self
        namespace["__getattr__"] = self.make
        namespace["__dir__"] = lambda: sorted({*namespace, *self.names})

    def make(self, name: str) -> object:
        """The class of that name, executed in the module once; `AttributeError` where there is none."""
        span = self._spans.get(name)
        if span is None:
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}", name=name)
        namespace = vars(self._module)
        with _LOCK:
            if name not in namespace:
                exec(self._code(name, *span), namespace)
            return namespace[name]

    def _code(self, name: str, start: int, end: int, line: int) -> CodeType:
        kept_as = f"{self._module.__name__}:{name}"
        kept = self._stamp and self._store.get(kept_as, self._stamp)
        if kept is None:
            with open(self._path, "rb") as file:
                file.seek(start)
                text = file.read(end - start).decode()
            kept = _moved_down(compile_postponed(text, self._path), line)
            self._keep(kept_as, kept)
        return cast("CodeType", kept)


def _layout(source: bytes, path: str) -> tuple[CodeType, bool, dict[str, tuple[int, int, int]]]:
    """The code before the first class; whether only classes follow; where each stands: start, end, line."""
    spans: dict[str, tuple[int, int, int]] = {}
    matches = list(_CLASS.finditer(source))
    starts = [_before_decorators(source, match.start() + 1) for match in matches]
    header = source[: starts[0]] if starts else source
    line = header.count(b"\n")
    for match, start, end in zip(matches, starts, [*starts[1:], len(source)], strict=True):
        spans[match[1].decode()] = (start, end, line)
        line += source.count(b"\n", start, end)
    return compile_postponed(header, path), len(spans) == len(matches) > 0, spans


def class_file(module: ModuleType) -> ClassFile | None:
    """The class file behind a module; None if the whole module was executed."""
    classes = vars(module).get(_KEY)
    return classes if isinstance(classes, ClassFile) else None


def _before_decorators(source: bytes, start: int) -> int:
    """The start of the block whose `class` line starts at `start`."""
    while True:
        above = source.rfind(b"\n", 0, start - 1) + 1
        if above >= start or source[above : above + 1] != b"@":
            return start
        start = above


def _moved_down(code: CodeType, lines: int) -> CodeType:
    """The same code with its line numbers raised, so that tracebacks and `inspect` point into the file."""
    return code.replace(
        co_firstlineno=code.co_firstlineno + lines,
        co_consts=tuple(_moved_down(c, lines) if isinstance(c, CodeType) else c for c in code.co_consts),
    )
