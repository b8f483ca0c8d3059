"""Reads the run book's fenced blocks: `sh` has commands, `diff` an edit of a spec; other words say where it applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from ...blocks import blocks_in, without_comment
from ...conftest import CLOUDS, STACKS

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
            if command := without_comment(line):
                yield command


def blocks(document: str) -> list[Block]:
    """The blocks of a document that people follow, in order."""
    found: list[Block] = []
    for block in blocks_in(document):
        if block.language in _PLAYED:
            words = frozenset(block.words)
            unknown = words - {*CLOUDS, *STACKS}
            assert not unknown, f"a fence names {', '.join(sorted(unknown))}, which is no cloud and no environment"
            found.append(Block(cast("Literal['sh', 'diff']", block.language), words, block.text, block.line))
    return found
