"""Orders and reports: how the door starts runs where it does not reach what runs them.

The door writes an order for each run, and a program beside the engine starts it and reports (`starter.py`). The door is
the only writer of orders, the starter that of reports, so that neither can change what the other one has said. A run
has its id from the door, and the engine starts an id once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast, get_args

from mlplatform.services.stored_text import WrittenMeanwhile
from mlplatform.steps.door.ledger import moment, time_text
from mlplatform.steps.door.ports import (
    FoundRun,
    OrderExchange,
    Ports,
    Runner,
    RunState,
    StartPending,
    StartRefused,
)
from mlplatform.steps.door.rules import PipelineRules, Value

_Document = TypeVar("_Document")

VERSION = 1
SILENT = timedelta(hours=1)
"""After so long without a report somebody is told. Reports are written at least twice as often."""


class BadExchange(ValueError):
    """A document of the exchange that this version of the program does not read."""


class StartFailed(RuntimeError):
    """An attempt of the starter failed; another one may not."""


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """A run that is to start."""

    run: str
    """Its id."""

    attempt: int
    """Which attempt it is, from 1: the starter makes each once."""

    since: datetime
    """When it was ordered."""

    parameters: Mapping[str, Value]
    """Values that are not the defaults."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the door orders for one pipeline."""

    start: RunOrder | None = None
    """The run to start."""

    stop: tuple[str, ...] = ()
    """Handles of the runs to stop."""


@dataclass(frozen=True, kw_only=True)
class FailedStart:
    """An attempt that failed."""

    run: str
    """Id of the run."""

    attempt: int
    """Which attempt."""

    why: str
    """The engine's words."""

    for_good: bool
    """Whether another attempt would give the same answer."""


@dataclass(frozen=True, kw_only=True)
class StartReport:
    """What the starter says of one pipeline."""

    looked: datetime
    """When it looked."""

    runs: tuple[FoundRun, ...] = ()
    """The runs that are going, whoever started them, and those that ended lately."""

    failed: tuple[FailedStart, ...] = ()
    """Attempts that failed lately."""

    trouble: str = ""
    """Why the engine could not be asked for its runs; empty: it could."""


def orders_text(orders: Orders) -> str:
    """The document."""
    start = orders.start
    return _text(
        {
            "start": {**vars(start), "since": time_text(start.since), "parameters": dict(start.parameters)}
            if start
            else None,
            "stop": list(orders.stop),
        }
    )


def read_orders(text: str | None) -> Orders:
    """Read the document; no orders where there is none.

    Raises:
        BadExchange: it is another one.
    """
    if text is None:
        return Orders()

    def orders(given: dict[str, object]) -> Orders:
        start = cast("dict[str, object] | None", given["start"])
        return Orders(
            start=RunOrder(**{**start, "since": moment(cast("str", start["since"]))})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            if start
            else None,
            stop=tuple(cast("list[str]", given["stop"])),
        )

    return _read(text, orders)


def report_text(report: StartReport) -> str:
    """The document."""
    return _text(
        {
            "looked": time_text(report.looked),
            "runs": [{**vars(each), "started": time_text(each.started)} for each in report.runs],
            "failed": [dict(vars(each)) for each in report.failed],
            "trouble": report.trouble,
        }
    )


def read_report(text: str | None) -> StartReport | None:
    """Read the document; None where there is none.

    Raises:
        BadExchange: it is another one.
    """
    if text is None:
        return None

    def report(given: dict[str, object]) -> StartReport:
        runs = cast("list[dict[str, object]]", given["runs"])
        return StartReport(
            looked=moment(cast("str", given["looked"])),
            runs=tuple(_run(each) for each in runs),
            failed=tuple(FailedStart(**each) for each in cast("list[dict[str, object]]", given["failed"])),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            trouble=cast("str", given["trouble"]),
        )

    return _read(text, report)


def _run(given: dict[str, object]) -> FoundRun:
    if given["state"] not in get_args(RunState):
        raise ValueError(f"{given['state']} is no state of a run")
    return FoundRun(**{**given, "started": moment(cast("str", given["started"]))})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def _text(document: Mapping[str, object]) -> str:
    return json.dumps({"version": VERSION, **document}, sort_keys=True)


