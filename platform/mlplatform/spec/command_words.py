"""A program and its arguments as a list of words: what cannot be the name of a program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

NO_PROGRAM = "the name of a program alone: no engine splits it, and its arguments are words of their own"

_SHELL = re.compile(r"&&|\|\||[|;<>`]|\$\(")
"""What only a shell understands: between programs, or around what a program reads and writes."""

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")

_PATH = re.compile(r"/[^\s]*\s+[^\s-]")
"""An absolute path with a space in it; what follows the space is no option."""

_RUNNER = re.compile(r"/(env|node|perl|python[0-9.]*|ruby|torchrun|([bdkz]|ba|da)?sh)\s")
"""Programs that run the file behind them."""


def words_of(line: str) -> tuple[str, ...]:
    """The words of a command line as a shell reads them; none where it cannot."""
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return ()


def is_program(word: str) -> bool:
    """Whether a word can be the name of a program: no container engine splits it, or looks for an empty one.

    Spaces are taken for a part of the name in an absolute path alone, and within the braces of a placeholder.
    """
    name = _PLACEHOLDER.sub("x", word)
    return name.split() == [name] or bool(_PATH.match(name) and not _RUNNER.search(name))


def meant_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words that somebody meant whose first word is no program; none where that is not plain.

    Args:
        words: program and arguments as they were given, for example `["python t.py", "--fast"]`.
    """
    line, *rest = words
    if _SHELL.search(line):
        return () if rest else ("sh", "-c", line.strip())
    split = words_of(_PLACEHOLDER.sub(lambda found: found[0].replace(" ", ""), line))
    return (*split, *rest) if split and all(split[:1]) else ()
