"""Class bodies from a file's cached bytecode, if Python has it and it is up to date.

Loading the bytecode of a whole file is as quick as compiling a dozen of its classes.
"""

from __future__ import annotations

import marshal
import os
import re
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER, cache_from_source
from types import CodeType

_HEAD = re.compile(r"(?:@.*\n)*class .*:\n")
_HEADER = 16
"""Bytes before the code: magic number, flags, and the source's time and size (PEP 552)."""


def cached_bodies(path: str) -> Mapping[str, CodeType]:
    """Class name to body, read from the valid timestamp-based bytecode of a source file; else empty.

    The cache is never written here: compiling a whole file for a few of its classes would cost more than it saves.
    """
    try:
        source = os.stat(path)
        with open(cache_from_source(path), "rb") as file:
            data = file.read()
    except (OSError, NotImplementedError):
        return {}
    stamp = (int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF)
    expected = MAGIC_NUMBER + bytes(4) + b"".join(number.to_bytes(4, "little") for number in stamp)
    if data[:_HEADER] != expected:
        return {}
    try:
        module = marshal.loads(memoryview(data)[_HEADER:])
    except (EOFError, TypeError, ValueError):
        return {}
    return {const.co_name: const for const in module.co_consts if isinstance(const, CodeType)}


def with_body(text: str, path: str, body: CodeType) -> CodeType | None:
    """The code of a class statement whose body is compiled already; None if its head is not plain.

    text: the statement's source with its decorators.
    """
    head = _HEAD.match(text)
    if head is None:
        return None
    statement = compile(f"{head[0]} pass\n", path, "exec", dont_inherit=True)
    return statement.replace(co_consts=tuple(body if isinstance(c, CodeType) else c for c in statement.co_consts))
