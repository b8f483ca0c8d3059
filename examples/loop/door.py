"""A cloud of folders, as the door sees it: a queue, ledgers, and a service that runs pipelines one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from mlplatform.services.stored_text import StoredText, WrittenMeanwhile
from mlplatform.steps.door.ports import FoundRun, Ports, Received
from mlplatform.steps.door.rules import DoorRules, PipelineRules, Value
from mlplatform.steps.door.tick import TickReport, tick

Run = Callable[[str, Mapping[str, Value]], bool]
"""Runs the pipeline by the id of the run and the values of its parameters; whether it succeeded."""


class FolderInbox:
    """A queue: a file per message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sent = 0
        (folder / "dead").mkdir(parents=True, exist_ok=True)

    def send(self, message: str) -> None:
        """Put a message in."""
        self._sent += 1
        (self.folder / f"{self._sent:04d}.json").write_text(message, encoding="utf-8")

    def receive(self) -> Sequence[Received]:
        """All messages that nobody has seen in this look."""
        found = [
            Received(handle=str(file), body=file.read_text("utf-8")) for file in sorted(self.folder.glob("*.json"))
        ]
        for each in found:
            file = Path(each.handle)
            file.rename(file.with_suffix(".taken"))
        return found

    def done(self, message: Received) -> None:
        """Delete a message."""
        Path(message.handle).with_suffix(".taken").unlink()

    def bury(self, message: Received, reason: str) -> None:
        """Put a message aside."""
        file = Path(message.handle).with_suffix(".taken")
        file.rename(self.folder / "dead" / file.name)


class FolderLedgers:
    """A store of ledgers: a file per pipeline, replaced whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, pipeline: str) -> StoredText:
        """The ledger."""
        file = self.folder / f"{pipeline}.json"
        if not file.is_file():
            return StoredText(None, "")
        text = file.read_text("utf-8")
        return StoredText(text, _version(text))

    def write(self, pipeline: str, text: str, version: str) -> str:
        """Replace it, if nobody else did."""
        if self.read(pipeline).version != version:
            raise WrittenMeanwhile
        (self.folder / f"{pipeline}.json").write_text(text, encoding="utf-8")
        return _version(text)

    def append(self, pipeline: str, name: str, text: str) -> None:
        """A line of the record."""
        folder = self.folder / pipeline
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class LocalRunner:
    """A service that runs pipelines here: `work` runs what was started."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._asked: dict[str, Mapping[str, Value]] = {}
        self._found: dict[str, FoundRun] = {}
        self.now: datetime

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """All of them."""
        return tuple(self._found.values())

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Note that it is to run."""
        if run not in self._found:
            self._asked[run] = parameters
            self._found[run] = FoundRun(run=run, handle=run, state="going", started=self.now)

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Nothing that runs here is longer than it may be."""

    def work(self) -> Mapping[str, bool]:
        """Run what was started: the runs, and whether each succeeded."""
        done: dict[str, bool] = {}
        while self._asked:
            run, parameters = self._asked.popitem()
            done[run] = self._run(run, parameters)
            state = "succeeded" if done[run] else "failed"
            self._found[run] = FoundRun(run=run, handle=run, state=state, started=self._found[run].started)
        return done


class LocalDoor:
    """The platform's door, with a clock that is set forward instead of waited for.

    Args:
        rules: what it is told.
        folder: for queue and ledgers.
        run: runs the pipeline.
        now: the time at the beginning.
    """

    def __init__(self, rules: DoorRules, folder: Path, run: Run, now: datetime) -> None:
        self.rules = rules
        self.now = now
        self.inbox = FolderInbox(folder / "inbox")
        self.ledgers = FolderLedgers(folder / "door")
        self.runner = LocalRunner(run)
        self.lines: list[str] = []

    def look(self, later: timedelta = timedelta()) -> TickReport:
        """Look once, after some time."""
        self.now += later
        self.runner.now = self.now
        ports = Ports(inbox=self.inbox, ledgers=self.ledgers, runner=self.runner)
        return tick(self.rules, ports, lambda: self.now, self.lines.append)

    def decisions(self) -> list[str]:
        """The record, in the order of time: each decision as JSON."""
        return [file.read_text("utf-8") for file in sorted(self.ledgers.folder.glob("*/*.json"))]
