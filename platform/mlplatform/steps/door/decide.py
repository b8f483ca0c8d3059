"""The decision: from the rules, what is remembered, what happened and what is going, to what is done. Pure.

- What says that something changed (data, drift, quality, labels, code) is kept until a run may start.
- What asks for a moment (a schedule, a person) is skipped where none may start then, and a person may force it.
- All that waits with the same values of parameters is answered by one run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from mlplatform.spec.schedules import firings
from mlplatform.steps.door.events import DoorEvent
from mlplatform.steps.door.ledger import Decision, Kind, Ledger, RunCause, Started, joined
from mlplatform.steps.door.obstacles import TeamMate, obstacle
from mlplatform.steps.door.ports import FoundRun
from mlplatform.steps.door.rules import PipelineRules

MOST_ATTEMPTS = 5
"""Attempts to start one run; then its causes are given up and somebody is told."""

CATCH_UP = timedelta(days=1)
"""A firing that the door could not see in time counts for so long."""

_UNLISTED = timedelta(minutes=15)
"""For so long a run that was started may be missing in the service's list."""

_LONGEST_QUIET = 10
"""What keeps coming is waited for, for at most so many quiet periods."""

_CLOCK = timedelta(minutes=10)
"""By how much the clocks of two machines may differ."""

_AT_ONCE = ("schedule", "manual")


@dataclass(frozen=True)
class Decided:
    """What is to be done; the ledger has it already."""

    ledger: Ledger
    """What to remember, before anything is done."""

    start: Started | None
    """The run to start, again where a former attempt failed or was cut off."""

    stop: tuple[FoundRun, ...]
    """Runs to stop."""

    took_events: bool = True
    """Whether the ledger has the events; they come again otherwise."""


def decide(
    rules: PipelineRules,
    ledger: Ledger,
    events: Sequence[DoorEvent],
    runs: Sequence[FoundRun],
    now: datetime,
    mates: Sequence[TeamMate] = (),
) -> Decided:
    """Decide what happens to one pipeline.

    Args:
        rules: the pipeline's.
        ledger: what is remembered.
        events: what happened since.
        runs: its runs, as the service tells of them.
        now: the time.
        mates: the other pipelines of its team.
    """
    turn = _Turn(rules, ledger, now, mates)
    if turn.clock_is_wrong():
        return Decided(turn.ledger, None, (), took_events=False)
    turn.new_month()
    turn.find_runs(runs)
    turn.fold([*turn.due(), *events])
    stop = turn.too_long(runs)
    turn.choose(runs)
    current = turn.ledger.current
    return Decided(turn.ledger, current if current and not current.confirmed else None, stop)


def started(ledger: Ledger, now: datetime) -> Ledger:
    """The ledger after the service took the run."""
    if ledger.current is None or ledger.current.confirmed:
        return ledger
    done = Decision(time=now, kind="started", reason="the service has taken it", run=ledger.current.run)
    return replace(ledger, current=replace(ledger.current, confirmed=True), outbox=(*ledger.outbox, done))


def not_started(rules: PipelineRules, ledger: Ledger, now: datetime, why: str, *, for_good: bool) -> Ledger:
    """The ledger after an attempt to start the run failed.

    Args:
        rules: the pipeline's.
        ledger: with the run.
        now: the time.
        why: the service's words.
        for_good: whether another attempt would give the same answer.
    """
    current = ledger.current
    if current is None or current.confirmed:
        return ledger
    attempts = current.attempts + 1
    given_up = for_good or attempts >= MOST_ATTEMPTS
    words = f"attempt {attempts}: {why}" + ("; given up, what asked for it is dropped" if given_up else "")
    failure = Decision(time=now, kind="failure", reason=words, run=current.run, causes=current.causes)
    ledger = replace(ledger, outbox=(*ledger.outbox, failure))
    if not given_up:
        return replace(ledger, current=replace(current, attempts=attempts))
    same_month = ledger.month == f"{current.since:%Y-%m}"
    return replace(
        ledger,
        current=None,
        runs=ledger.runs - same_month,
        usd=max(0.0, ledger.usd - same_month * (rules.usd_per_run or 0.0)),
    )


_OFF = "triggers are off: triggers.enabled is false"


def _rank(cause: RunCause) -> int:
    return (not cause.force) + (cause.reason not in _AT_ONCE)