def _read(text: str, take: Callable[[dict[str, object]], _Document]) -> _Document:
    try:
        given = cast("dict[str, object]", json.loads(text))
        if given.pop("version") != VERSION:
            raise BadExchange(f"version {json.loads(text)['version']}, expected {VERSION}")
        return take(given)
    except BadExchange:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadExchange(f"not a document of orders or reports: {error}") from None


class ExchangeRunner:
    """An engine that the door does not reach.

    Args:
        exchange: orders and reports.
        now: the time.
    """

    def __init__(self, exchange: OrderExchange, now: Callable[[], datetime]) -> None:
        self._exchange, self._now = exchange, now

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The runs of the last report. What has started is not ordered any more, and what has ended not stopped."""
        report = self._report(rules)
        if report is None:
            return ()
        orders, known = self._orders(rules), {each.run for each in report.runs}
        going = {each.handle for each in report.runs if each.state == "going"}
        start = None if orders.start and orders.start.run in known else orders.start
        self._write(rules, Orders(start=start, stop=tuple(each for each in orders.stop if each in going)))
        return report.runs

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Order a run; nothing where it has been started.

        Raises:
            StartRefused: the engine refuses it for good.
            StartFailed: the last attempt failed.
            StartPending: it is ordered, and not started yet.
        """
        report = self._report(rules)
        if report and any(each.run == run for each in report.runs):
            return
        orders = self._orders(rules)
        attempt = orders.start.attempt if orders.start and orders.start.run == run else 0
        failures = [each for each in report.failed if each.run == run] if report else []
        failure = next((each for each in failures if each.attempt == attempt), None)
        if not attempt:
            attempt = max((each.attempt for each in failures), default=0) + 1
            order = RunOrder(run=run, attempt=attempt, since=self._now(), parameters=parameters)
            self._write(rules, replace(orders, start=order))
        # first of all: an order that stayed could be followed after the door has given it up
        elif failure and self._write(rules, replace(orders, start=None)):
            raise StartRefused(failure.why) if failure.for_good else StartFailed(failure.why)
        raise StartPending(run)

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Order a run to stop."""
        orders = self._orders(rules)
        if run.handle not in orders.stop:
            self._write(rules, replace(orders, stop=(*orders.stop, run.handle)))

    def silent(self, rules: PipelineRules, now: datetime) -> str:
        """What must be told of the starter; nothing before the first order."""
        text = self._exchange.orders.read(rules.name).text
        if text is None:
            return ""
        report, order = self._report(rules), read_orders(text).start
        heard = report.looked if report else order.since if order else now
        if now - heard > SILENT:
            return f"what starts its runs ({rules.engine}) has not been heard of since {heard:%Y-%m-%d %H:%M} UTC"
        return report.trouble if report else ""

    def _orders(self, rules: PipelineRules) -> Orders:
        return read_orders(self._exchange.orders.read(rules.name).text)

    def _report(self, rules: PipelineRules) -> StartReport | None:
        return read_report(self._exchange.reports.read(rules.name).text)

    def _write(self, rules: PipelineRules, orders: Orders) -> bool:
        """Whether the orders are these now. Where another door came first, the next look finds what that one wrote."""
        held = self._exchange.orders.read(rules.name)
        if read_orders(held.text) == orders:
            return True
        try:
            self._exchange.orders.write(rules.name, orders_text(orders), held.version)
        except WrittenMeanwhile:
            return False
        return True


class RoutedRunner:
    """The cloud's own service, and beside it what takes orders: each pipeline has one of the two."""

    def __init__(self, service: Runner, ordered: Runner) -> None:
        self._service, self._ordered = service, ordered

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs."""
        return self._of(rules).runs(rules)

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run by its id."""
        self._of(rules).start(rules, run, parameters)

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run."""
        self._of(rules).stop(rules, run)

    def _of(self, rules: PipelineRules) -> Runner:
        return self._ordered if rules.engine else self._service


def with_exchange(ports: Ports, exchange: OrderExchange, now: Callable[[], datetime]) -> Ports:
    """The ports of a door some of whose pipelines are started by order."""
    ordered = ExchangeRunner(exchange, now)

    def silent(rules: PipelineRules, moment: datetime) -> str:
        return ordered.silent(rules, moment) if rules.engine else ""

    return replace(ports, runner=RoutedRunner(ports.runner, ordered), silent=silent)
