"""One look of the monitor: reads the reference, the capture and the labels, and judges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import numpy as np

from mlplatform.monitor.capture import CaptureReader, Exchange
from mlplatform.monitor.collect import MOST_NAMES, Collector, Labels, read_labels
from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.judge import judge_window
from mlplatform.monitor.places import MonitorPlace, Unreadable, in_window
from mlplatform.monitor.profile import Profile, profile_of
from mlplatform.monitor.rows import Column, RowBatch, values
from mlplatform.monitor.settings import MonitorSettings
from mlplatform.monitor.summary import RowCounter, RowSummary

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
    names = [each.name for each in settings.inputs]
    answers = [name for name in (settings.score, settings.predicted) if name is not None]
    wanted = [*names, *answers, settings.label]
    rows = 0
    for table in place.tables(wanted, _ROWS):
        missing = [name for name in (*names, *answers) if name not in table]
        if missing:
            raise Unreadable(f"{place.address}: the reference has no column {', '.join(missing[:5])}")
        rows += len(table[names[0]])
    step = max(1, rows // SAMPLE)
    parts = [{name: each[::step] for name, each in table.items()} for table in place.tables(wanted, _ROWS)]
    if not rows:
        raise Unreadable(f"{place.address}: the reference has no row")
    sample = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    profile = profile_of(settings, _batch(settings, sample), _version(place))
    counter = RowCounter(settings, profile)
    for table in place.tables(wanted, _ROWS):
        counter.add(_batch(settings, table))
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
    )


def count_window(
    settings: MonitorSettings,
    profile: Profile,
    captures: Sequence[MonitorPlace],
    labels: Labels,
    start: datetime,
    end: datetime,
) -> tuple[RowSummary, tuple[str, ...]]:
    """Count the captured rows of a window, or of one part of it.

    Args:
        settings: what the model reads and answers.
        profile: the bins.
        captures: folders of captured files. Requests and answers in folders of their own are given together.
        labels: labels by row.
        start: the first hour.
        end: the hour after the last one.

    Returns:
        The counts, and what was strange.
    """
    counter = RowCounter(settings, profile)
    summary = counter.summary
    collector = Collector(settings, summary, labels)
    reader = CaptureReader(summary.problem)

    def exchanges() -> Iterator[Exchange]:
        # by hour, so that a request waits for its answer no longer than that
        files = sorted(
            (
                (file, place)
                for place in captures
                for file in place.files(".json", ".jsonl")
                if in_window(file, start, end)
            ),
            key=lambda each: (each[0].rsplit("/", 1)[0][-13:], each[0]),
        )
        for file, place in files:
            for exchange in reader.read(place.lines(file)):
                if exchange.time is not None and not (
                    start.timestamp() - _SKEW <= exchange.time < end.timestamp() + _SKEW
                ):
                    summary.problem("exchanges of another time than their folder: clocks disagree")
                yield exchange
        reader.end()

    for batch in collector.batches(exchanges()):
        counter.add(batch)
    return summary, tuple(_noted(collector))


def _noted(collector: Collector) -> Iterator[str]:
    extra = sorted(collector.unknown_fields.items(), key=lambda each: (-each[1], each[0]))
    if extra:
        more = f" and {len(extra) - MOST_NAMES} more" if len(extra) > MOST_NAMES else ""
        yield f"requests have fields that are no inputs: {', '.join(name for name, _ in extra[:MOST_NAMES])}{more}"


def labels_of(settings: MonitorSettings, place: MonitorPlace | None, problems: RowSummary) -> Labels:
    """The labels of a folder of Parquet files with the row's id and the truth.

    Raises:
        Unreadable: it cannot be read, or misses a column.
    """
    if place is None or not place.files(".parquet"):
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


def look(
    settings: MonitorSettings,
    reference: MonitorPlace,
    captures: Sequence[MonitorPlace],
    labels: MonitorPlace | None,
    start: datetime,
    end: datetime,
) -> MonitorReport:
    """Read everything and judge it.

    Raises:
        Unreadable: a place cannot be read.
        Unprofiled: the reference does not say what is needed.
    """
    known = read_reference(settings, reference)
    told = RowSummary(known.profile.digest)
    truths = labels_of(settings, labels, told)
    window, noted = count_window(settings, known.profile, captures, truths, start, end)
    for name, times in told.problems.items():
        window.problem(name, times)
    return judge_window(
        settings,
        known.profile,
        known.summary,
        window,
        name=f"{start:%Y-%m-%dT%H}Z/{end:%Y-%m-%dT%H}Z",
        noted=(*noted, *_labels_noted(truths)),
        labels_expected=labels is not None,
    )


def _labels_noted(labels: Labels) -> Iterator[str]:
    never = len(labels.by_row) - labels.seen
    if never > 0:
        yield f"{never} of {len(labels.by_row)} labels belong to rows that are not in this window"