class _Turn:
    """One decision in the making."""

    def __init__(self, rules: PipelineRules, ledger: Ledger, now: datetime, mates: Sequence[TeamMate]) -> None:
        self.rules = rules
        self.mates = mates
        self.ledger = ledger
        self.now = now

    def note(self, kind: Kind, reason: str, run: str = "", causes: Sequence[RunCause] = ()) -> None:
        decision = Decision(time=self.now, kind=kind, reason=reason, run=run, causes=tuple(causes))
        self.ledger = replace(self.ledger, outbox=(*self.ledger.outbox, decision))

    def change(self, **changes: object) -> None:
        self.ledger = replace(self.ledger, **changes)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def clock_is_wrong(self) -> bool:
        """A clock far behind the ledger's would judge schedules twice and cut cool-downs short."""
        looked = self.ledger.looked
        if looked is None or self.now >= looked:
            return False
        if looked - self.now <= _CLOCK:
            self.now = looked
            return False
        self.tell_once("clock", "failure", f"the clock is {looked - self.now} behind the ledger: nothing is decided")
        return True

    def tell_once(self, about: str, kind: Kind, reason: str, causes: Sequence[RunCause] = ()) -> None:
        if self.ledger.told != about:
            self.note(kind, reason, causes=causes)
            self.change(told=about)

    def new_month(self) -> None:
        month = f"{self.now:%Y-%m}"
        if self.ledger.month != month:
            self.change(month=month, runs=0, usd=0.0)

    def find_runs(self, runs: Sequence[FoundRun]) -> None:
        """What became of the run that was started last."""
        current = self.ledger.current
        if current is None:
            return
        found = next((each for each in runs if each.run == current.run), None)
        if found and not current.confirmed:
            # started by an attempt that was cut off before it could say so
            self.ledger = started(self.ledger, self.now)
        if found and found.state != "going":
            self.note("end", found.state, current.run)
            self.change(current=None)
        elif found is None and current.confirmed and self.now - current.since > _UNLISTED:
            self.note("end", "unknown: the service does not list it", current.run)
            self.change(current=None)

    def due(self) -> Iterator[DoorEvent]:
        """The schedules that have fired since the last time; of one that fired several times, the last."""
        looked = self.ledger.looked
        self.change(looked=self.now)
        for schedule in self.rules.schedules if looked else ():
            missed: list[datetime] = []
            for fired in firings(schedule.cron, schedule.time_zone, looked):  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
                if fired > self.now:
                    break
                # after a long time away only the last ones matter
                missed = [*missed[-1:], fired]
            if not missed:
                continue
            event = DoorEvent(
                pipeline=self.rules.name,
                reason="schedule",
                key=f"schedule {schedule.name} {missed[-1]:%Y-%m-%dT%H:%M}",
                source=schedule.name,
                parameters=schedule.parameters,
                due=missed[-1],
            )
            if self.now - missed[-1] > CATCH_UP:
                self.note(
                    "skip", f"fired at {missed[-1]:%Y-%m-%d %H:%M} UTC while no door looked", causes=[self.cause(event)]
                )
            else:
                yield event

    def cause(self, event: DoorEvent) -> RunCause:
        return RunCause(
            reason=event.reason,
            source=event.source,
            count=event.count,
            first=self.now,
            last=self.now,
            key=event.key,
            by=event.by,
            force=event.force,
            parameters=event.parameters,
            due=event.due,
        )

    def fold(self, events: Sequence[DoorEvent]) -> None:
        """Take events in: those that count wait, the others are skipped with their reason."""
        skipped: dict[str, tuple[RunCause, ...]] = {}
        keys: dict[str, datetime] = {}
        for event in events:
            key = sha256(event.key.encode()).hexdigest()[:16]
            if key in self.ledger.seen or key in keys:
                why = "a replay: its key was seen before"
            else:
                why = self.unwanted(event)
            keys.setdefault(key, self.now)
            if why:
                skipped[why] = joined(skipped.get(why, ()), self.cause(event))
            else:
                self.change(pending=joined(self.ledger.pending, self.cause(event)))
        for why, causes in skipped.items():
            self.note("skip", why, causes=causes)
        self.change(seen=self.ledger.remember(keys, self.now))

    def unwanted(self, event: DoorEvent) -> str:
        """Why an event counts for nothing; empty where it counts."""
        rules = self.rules
        if not rules.enabled and not event.force:
            return _OFF
        match event.reason:
            case "drift" | "quality" if event.reason not in rules.events:
                return f"triggers.events has no {event.reason}"
            case "labels" if rules.new_labels is None:
                return "triggers.new_labels is not set"
            case "code" if rules.branch is None:
                return "triggers.branch is not set"
            case "code" if event.branch != rules.branch:
                return f"a push to another branch than {rules.branch}"
            case _:
                return ""

    def too_long(self, runs: Sequence[FoundRun]) -> tuple[FoundRun, ...]:
        """The runs that are going for longer than they may."""
        late = [each for each in runs if each.state == "going" and self.now - each.started > self.rules.longest]
        for each in late:
            if each.handle not in self.ledger.stopping:
                self.note("stop", f"longer than timeout_hours, {self.rules.timeout_hours:g}", each.run)
        self.change(stopping=tuple(each.handle for each in late))
        return tuple(late)

    def choose(self, runs: Sequence[FoundRun]) -> None:
        """Start a run for what waits, or say why none starts."""
        if not self.rules.enabled:
            self.skip([cause for cause in self.ledger.pending if not cause.force], _OFF)
        current = self.ledger.current
        going = next((each.run for each in runs if each.state == "going"), current.run if current else "")
        ready = [cause for cause in self.ledger.pending if self.is_ready(cause)]
        held = {id(cause): obstacle(self.rules, self.ledger, self.mates, cause, going, self.now) for cause in ready}
        allowed = [cause for cause in ready if held[id(cause)] is None]
        if allowed:
            # a person or the clock first: what else waits is kept
            self.start(min(allowed, key=lambda cause: (_rank(cause), cause.first)))
            return
        for cause in ready:
            found = held[id(cause)]
            # a person who forces a run waits for the one that is going, and for nothing else
            if found and cause.reason in _AT_ONCE and not (cause.force and found.about == "going"):
                self.skip([cause], found.words)
        waiting = self.ledger.pending
        first = next((found for cause in waiting if (found := held.get(id(cause)))), None)
        if first:
            self.tell_once(first.about, "wait", first.words, waiting)
        elif waiting:
            self.tell_once("quiet", "wait", self.waits_for(waiting[0]), waiting)
        else:
            self.change(told="")

    def skip(self, causes: Sequence[RunCause], why: str) -> None:
        if causes:
            self.note("skip", why, causes=causes)
            gone = {id(cause) for cause in causes}
            self.change(pending=tuple(cause for cause in self.ledger.pending if id(cause) not in gone))

    def is_ready(self, cause: RunCause) -> bool:
        """Whether nothing more is to come before a run for it."""
        if cause.reason in _AT_ONCE:
            return True
        if cause.reason == "labels" and cause.count < (self.rules.new_labels or 1):
            return False
        quiet = self.rules.quiet
        return self.now - cause.last >= quiet or self.now - cause.first >= _LONGEST_QUIET * quiet

    def waits_for(self, cause: RunCause) -> str:
        if cause.reason == "labels" and cause.count < (self.rules.new_labels or 1):
            return f"{cause.count} new labels of {self.rules.new_labels}"
        return f"until nothing new has come for {self.rules.quiet_minutes:g} minutes"

    def start(self, chosen: RunCause) -> None:
        """Start a run for a cause, and for all that the same run answers."""
        values = dict(chosen.parameters)

        def answered(cause: RunCause) -> bool:
            if cause.reason == "labels":
                # a run reads all the labels that there are
                return True
            # data that is still coming is for a run of its own
            return dict(cause.parameters) == values and (cause.reason != "data" or self.is_ready(cause))

        causes = tuple(cause for cause in self.ledger.pending if answered(cause))
        run = self.run_id(causes)
        self.change(
            pending=tuple(cause for cause in self.ledger.pending if cause not in causes),
            current=Started(run=run, since=self.now, parameters=values, causes=causes),
            # from when a schedule fired, so that the next firing is not some minutes too early
            last_start=chosen.due or self.now,
            runs=self.ledger.runs + 1,
            usd=self.ledger.usd + (self.rules.usd_per_run or 0.0),
            told="",
        )
        forced = [cause.by or "somebody" for cause in causes if cause.force]
        self.note("start", f"forced by {forced[0]}" if forced else chosen.reason, run, causes)
        late = [cause for cause in self.ledger.pending if cause.reason in _AT_ONCE and not cause.force]
        self.skip(late, f"run {run} starts, with other values of parameters")

    def run_id(self, causes: Sequence[RunCause]) -> str:
        keys = "\n".join(cause.key for cause in causes)
        tail = sha256(f"{self.now.isoformat()}\n{self.ledger.runs}\n{keys}".encode()).hexdigest()[:6]
        return f"{self.rules.name}-{self.now:%Y%m%d%H%M}-{tail}"
