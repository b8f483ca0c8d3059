"""One look of the door: what came is taken in, each pipeline is decided, runs are started and stopped.

The order makes each step safe to be cut off after: the ledger is replaced before anything is done, a run is started by
an id that the ledger has, the record is written from the ledger, and messages are deleted last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from mlplatform.services.stored_text import WrittenMeanwhile
from mlplatform.steps.door.decide import decide, not_started, started
from mlplatform.steps.door.events import BadMessage, DoorEvent, of_message, of_object
from mlplatform.steps.door.ledger import Decision, Ledger, decision_text, ledger_text, read_ledger, time_text
from mlplatform.steps.door.obstacles import TeamMate, team_mate
from mlplatform.steps.door.ports import FoundRun, Ports, Received, StartPending, StartRefused
from mlplatform.steps.door.rules import DoorRules, PipelineRules

Clock = Callable[[], datetime]
Log = Callable[[str], None]

MOST_MESSAGES = 2000
_RECEIVING = timedelta(minutes=2)
"""Bounds of one look: what is left comes in the next."""

_UNWRITTEN = timedelta(hours=1)
"""For so long a ledger stays as it is in which only the time of the last look would be another."""

_TURNS = 4
"""So many times a ledger that another door replaced is read again."""


@dataclass(frozen=True, kw_only=True)
class TickReport:
    """What one look did."""

    messages: int
    """Messages taken in."""

    buried: int
    """Messages put into the dead letters."""

    decisions: int
    """Lines written to the record."""

    failures: int
    """Pipelines that could not be decided, runs that could not be started or failed, messages that were buried."""


def tick(rules: DoorRules, ports: Ports, clock: Clock, log: Log) -> TickReport:
    """Look once.

    Args:
        rules: what the door is told.
        ports: the cloud.
        clock: the time, with its zone.
        log: takes lines of JSON: one per decision, one per failure with `"door": "failure"`, and at the end one with
            `"door": "tick"`.
    """
    turn = _Tick(rules, ports, clock, log)
    turn.receive()
    for pipeline in rules.pipelines:
        turn.advance(pipeline)
    turn.acknowledge()
    report = TickReport(messages=turn.messages, buried=turn.buried, decisions=turn.decisions, failures=turn.failures)
    turn.say(
        "tick", target=rules.target, messages=report.messages, decisions=report.decisions, failures=report.failures
    )
    return report


class _Tick:
    def __init__(self, rules: DoorRules, ports: Ports, clock: Clock, log: Log) -> None:
        self.rules = rules
        self.ports = ports
        self.clock = clock
        self.log = log
        self.events: dict[str, list[DoorEvent]] = {}
        self.taken: list[tuple[Received, frozenset[str]]] = []
        self.kept: set[str] = set()
        self.messages = self.buried = self.decisions = self.failures = 0

    def say(self, what: str, **more: object) -> None:
        self.log(json.dumps({"door": what, **more}, sort_keys=True))

    def fail(self, pipeline: str, why: str) -> None:
        self.failures += 1
        self.say("failure", severity="ERROR", pipeline=pipeline, reason=why)

    def receive(self) -> None:
        """Take messages in, until there are none or enough of them."""
        until = self.clock() + _RECEIVING
        while self.messages < MOST_MESSAGES and self.clock() < until:
            try:
                batch = self.ports.inbox.receive()
            except Exception as error:  # schedules go on without the queue
                self.fail("", f"the queue could not be read: {_words(error)}")
                return
            if not batch:
                return
            for message in batch:
                self.messages += 1
                self.take(message)

    def take(self, message: Received) -> None:
        try:
            events = self.events_of(message)
        except BadMessage as error:
            self.buried += 1
            why = str(error)
            self.fail("", f"a message that nobody can act upon: {why}")
            self.guarded(lambda: self.ports.inbox.bury(message, why), "a message could not be buried")
            return
        for event in events:
            self.events.setdefault(event.pipeline, []).append(event)
        self.taken.append((message, frozenset(event.pipeline for event in events)))

    def events_of(self, message: Received) -> Sequence[DoorEvent]:
        if message.ignored:
            return ()
        if message.objects:
            return [event for each in message.objects for event in of_object(each, self.rules)]
        return [of_message(message.body, self.rules, message.sender)]

    def acknowledge(self) -> None:
        """Delete the messages that every pipeline which they concern has in its ledger."""
        for message, pipelines in self.taken:
            if pipelines <= self.kept:
                self.guarded(lambda message=message: self.ports.inbox.done(message), "a message could not be deleted")

    def guarded(self, act: Callable[[], None], what: str) -> None:
        """Do what may be left undone: it comes again."""
        try:
            act()
        except Exception as error:
            self.fail("", f"{what}: {_words(error)}")

    def advance(self, rules: PipelineRules) -> None:
        """Decide one pipeline; what goes wrong there leaves the others alone."""
        try:
            for _ in range(_TURNS):
                try:
                    self.decide(rules)
                    break
                except WrittenMeanwhile:
                    continue
            else:
                raise RuntimeError("other doors write its ledger all the time")
            if why := self.ports.silent(rules, self.clock()):
                self.fail(rules.name, why)
        except Exception as error:
            self.fail(rules.name, _words(error))

    def decide(self, rules: PipelineRules) -> None:
        held = self.ports.ledgers.read(rules.name)
        ledger = read_ledger(held.text)
        runs = self.ports.runner.runs(rules)
        mates = [self.mate(each) for each in self.rules.team_mates(rules)]
        found = decide(rules, ledger, self.events.get(rules.name, ()), runs, self.clock(), mates)
        nothing = not (found.start or found.stop or ledger.outbox)
        if nothing and _says_the_same(ledger, found.ledger):
            self.kept.add(rules.name)
            return
        ledger, version = found.ledger, self.write(rules, found.ledger, held.version)
        if found.took_events:
            # a further turn must not take them in again as replays
            self.events.pop(rules.name, None)
            self.kept.add(rules.name)
        for run in found.stop:
            self.stop(rules, run)
        if found.start:
            ledger = self.start(rules, ledger)
        for decision in ledger.outbox:
            self.record(rules, decision)
        if ledger.outbox:
            self.write(rules, replace(ledger, outbox=()), version)

    def mate(self, rules: PipelineRules) -> TeamMate:
        """Another pipeline of the team. Read anew: in this look its own turn may have started a run."""
        ledger = read_ledger(self.ports.ledgers.read(rules.name).text)
        return team_mate(ledger, self.ports.runner.runs(rules), self.clock())

    def start(self, rules: PipelineRules, ledger: Ledger) -> Ledger:
        current = ledger.current
        if current is None:
            return ledger
        try:
            self.ports.runner.start(rules, current.run, current.parameters)
        except StartPending:
            return ledger
        except StartRefused as error:
            return not_started(rules, ledger, self.clock(), _words(error), for_good=True)
        except Exception as error:  # whatever a cloud's library raises
            return not_started(rules, ledger, self.clock(), _words(error), for_good=False)
        return started(ledger, self.clock())

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        self.guarded(lambda: self.ports.runner.stop(rules, run), f"{run.run} could not be stopped")

    def write(self, rules: PipelineRules, ledger: Ledger, version: str) -> str:
        return self.ports.ledgers.write(rules.name, ledger_text(ledger), version)

    def record(self, rules: PipelineRules, decision: Decision) -> None:
        """A line of the record: its name follows from its text, so that a second writing changes nothing."""
        text = decision_text(rules.name, decision)
        stamp = time_text(decision.time).replace(":", "")
        name = f"{stamp}-{decision.kind}-{sha256(text.encode()).hexdigest()[:8]}"
        self.ports.ledgers.append(rules.name, name, text)
        self.decisions += 1
        bad = decision.kind == "failure" or (decision.kind == "end" and decision.reason != "succeeded")
        self.failures += bad
        self.say(
            "failure" if decision.kind == "failure" else "run-failed" if bad else "decision",
            severity="ERROR" if bad else "INFO",
            pipeline=rules.name,
            kind=decision.kind,
            reason=decision.reason,
            run=decision.run,
        )


def _says_the_same(old: Ledger, new: Ledger) -> bool:
    """Whether only the time of the last look differs: the store keeps every version, and a day has 288 looks."""
    if old.looked is None or new.looked is None or new.looked - old.looked >= _UNWRITTEN:
        return False
    return replace(old, looked=new.looked) == new


def _words(error: Exception) -> str:
    """One line, without what a library adds of its own."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
