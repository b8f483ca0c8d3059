"""A cloud in memory, with the promises that the door counts on and no others: messages come again until they are done,
the ledger is replaced by one writer at a time, a run of an id is started once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from mlplatform.services.stored_text import StoredText, WrittenMeanwhile
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.ports import (
    FoundRun,
    Ports,
    Received,
    StartRefused,
)
from mlplatform.steps.door.rules import PipelineRules, Value

from .stage import DoorStage


class MemoryInbox:
    """A queue."""

    def __init__(self) -> None:
        self.queue: dict[str, Received] = {}
        self.dead: list[tuple[Received, str]] = []
        self.hidden: set[str] = set()

    def put(self, message: Received) -> None:
        self.queue[message.handle] = message

    def receive(self) -> Sequence[Received]:
        found = [each for handle, each in self.queue.items() if handle not in self.hidden][:10]
        self.hidden |= {each.handle for each in found}
        return found

    def done(self, message: Received) -> None:
        del self.queue[message.handle]

    def bury(self, message: Received, reason: str) -> None:
        self.dead.append((self.queue.pop(message.handle), reason))


class MemoryLedgers:
    """A store."""

    def __init__(self) -> None:
        self.texts: dict[str, tuple[str, str]] = {}
        self.lines: dict[str, str] = {}

    def read(self, pipeline: str) -> StoredText:
        text, version = self.texts.get(pipeline, (None, ""))
        return StoredText(text, version)

    def write(self, pipeline: str, text: str, version: str) -> str:
        if self.texts.get(pipeline, ("", ""))[1] != version:
            raise WrittenMeanwhile
        new = str(int(version or "0") + 1)
        self.texts[pipeline] = (text, new)
        return new

    def append(self, pipeline: str, name: str, text: str) -> None:
        assert self.lines.setdefault(f"{pipeline}/{name}", text) == text


class MemoryRunner:
    """A service that runs pipelines."""

    def __init__(self) -> None:
        self.found: list[FoundRun] = []
        self.values: dict[str, Mapping[str, Value]] = {}
        self.stopped: list[str] = []
        self.refuses: Literal["for good", "for now", "no"] = "no"
        self.now: datetime

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        return tuple(self.found)

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        if self.refuses == "for good":
            raise StartRefused("no such image")
        if self.refuses == "for now":
            raise ConnectionError("try again")
        if run not in self.values:
            self.values[run] = parameters
            self.found.append(FoundRun(run=run, handle=f"handle-of-{run}", state="going", started=self.now))

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        self.stopped.append(run.run)


class MemoryStage(DoorStage):
    """The stage in memory."""

    folder = "memory://data/claims/"

    def __init__(self) -> None:
        self.inbox, self.ledgers, self.runner = MemoryInbox(), MemoryLedgers(), MemoryRunner()
        self.number = 0
        super().__init__()

    def ports(self) -> Ports:
        self.runner.now = self.now
        return Ports(inbox=self.inbox, ledgers=self.ledgers, runner=self.runner)

    def redeliver(self) -> None:
        self.inbox.hidden.clear()

    def send(self, message: str) -> None:
        self.number += 1
        self.inbox.put(Received(handle=str(self.number), body=message))

    def write_object(self, name: str, version: str = "1") -> None:
        self.number += 1
        objects = (NewObject(f"{self.folder}{name}", version),)
        self.inbox.put(Received(handle=str(self.number), objects=objects))

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        return tuple(self.runner.values.items())

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        self.runner.found = [
            replace(each, state=state if each.state == "going" else each.state) for each in self.runner.found
        ]

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        self.runner.refuses = how

    def start_by_hand(self, name: str) -> None:
        self.runner.found.append(FoundRun(run=name, handle=name, state="going", started=self.now))

    def stopped(self) -> Sequence[str]:
        return tuple(self.runner.stopped)

    def record(self) -> Sequence[Mapping[str, object]]:
        return tuple(json.loads(self.ledgers.lines[name]) for name in sorted(self.ledgers.lines))

    def dead(self) -> int:
        return len(self.inbox.dead)

    def waiting(self) -> int:
        return len(self.inbox.queue)
