"""One look of the monitor: reads the reference, the capture and the labels, and judges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np

from mlplatform.monitor.capture import FILES, NO_VARIANT, OTHER_TIME, CapturedExchange, CaptureReader
from mlplatform.monitor.collect import EXTRA, MOST_NAMES, STRANGERS, Collector, Labels, read_labels
from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.judge import judge_window
from mlplatform.monitor.label_problems import NO_PARQUET
from mlplatform.monitor.language import ANSWER, FINISH, PROMPT, reference_columns, with_signals
from mlplatform.monitor.places import MonitorPlace, Unreadable, in_window
from mlplatform.monitor.profile import Profile, profile_of
from mlplatform.monitor.rankings import APART
from mlplatform.monitor.rows import Column, RowBatch, hash_of, values
from mlplatform.monitor.served import ServedRows
from mlplatform.monitor.summary import RowCounter, RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

SAMPLE = 100_000
"""Rows of the reference that the bins are made of."""

_ROWS = 100_000
_SKEW = 2 * 3600


@dataclass(frozen=True)
class Reference:
    """What the window is compared with."""

    profile: Profile
    """The bins."""

    summary: RowSummary
    """Its counts."""


def read_reference(settings: MonitorSettings, place: MonitorPlace) -> Reference:
    """Read the reference: Parquet files with a column for each input, the answers, and the label where it is known.

    `reference.json` in the folder names the version of the model that it belongs to: `{"version": "7"}`.

    Raises:
        Unreadable: it is not there, or misses a column.
        Unprofiled: it does not say what is needed.
    """
    settings = with_signals(settings)
    language = settings.task == "language"
    names = [PROMPT, ANSWER, FINISH] if language else [each.name for each in settings.inputs]
    answers = [] if language else [name for name in (settings.score, settings.predicted) if name is not None]
    if settings.task == "ranking":
        answers.append(settings.query)
    wanted = [*names, *answers, settings.label]
    rows = 0
    for table in place.tables(wanted, _ROWS):
        missing = [name for name in (*names, *answers) if name not in table]
        if missing:
            raise Unreadable(f"{place.address}: the reference has no column {', '.join(missing[:5])}")
        rows += len(table[names[0]])
    step = max(1, rows // SAMPLE)

    def tables() -> Iterator[dict[str, Any]]:
        for table in place.tables(wanted, _ROWS):
            yield reference_columns(settings, table) if language else table

    parts = [{name: each[::step] for name, each in table.items()} for table in tables()]
    if not rows:
        raise Unreadable(f"{place.address}: the reference has no row")
    sample = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    profile = profile_of(settings, _batch(settings, sample), _version(place))
    counter = RowCounter(settings, profile)
    for table in tables():
        counter.add(_batch(settings, table))
    counter.end()
    if APART in counter.summary.problems:
        raise Unreadable(f"{place.address}: {APART}: sort the reference by {settings.query}")
    return Reference(profile, counter.summary)


def _version(place: MonitorPlace) -> str | None:
    text = place.text("reference.json")
    if text is None:
        return None
    try:
        version = json.loads(text)["version"]
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f'{place.address}/reference.json: expected {{"version": "…"}}') from None
    return str(version)


def _batch(settings: MonitorSettings, table: dict[str, Any]) -> RowBatch:
    def objects(name: str | None) -> Any:  # noqa: ANN401 - an array, or None
        return values(table[name].tolist()) if name is not None and name in table else None

    score = None
    if settings.score is not None:
        column = cast("Column", table[settings.score])
        score = column.astype(np.float64) if column.dtype != np.object_ else np.full(len(column), np.nan)
    return RowBatch(
        tuple(table[each.name] for each in settings.inputs),
        score=score,
        predicted=objects(settings.predicted),
        label=objects(settings.label),
        query=np.array([hash_of(str(each)) for each in table[settings.query].tolist()], dtype=np.uint64)
        if settings.task == "ranking"
        else None,
    )


def count_window(
    settings: MonitorSettings,
    profile: Profile,
    captures: Sequence[MonitorPlace],
    labels: Labels,
    start: datetime,
    end: datetime,
    part: tuple[int, int] = (1, 1),
    served: ServedRows | None = None,
) -> RowSummary:
    """Count the captured rows of a window, or of one part of it.

    Args:
        settings: what the model reads and answers.
        profile: the bins.
        captures: folders of captured files. Requests and answers in folders of their own are given together.
        labels: labels by row.
        start: the first hour.
        end: the hour after the last one.
        part: which part of how many. Hours belong to parts, since requests and answers of an hour belong together.
        served: is shown the rows, for a sample of them. Omitted: nobody.
    """
    counter = RowCounter(settings, profile)
    summary = counter.summary
    collector = Collector(settings, summary, labels, served)
    reader = CaptureReader(summary.problem)

    def exchanges() -> Iterator[CapturedExchange]:
        # by hour, so that a request waits for its answer no longer than that
        found = sorted(
            (_hour_of(file), file, at)
            for at, place in enumerate(captures)
            for file in place.files("")
            if in_window(file, start, end) and _turn(_hour_of(file)) % part[1] == part[0] - 1
        )
        files = [each for each in found if each[1].endswith((".json", ".jsonl"))]
        summary.problem(FILES, len(found) - len(files))
        for _, file, at in files:
            for exchange in reader.read(captures[at].lines(file)):
                if exchange.time is not None and not (
                    start.timestamp() - _SKEW <= exchange.time < end.timestamp() + _SKEW
                ):
                    summary.problem(OTHER_TIME)
                if settings.variant is None or exchange.variant in (None, settings.variant):
                    yield exchange
                elif not exchange.variant:
                    summary.problem(NO_VARIANT)
        reader.end()

    for batch in collector.batches(exchanges()):
        counter.add(batch)
    counter.end()
    for name, rows in sorted(collector.unknown_fields.items(), key=lambda each: (-each[1], each[0]))[:MOST_NAMES]:
        summary.problem(f"{EXTRA}{name}", rows)
    return summary


def _hour_of(file: str) -> str:
    """The end of its folder: year, month, day and hour."""
    return file.rsplit("/", 1)[0][-13:]


def _turn(hour: str) -> int:
    """Whose turn an hour is: the hours of a window are dealt out one after the other."""
    try:
        return int(datetime.strptime(hour, "%Y/%m/%d/%H").replace(tzinfo=UTC).timestamp()) // 3600
    except ValueError:
        return hash_of(hour)


def labels_of(settings: MonitorSettings, place: MonitorPlace | None, problems: RowSummary) -> Labels:
    """The labels of a folder of Parquet files with the row's id and the truth.

    Raises:
        Unreadable: it cannot be read, or misses a column.
    """
    if place is None:
        return Labels()
    files = place.files("")
    others = sum(not file.endswith(".parquet") for file in files)
    problems.problem(NO_PARQUET, others)
    if others == len(files):
        return Labels()
    ids: list[object] = []
    truths: list[object] = []
    for table in place.tables([settings.row_id, settings.label], _ROWS):
        missing = [name for name in (settings.row_id, settings.label) if name not in table]
        if missing:
            raise Unreadable(f"{place.address}: the labels have no column {', '.join(missing)}")
        ids += [_plain_id(each) for each in table[settings.row_id].tolist()]
        truths += table[settings.label].tolist()
    return read_labels(ids, truths, problems)


def _plain_id(value: object) -> object:
    # whole numbers are read as floats: the id 7 is not 7.0
    return int(value) if isinstance(value, float) and value.is_integer() else value


def count_part(
    settings: MonitorSettings,
    reference: Reference,
    captures: Sequence[MonitorPlace],
    labels: MonitorPlace | None,
    start: datetime,
    end: datetime,
    part: tuple[int, int],
    served: ServedRows | None = None,
) -> RowSummary:
    """The counts of one part of a window, which add up with those of the others.

    `served` is shown the rows, as in `count_window`.

    Raises:
        Unreadable: a place cannot be read.
    """
    settings = with_signals(settings)
    told = RowSummary(reference.profile.digest)
    truths = labels_of(settings, labels, told)
    window = count_window(settings, reference.profile, captures, truths, start, end, part, served)
    # every part reads all labels: what is wrong with them counts once
    for name, times in told.problems.items() if part[0] == 1 else ():
        window.problem(name, times)
    window.known_labels, window.found_labels = len(truths.by_row), truths.seen
    return window


def judge_parts(
    settings: MonitorSettings,
    reference: Reference,
    parts: Sequence[RowSummary],
    start: datetime,
    end: datetime,
    *,
    labels_expected: bool,
) -> MonitorReport:
    """Add the counts of parts, and judge them.

    Raises:
        NotMergeable: a part was counted with another reference or other settings.
    """
    settings = with_signals(settings)
    window = RowCounter(settings, reference.profile).summary
    for part in parts:
        window.merge(part)
    strangers = window.known_labels - window.found_labels
    window.problem(f"{STRANGERS} (of {window.known_labels})", max(strangers, 0))
    name = f"{start:%Y-%m-%dT%H}Z/{end:%Y-%m-%dT%H}Z"
    return judge_window(
        settings, reference.profile, reference.summary, window, name=name, labels_expected=labels_expected
    )
