"""Faults: their kinds, the choice by a seed, and their injection into the mock cloud and the engine."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mlplatform.mock_cloud import CloudRefused, Held
from mlplatform.mock_cloud.faults import AnswerLost, TookTooLong
from mlplatform.mock_cloud.refusal import Operation, word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.serve.retry import ATTEMPTS

FaultKind = Literal[
    "refused", "throttled", "throttled out", "answer lost", "timed out", "interrupted", "killed before", "killed after"
]

KINDS: tuple[tuple[Operation, FaultKind], ...] = (
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
"""All faults, by operation."""

WORDS: dict[FaultKind, str] = {
    "refused": "the cloud refuses it once",
    "throttled": "the cloud is too busy three times",
    "throttled out": "the cloud is too busy until the provider gives up",
    "answer lost": "it is done and the answer is lost",
    "timed out": "it is done after the provider gave up waiting",
    "interrupted": "Ctrl-C while it goes on",
    "killed before": "the engine is killed before the cloud has done it",
    "killed after": "the engine is killed after the cloud has done it",
}

_TIMES = {"throttled": 3, "throttled out": ATTEMPTS}
_SIGNALS = {"interrupted": signal.SIGINT, "killed before": signal.SIGKILL, "killed after": signal.SIGKILL}
_PATIENCE = 60.0
"""Seconds that an operation waits for the engine's end; a bound for tests that fail."""


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """One fault, which happens once."""

    op: Operation
    """The operation that it disturbs."""

    kind: FaultKind
    """The kind of fault."""

    token: str
    """Type of the resource."""

    name: str
    """Logical name of the resource."""

    def __str__(self) -> str:
        return f"{self.op} of {self.name} ({self.token}): {WORDS[self.kind]}"


def choose_faults(
    count: int, seed: int, candidates: Mapping[Operation, Sequence[tuple[str, str]]]
) -> tuple[InjectedFault, ...]:
    """Faults of every kind in turn, each of a resource chosen at random.

    Args:
        count: how many.
        seed: the same seed chooses the same faults.
        candidates: type and name of the resources of each operation.
    """
    # reproducible on purpose; nothing secret depends on it
    chance = random.Random(seed)
    kinds: list[tuple[Operation, FaultKind]] = []
    possible = [kind for kind in KINDS if candidates.get(kind[0])]
    while possible and len(kinds) < count:
        kinds += chance.sample(possible, len(possible))
    faults: list[InjectedFault] = []
    for op, kind in kinds[:count]:
        token, name = chance.choice(sorted(candidates[op]))
        faults.append(InjectedFault(op, kind, token, name))
    return tuple(faults)


class FaultInjection:
    """Faults of a cloud, set one at a time; without one, there are none."""

    def __init__(self) -> None:
        self._fault: InjectedFault | None = None
        self._left = 0
        self._reached = threading.Event()
        self._go_on = threading.Event()

    def set(self, fault: InjectedFault | None) -> None:
        """Inject this fault next, or none."""
        self._fault = fault
        self._left = _TIMES.get(fault.kind, 1) if fault else 0
        self._reached.clear()
        self._go_on.clear()

    @property
    def happened(self) -> bool:
        """Whether the fault has happened."""
        return self._fault is not None and self._left < _TIMES.get(self._fault.kind, 1)

    def watch(self, process: subprocess.Popen[bytes]) -> bool:
        """Send the engine its signal once the operation has begun; True if there is nothing more to watch for."""
        if self._fault is None or self._fault.kind not in _SIGNALS:
            return True
        if not self._reached.is_set():
            return False
        os.kill(process.pid, _SIGNALS[self._fault.kind])
        if self._fault.kind != "interrupted":
            process.wait()
        self._go_on.set()
        return True

    def before(self, op: str, token: str, name: str) -> None:
        """See mlplatform.mock_cloud.faults.Faults."""
        fault = self._due(op, token, name)
        if fault is None:
            return
        match fault.kind:
            case "refused":
                self._left -= 1
                raise CloudRefused("ServiceUnavailable", "The service cannot do this now. Try again later.")
            case "throttled" | "throttled out":
                self._left -= 1
                raise word_refusal(rules_of(token).throttled, token, name, name, retryable=True)
            case "killed before":
                self._left -= 1
                self._hold()
                raise CloudRefused("ConnectionReset", "The caller went away.")
            case "interrupted":
                self._left -= 1
                self._hold()
            case _:
                pass

    def after(self, op: str, held: Held) -> None:
        """See mlplatform.mock_cloud.faults.Faults."""
        fault = self._due(op, held.token, held.name)
        if fault is None:
            return
        match fault.kind:
            case "answer lost":
                self._left -= 1
                raise AnswerLost
            case "timed out":
                self._left -= 1
                raise TookTooLong(held)
            case "killed after":
                self._left -= 1
                self._hold()
            case _:
                pass

    def _due(self, op: str, token: str, name: str) -> InjectedFault | None:
        fault = self._fault
        if fault is None or not self._left or (fault.op, fault.token, fault.name) != (op, token, name):
            return None
        return fault

    def _hold(self) -> None:
        self._reached.set()
        self._go_on.wait(_PATIENCE)
