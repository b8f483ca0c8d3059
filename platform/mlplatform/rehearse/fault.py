"""Faults, and which of them a seed chooses."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Op = Literal["create", "update", "delete"]
Kind = Literal[
    "refused", "throttled", "throttled out", "answer lost", "timed out", "interrupted", "killed before", "killed after"
]

KINDS: tuple[tuple[Op, Kind], ...] = (
    ("create", "refused"),
    ("create", "throttled"),
    ("create", "throttled out"),
    ("create", "answer lost"),
    ("create", "timed out"),
    ("create", "interrupted"),
    ("create", "killed before"),
    ("create", "killed after"),
    ("update", "refused"),
    ("update", "answer lost"),
    ("update", "interrupted"),
    ("update", "killed after"),
    ("delete", "refused"),
    ("delete", "answer lost"),
    ("delete", "interrupted"),
    ("delete", "killed after"),
)
"""What can happen to which operation."""

WORDS: dict[Kind, str] = {
    "refused": "the cloud refuses it once",
    "throttled": "the cloud is too busy three times",
    "throttled out": "the cloud is too busy until the provider gives up",
    "answer lost": "it is done and the answer is lost",
    "timed out": "it is done after the provider gave up waiting",
    "interrupted": "Ctrl-C while it goes on",
    "killed before": "the engine is killed before the cloud has done it",
    "killed after": "the engine is killed after the cloud has done it",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong, once."""

    op: Op
    """What it happens to."""

    kind: Kind
    """What happens."""

    token: str
    """Type of the resource."""

    name: str
    """Its logical name."""

    def __str__(self) -> str:
        return f"{self.op} of {self.name} ({self.token}): {WORDS[self.kind]}"


def choose(count: int, seed: int, candidates: Mapping[Op, Sequence[tuple[str, str]]]) -> tuple[Fault, ...]:
    """Faults of every kind in turn, each at a resource drawn by lot.

    Args:
        count: how many.
        seed: the same one draws the same faults.
        candidates: type and name of what an operation happens to.
    """
    # reproducible on purpose; nothing secret hangs on it
    lots = random.Random(seed)
    kinds: list[tuple[Op, Kind]] = []
    possible = [kind for kind in KINDS if candidates.get(kind[0])]
    while possible and len(kinds) < count:
        kinds += lots.sample(possible, len(possible))
    drawn: list[Fault] = []
    for op, kind in kinds[:count]:
        token, name = lots.choice(sorted(candidates[op]))
        drawn.append(Fault(op, kind, token, name))
    return tuple(drawn)
