"""Reads the run book's fenced blocks: `sh` has commands, `diff` an edit of a spec; other words say where it applies."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from ...conftest import CLOUDS, STACKS

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)
_PLAYED = ("sh", "diff")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block that people follow."""

    kind: Literal["sh", "diff"]
    """Commands, or an edit."""

    where: frozenset[str]
    """Clouds and environments for which it is; empty for all."""

    text: str
    """What stands in it."""

    line: int
    """Its first line in the document."""

    def applies(self, environment: str, cloud: str) -> bool:
        """Whether it is for an environment on a cloud."""
        clouds, environments = self.where & set(CLOUDS), self.where & set(STACKS)
        return (not clouds or cloud in clouds) and (not environments or environment in environments)

    def commands(self) -> Iterator[str]:
        """The commands, one a line, without comments."""
        for line in self.text.replace("\\\n", " ").splitlines():
            command = line.partition(" # ")[0].strip()
            if command and not command.startswith("#"):
                yield command


def blocks(document: str) -> list[Block]:
    """The blocks of a document that people follow, in order."""
    found: list[Block] = []
    for match in _FENCE.finditer(document):
        kind, where, text = match.groups()
        if kind in _PLAYED:
            words = frozenset(where.split())
            unknown = words - {*CLOUDS, *STACKS}
            assert not unknown, f"a fence names {', '.join(sorted(unknown))}, which is no cloud and no environment"
            line = document.count("\n", 0, match.start(3)) + 1
            found.append(Block(cast("Literal['sh', 'diff']", kind), words, text, line))
    return found


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
