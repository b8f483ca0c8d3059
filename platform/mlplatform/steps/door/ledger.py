"""What the door remembers of one pipeline: one JSON document, which only one writer at a time can replace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from mlplatform.steps.door.events import Reason
from mlplatform.steps.door.rules import Value

VERSION = 1
_REMEMBERED, _MOST_REMEMBERED = timedelta(days=30), 2000
"""A replay is known for so long; the queues of the clouds keep a message for at most 14 days."""

Kind = Literal["start", "started", "skip", "wait", "failure", "stop", "end"]


class BadLedger(ValueError):
    """The document is not one that this version of the program reads: nothing starts, and it is not replaced."""


@dataclass(frozen=True, kw_only=True)
class RunCause:
    """Events of one kind that wait for a run, together."""

    reason: Reason
    """Their kind."""

    source: str = ""
    """Which schedule or data trigger."""

    count: int = 1
    """How many events; of labels, how many labels."""

    first: datetime
    """When the first one came."""

    last: datetime
    """When the last one came."""

    key: str = ""
    """Key of the last one."""

    by: str = ""
    """Who asked for it, of the last one."""

    force: bool = False
    """Whether a person forced it."""

    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values of the run's parameters."""

    due: datetime | None = None
    """Of a schedule: when it fired."""

    def same_kind(self, other: RunCause) -> bool:
        """Whether one run answers both as one."""
        return _kind(self) == _kind(other)


def _kind(cause: RunCause) -> object:
    return cause.reason, cause.source, cause.force, dict(cause.parameters)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line of the record."""

    time: datetime
    """When it was decided."""

    kind: Kind
    """What was decided or found."""

    reason: str
    """Why, in words."""

    run: str = ""
    """The run that it is about."""

    causes: tuple[RunCause, ...] = ()
    """What asked for it."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """The run that the door started last."""

    run: str
    """Its id, which the door gave it."""

    since: datetime
    """When the door decided to start it."""

    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values of its parameters."""

    causes: tuple[RunCause, ...] = ()
    """What asked for it."""

    attempts: int = 0
    """Failed attempts to start it."""

    confirmed: bool = False
    """Whether the service has taken it."""


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the door remembers of one pipeline."""

    looked: datetime | None = None
    """Up to when schedules were judged; None before the first time."""

    pending: tuple[RunCause, ...] = ()
    """What waits for a run."""

    current: Started | None = None
    """The run that is being started, or is going; None: none is."""

    last_start: datetime | None = None
    """From when the cool-down counts."""

    month: str = ""
    """The month of the two sums, `2026-11`."""

    runs: int = 0
    """Runs started in it."""

    usd: float = 0.0
    """What they may cost, USD."""

    told: str = ""
    """Why things wait, as last recorded: the same reason is recorded once."""

    stopping: tuple[str, ...] = ()
    """Runs that were told to stop, and are still there."""

    seen: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    """Short hashes of the keys of events, with the time of each."""

    outbox: tuple[Decision, ...] = ()
    """Decisions that the record does not have yet."""

    def remember(self, keys: Mapping[str, datetime], now: datetime) -> Mapping[str, datetime]:
        """`seen` with further keys, without those that are too old."""
        every = sorted({**self.seen, **keys}.items(), key=lambda item: item[1])
        return {key: time for key, time in every[-_MOST_REMEMBERED:] if now - time <= _REMEMBERED}


def moment(text: str) -> datetime:
    """A time of the document."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text}: without a time zone")
    return found.astimezone(UTC)


def time_text(time: datetime) -> str:
    """A time as the document has it."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def ledger_text(ledger: Ledger) -> str:
    """The document."""
    return json.dumps({"version": VERSION, **_plain(ledger)}, sort_keys=True, separators=(",", ":"))


def decision_text(pipeline: str, decision: Decision) -> str:
    """A line of the record."""
    return json.dumps({"pipeline": pipeline, **_plain(decision)}, sort_keys=True)


def _plain(what: Ledger | Decision) -> dict[str, object]:
    return cast("dict[str, object]", _values(asdict(what)))


def _values(value: object) -> object:
    match value:
        case datetime():
            return time_text(value)
        case dict():
            return {key: _values(each) for key, each in cast("dict[str, object]", value).items()}
        case list() | tuple():
            return [_values(each) for each in cast("list[object]", value)]
        case _:
            return value


def read_ledger(text: str | None) -> Ledger:
    """Read the document; None is the first one.

    Raises:
        BadLedger: it is not JSON, of another version, or has other fields.
    """
    if text is None:
        return Ledger()
    try:
        given = cast("dict[str, object]", json.loads(text))
        if given.pop("version") != VERSION:
            raise BadLedger(f"a ledger of another version than {VERSION}: the program's image is older than its ledger")
        return _ledger(given)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadLedger(f"not a ledger: {error}") from None


def _ledger(given: dict[str, object]) -> Ledger:
    known = dict(given)
    current = cast("dict[str, object] | None", known.pop("current"))
    return Ledger(
        looked=_maybe(known.pop("looked")),
        last_start=_maybe(known.pop("last_start")),
        pending=_causes(known.pop("pending")),
        current=None if current is None else _started(current),
        stopping=tuple(cast("list[str]", known.pop("stopping"))),
        seen={key: moment(time) for key, time in cast("dict[str, str]", known.pop("seen")).items()},
        outbox=tuple(map(_decision, cast("list[dict[str, object]]", known.pop("outbox")))),
        **known,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    )


def _maybe(value: object) -> datetime | None:
    return None if value is None else moment(cast("str", value))


def _causes(given: object) -> tuple[RunCause, ...]:
    return tuple(
        RunCause(
            **{  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
                **each,
                "first": moment(cast("str", each["first"])),
                "last": moment(cast("str", each["last"])),
                "due": _maybe(each["due"]),
            }
        )
        for each in cast("list[dict[str, object]]", given)
    )


def _started(given: dict[str, object]) -> Started:
    times = {"since": moment(cast("str", given["since"])), "causes": _causes(given["causes"])}
    return Started(**{**given, **times})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def _decision(given: dict[str, object]) -> Decision:
    times = {"time": moment(cast("str", given["time"])), "causes": _causes(given["causes"])}
    return Decision(**{**given, **times})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def joined(causes: tuple[RunCause, ...], new: RunCause) -> tuple[RunCause, ...]:
    """Causes with one more, which joins those of its kind."""
    for index, cause in enumerate(causes):
        if cause.same_kind(new):
            both = replace(
                new, count=cause.count + new.count, first=min(cause.first, new.first), last=max(cause.last, new.last)
            )
            return (*causes[:index], both, *causes[index + 1 :])
    return (*causes, new)
