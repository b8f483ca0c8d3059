"""Class files of a generated SDK (`_inputs.py`, `outputs.py`, `_enums.py`), one class at a time.

Such a file is a header (imports and `__all__`) followed by nothing but top-level classes, up to 5 MB of
them, of which a program uses a handful. Here the classes are only located; each is compiled and executed
in the module's namespace when it is first asked for.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from types import CodeType, ModuleType

from mlplatform.fast.sdk.bytecode import cached_bodies, with_body

CLASS_FILES = frozenset({"_inputs", "outputs", "_enums"})

_CLASS = re.compile(rb"\nclass (\w+)")
_KEY = "__lazy_classes__"
_LOCK = threading.RLock()


class ClassFile:
    """The places of the classes in one file; each class is made on demand.

    `names` are the classes in the order of the file, `header` the source before the first of them.
    """

    def __init__(self, module: ModuleType, path: str, source: bytes) -> None:
        self._module = module
        self._path = path
        self._bodies: Mapping[str, CodeType] | None = None
        self._spans: dict[str, tuple[int, int, int]] = {}
        matches = list(_CLASS.finditer(source))
        starts = [_before_decorators(source, match.start() + 1) for match in matches]
        self.header = source[: starts[0]] if starts else source
        line = self.header.count(b"\n")
        for match, start, end in zip(matches, starts, [*starts[1:], len(source)], strict=True):
            self._spans[match[1].decode()] = (start, end, line)
            line += source.count(b"\n", start, end)
        self.regular = len(self._spans) == len(matches) > 0
        self.names = self._spans.keys()

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
        if self._bodies is None:
            self._bodies = cached_bodies(self._path)
        with open(self._path, "rb") as file:
            file.seek(start)
            text = file.read(end - start).decode()
        body = self._bodies.get(name)
        code = None if body is None else with_body(text, self._path, body)
        return code or _moved_down(compile(text, self._path, "exec", dont_inherit=True), line)


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
