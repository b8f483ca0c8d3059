"""A stage on which the cases are played: one cloud with a queue, a store and a service that runs pipelines.

A subclass says how the test reaches into its cloud; what the door itself does goes through the ports alone. `CutOff`
stands for a process that ends at any place: the next look is another process.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from mlplatform.services.stored_text import StoredText
from mlplatform.steps.door.ports import FoundRun, Ports, Received, Runner
from mlplatform.steps.door.rules import DataRule, DoorRules, PipelineRules, ScheduleRule, Value
from mlplatform.steps.door.tick import TickReport, tick

PIPELINE = "fraud-retrain"
START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""A Tuesday."""

RULES = PipelineRules(
    name=PIPELINE,
    timeout_hours=6,
    cooldown_hours=8,
    max_runs_per_month=10,
    max_usd_per_month=100,
    usd_per_run=20,
    quiet_minutes=10,
    data=(DataRule("claims", "", "_SUCCESS"),),
    events=("drift",),
    new_labels=1000,
    branch="main",
    parameters={"rounds": "integer", "since": "string"},
)

Place = Literal["before the ledger", "before the start", "after the start", "before the record", "before done"]


class CutOff(BaseException):
    """The process ends here."""


class DoorStage(ABC):
    """One cloud."""

    folder: str
    """Address of the data's folder, with a slash at the end."""

    start: Mapping[str, str] = {}
    """What a run starts from."""

    def __init__(self) -> None:
        self.now = START
        self.pipeline = self._placed(RULES)
        self.log: list[dict[str, object]] = []
        self.cut: Place | None = None
        self.between: Callable[[], object] | None = None
        """What happens after the door has read its ledger, before it writes it."""

    @abstractmethod
    def ports(self) -> Ports:
        """The cloud as a new process of the door sees it."""

    @abstractmethod
    def send(self, message: str) -> None:
        """Put a message into the queue."""

    @abstractmethod
    def write_object(self, name: str, version: str = "1") -> None:
        """Let the store tell of a new object below the data's folder; the same version again is a replay."""

    @abstractmethod
    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        """Id and values of every run that the service has started, in order."""

    @abstractmethod
    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        """End the run that is going."""

    @abstractmethod
    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        """Let the service refuse every start, or none any more."""

    @abstractmethod
    def start_by_hand(self, name: str) -> None:
        """Start a run without the door."""

    @abstractmethod
    def stopped(self) -> Sequence[str]:
        """Ids of runs that were told to stop."""

    @abstractmethod
    def record(self) -> Sequence[Mapping[str, object]]:
        """The lines of the record, in order of their names."""

    @abstractmethod
    def dead(self) -> int:
        """Messages in the dead letters."""

    @abstractmethod
    def waiting(self) -> int:
        """Messages in the queue."""

    @abstractmethod
    def redeliver(self) -> None:
        """Make messages visible again that a process which was cut off had received."""

    def _placed(self, rules: PipelineRules) -> PipelineRules:
        return replace(
            rules,
            data=tuple(replace(each, address=self.folder) for each in rules.data),
            start=self.start,
        )

    # what the cases say

    def given(self, **changes: object) -> None:
        """Other rules."""
        self.pipeline = self._placed(replace(self.pipeline, **changes))  # type: ignore[arg-type]

    def ask(self, reason: str, key: str = "1", **more: object) -> None:
        """Send a message."""
        self.send(json.dumps({"pipeline": PIPELINE, "reason": reason, "key": key, **more}))

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def look(self, *, cut: Place | None = None, late: timedelta = timedelta()) -> TickReport | None:
        """Let the door look once; None if it was cut off."""
        self.redeliver()
        ports = self.ports()
        wrapped = Ports(
            inbox=_Inbox(self, ports), ledgers=_Ledgers(self, ports), runner=_Runner(self, ports), silent=ports.silent
        )
        self.cut = cut
        try:
            return tick(
                DoorRules("t", (self.pipeline,)),
                wrapped,
                clock=lambda: self.now - late,
                log=lambda line: self.log.append(json.loads(line)),
            )
        except CutOff:
            return None
        finally:
            self.cut = None

    def wait_and_look(self, **time: float) -> TickReport | None:
        """Let time pass, and let the door look once."""
        self.wait(**time)
        return self.look()

    def here(self, place: Place) -> None:
        if self.cut == place:
            raise CutOff

    def kinds(self) -> list[str]:
        """What the record says, shortly: kind and the beginning of the reason."""
        return [f"{line['kind']}: {line['reason']}" for line in self.record()]

    def told(self, kind: str) -> list[str]:
        """Reasons of the record's lines of a kind."""
        return [str(line["reason"]) for line in self.record() if line["kind"] == kind]


class _Inbox:
    def __init__(self, stage: DoorStage, ports: Ports) -> None:
        self.stage, self.own = stage, ports.inbox

    def receive(self) -> Sequence[Received]:
        return self.own.receive()

    def done(self, message: Received) -> None:
        self.stage.here("before done")
        self.own.done(message)

    def bury(self, message: Received, reason: str) -> None:
        self.own.bury(message, reason)


class _Ledgers:
    def __init__(self, stage: DoorStage, ports: Ports) -> None:
        self.stage, self.own = stage, ports.ledgers

    def read(self, pipeline: str) -> StoredText:
        found = self.own.read(pipeline)
        if between := self.stage.between:
            self.stage.between = None
            between()
        return found

    def write(self, pipeline: str, text: str, version: str) -> str:
        self.stage.here("before the ledger")
        return self.own.write(pipeline, text, version)

    def append(self, pipeline: str, name: str, text: str) -> None:
        self.stage.here("before the record")
        self.own.append(pipeline, name, text)


class _Runner:
    def __init__(self, stage: DoorStage, ports: Ports) -> None:
        self.stage = stage
        self.own: Runner = ports.runner

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        return self.own.runs(rules)

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        self.stage.here("before the start")
        self.own.start(rules, run, parameters)
        self.stage.here("after the start")

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        self.own.stop(rules, run)


def nightly(cron: str = "0 3 * * *", zone: str = "UTC", **parameters: Value) -> tuple[ScheduleRule, ...]:
    """One schedule."""
    return (ScheduleRule("nightly", cron, zone, parameters),)
