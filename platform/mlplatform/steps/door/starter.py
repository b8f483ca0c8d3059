"""One look of the starter: it starts and stops what the door orders, and reports the runs of its engine.

It decides nothing. It runs beside an engine that the door does not reach: in the training cluster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, cast

from mlplatform.steps.door.exchange import (
    SILENT,
    FailedStart,
    RunOrder,
    StartReport,
    read_orders,
    read_report,
    report_text,
)
from mlplatform.steps.door.ports import FoundRun, OrderExchange, StartRefused
from mlplatform.steps.door.rules import ParameterKind, Value, has_kind

VERSION = 1
_KEPT = timedelta(days=30)
"""A run that ended is reported for so long, also after the engine has forgotten it: an order of it starts nothing."""

_MOST_FAILED = 50


class BadStarterRules(ValueError):
    """The document is not one that this version of the program reads."""


@dataclass(frozen=True, kw_only=True)
class StartedPipeline:
    """A pipeline whose runs the starter starts."""

    name: str
    """Its name."""

    engine: str
    """What runs it: `cluster`, `airflow`."""

    parameters: Mapping[str, ParameterKind] = field(default_factory=dict[str, ParameterKind])
    """Types of its parameters by name."""


class StartEngine(Protocol):
    """What runs pipelines."""

    def runs(self, pipeline: str) -> Sequence[FoundRun]:
        """The pipeline's runs: all that are going, whoever started them, and those that it still knows."""
        ...

    def start(self, pipeline: str, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run by its id; nothing where there is one of that id already.

        Raises:
            StartRefused: it refuses it for good.
        """
        ...

    def stop(self, pipeline: str, handle: str) -> None:
        """Stop a run; nothing where it has ended."""
        ...


class HasAirflow(Protocol):
    """What the module of a cloud has that offers an Airflow as a service: `mlplatform.steps.door.aws`."""

    def open_airflow(self, settings: Mapping[str, str], /) -> StartEngine:
        """The Airflow, as the variables of the process name it, with the identity of the pod.

        Raises:
            KeyError: a variable is not set; its argument is the name.
        """
        ...


def read_starter_rules(text: str) -> tuple[StartedPipeline, ...]:
    """Read what the starter is told.

    Raises:
        BadStarterRules: it is not JSON, of another version, or has other fields.
    """
    try:
        given = cast("dict[str, object]", json.loads(text))
        if given["version"] != VERSION:
            raise BadStarterRules(
                f"version {given['version']}, expected {VERSION}: the image of the program is another one"
            )
        found = cast("list[dict[str, object]]", given["pipelines"])
        return tuple(StartedPipeline(**each) for each in found)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise BadStarterRules(f"not the rules of a starter: {error}") from None


def follow_orders(
    pipelines: Sequence[StartedPipeline],
    exchange: OrderExchange,
    engines: Mapping[str, StartEngine],
    clock: Callable[[], datetime],
    log: Callable[[str], None],
) -> int:
    """Look once.

    Args:
        pipelines: whose orders are followed.
        exchange: orders and reports.
        engines: by the name that pipelines have.
        clock: the time, with its zone.
        log: takes lines of JSON.

    Returns:
        How many pipelines had a failure.
    """
    failures = 0
    for pipeline in pipelines:
        turn = _Turn(pipeline, exchange, engines[pipeline.engine], clock)
        try:
            turn.follow()
        except Exception as error:  # one pipeline leaves the others alone
            turn.told.append(_words(error))
        for why in turn.told:
            log(json.dumps({"starter": "failure", "severity": "ERROR", "pipeline": pipeline.name, "reason": why}))
        failures += bool(turn.told)
    log(json.dumps({"starter": "looked", "pipelines": len(pipelines), "failures": failures}))
    return failures


class _Turn:
    def __init__(
        self, pipeline: StartedPipeline, exchange: OrderExchange, engine: StartEngine, clock: Callable[[], datetime]
    ) -> None:
        self.pipeline, self.exchange, self.engine, self.clock = pipeline, exchange, engine, clock
        self.told: list[str] = []

    def follow(self) -> None:
        """Start and stop what is ordered, and report."""
        name, now = self.pipeline.name, self.clock()
        held = self.exchange.reports.read(name)
        last = read_report(held.text) or StartReport(looked=now)
        orders = read_orders(self.exchange.orders.read(name).text)
        failed, trouble = list(last.failed), ""
        runs: Sequence[FoundRun] = last.runs
        try:
            runs = _known(self.engine.runs(name), last.runs, now)
            if orders.start and self.is_new(orders.start, runs, failed):
                if failure := self.start(orders.start):
                    failed.append(failure)
                else:
                    runs = _known(self.engine.runs(name), runs, now)
            self.stop(orders.stop, runs)
        except Exception as error:  # the engine does not answer: the door is told, and what was known stays
            trouble = _words(error)
            self.told.append(trouble)
        report = StartReport(looked=now, runs=tuple(runs), failed=tuple(failed[-_MOST_FAILED:]), trouble=trouble)
        # the store keeps each version, and a day has hundreds of looks
        if held.text is None or now - last.looked >= SILENT / 4 or replace(report, looked=last.looked) != last:
            self.exchange.reports.write(name, report_text(report), held.version)

    @staticmethod
    def is_new(order: RunOrder, runs: Sequence[FoundRun], failed: Sequence[FailedStart]) -> bool:
        """Whether an order is to be followed: each attempt is made once, and what has run never again."""
        tried = any(each.run == order.run and each.attempt == order.attempt for each in failed)
        return not tried and all(each.run != order.run for each in runs)

    def start(self, order: RunOrder) -> FailedStart | None:
        """Start a run; what failed where it did."""
        why, for_good = self.wrong_values(order.parameters), True
        if not why:
            try:
                self.engine.start(self.pipeline.name, order.run, order.parameters)
            except StartRefused as error:
                why = str(error)
            except Exception as error:
                why, for_good = _words(error), False
            else:
                return None
        self.told.append(f"{order.run} could not be started: {why}")
        return FailedStart(run=order.run, attempt=order.attempt, why=why, for_good=for_good)

    def wrong_values(self, parameters: Mapping[str, Value]) -> str:
        """Values that the pipeline does not have: the two stacks were written from other versions of the spec."""
        known = self.pipeline.parameters
        wrong = [name for name, value in parameters.items() if name not in known or not has_kind(value, known[name])]
        return f"no such parameter, or of another type: {', '.join(sorted(wrong))}" if wrong else ""

    def stop(self, handles: Sequence[str], runs: Sequence[FoundRun]) -> None:
        """Stop the runs that are going and are told to stop."""
        for each in runs:
            if each.state == "going" and each.handle in handles:
                self.engine.stop(self.pipeline.name, each.handle)


def _known(listed: Sequence[FoundRun], before: Sequence[FoundRun], now: datetime) -> Sequence[FoundRun]:
    """What the engine lists, and the runs of the last weeks that it has forgotten: one that was going was deleted."""
    names = {each.handle for each in listed}
    gone = [each for each in before if each.handle not in names and now - each.started < _KEPT]
    return (*listed, *(replace(each, state="stopped") if each.state == "going" else each for each in gone))


def _words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
