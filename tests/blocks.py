"""The fenced blocks of the documents, with the words behind their fences.

A Git host shows a block by the first word, its language, and hides the others. They say how the block is held:

| Word | Meaning |
|---|---|
| `needs=…` | it cannot run here; `pages/marks.py` has the reasons |
| `of=…` | what the data are: a path of the spec, or another kind of document |
| `form` | a shortened form, which is read but not run |
| `file=…` | the file that the block is |
| `exit=…` | the exit code of its last command |
| a cloud or an environment | where it applies |
"""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .conftest import ROOT

_FENCE = re.compile(r"^(?P<indent>[ ]*)```(?P<words>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$", re.M | re.S)
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").glob("*.md")),
    *sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "examples").rglob("README.md")),
)
"""The documents whose blocks are held."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    document: str
    """Path of its document."""

    line: int
    """The first line of its text."""

    language: str
    """The first word behind the fence; empty where there is none."""

    words: tuple[str, ...]
    """The other words."""

    text: str
    """What stands in it, without the fence's indentation."""

    @property
    def at(self) -> str:
        """Where it is, for a message."""
        return f"{self.document}:{self.line}"

    def value(self, name: str) -> str:
        """What `name=` says behind the fence; empty where it says nothing."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{name}=")), "")

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Its commands, each with what it prints; lines of a `console` without a prompt are what is printed."""
        prompt = "$ " if self.language == "console" else ""
        command, printed = "", list[str]()
        for line in self.text.replace("\\\n", " ").splitlines():
            if line.startswith(prompt) and not (not prompt and line.startswith("#")):
                if command:
                    yield command, printed
                command, printed = without_comment(line.removeprefix(prompt)), []
            elif prompt and line.strip():
                printed.append(line.rstrip())
        if command:
            yield command, printed


def without_comment(line: str) -> str:
    """A command line without the comment behind it."""
    quote = ""
    for at, letter in enumerate(line):
        if letter in "\"'" and quote in ("", letter):
            quote = "" if quote else letter
        elif letter == "#" and not quote and (at == 0 or line[at - 1] == " "):
            return line[:at].strip()
    return line.strip()


def blocks_in(text: str, document: str = "") -> list[Block]:
    """The blocks of a text, in order."""
    found: list[Block] = []
    for match in _FENCE.finditer(text):
        language, *words = match["words"].split() or [""]
        line = text.count("\n", 0, match.start("text")) + 1
        found.append(Block(document, line, language, tuple(words), textwrap.dedent(match["text"])))
    return found


@cache
def blocks_of(document: str) -> tuple[Block, ...]:
    """The blocks of one of the documents."""
    return tuple(blocks_in((ROOT / document).read_text(encoding="utf-8"), document))


def every_block() -> Iterator[Block]:
    """The blocks of all documents."""
    for document in DOCUMENTS:
        yield from blocks_of(document)


def calls(command: str) -> list[list[str]]:
    """The programs that a command line calls, each with its arguments; also those in a pipe or behind `&&`."""
    found: list[list[str]] = [[]]
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    for word in lexer:
        if set(word) <= set("|&;"):
            found.append([])
        else:
            found[-1].append(word)
    return [call for call in found if call]
