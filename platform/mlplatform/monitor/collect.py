"""Makes batches of rows of exchanges: inputs by name, the answer, the row's id, and its label where one is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from mlplatform.monitor.bodies import Row, are_bodies, rows_of
from mlplatform.monitor.capture import TWICE, CapturedExchange
from mlplatform.monitor.chats import answer_of, prompt_of
from mlplatform.monitor.label_problems import CONTRADICTED, INCOMPLETE
from mlplatform.monitor.language import predicted_of, signals_of
from mlplatform.monitor.rows import RowBatch, SeenRows, class_name, hash_of, number_of, readable, values
from mlplatform.monitor.served import ServedRows
from mlplatform.monitor.speed import count_speed
from mlplatform.monitor.summary import RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

BATCH = 50_000
"""Rows of a batch."""

EXTRA = "rows with a field that is no input: "
STRANGERS = "labels of rows that are not in this window"

MOST_NAMES = 5
"""Unknown fields that are named."""


@dataclass
class Labels:
    """The labels that are known, by row."""

    by_row: Mapping[int, object] = field(default_factory=dict[int, object])
    """The label of each row, by the hash of its id."""

    seen: int = 0
    """Rows of the window that one of them belongs to."""

    def of(self, row: int) -> object:
        """The label of a row, or None."""
        found = self.by_row.get(row)
        self.seen += found is not None
        return found


def read_labels(ids: Iterable[object], truths: Iterable[object], problem: RowSummary) -> Labels:
    """Labels by row. A row with two different labels has none: nobody can tell which one is right."""
    found: dict[int, object] = {}
    refused: set[int] = set()
    for name, truth in zip(ids, truths, strict=True):
        if name is None or truth is None or truth != truth:
            problem.problem(INCOMPLETE)
            continue
        row = hash_of(str(name))
        if row in refused or (row in found and class_name(found[row]) != class_name(truth)):
            problem.problem(CONTRADICTED)
            refused.add(row)
            found.pop(row, None)
        else:
            found[row] = truth
    return Labels(found)


class Collector:
    """Turns exchanges into batches of rows.

    Args:
        settings: names of inputs and answers.
        summary: is told what cannot be read, and the times of rows.
        labels: the labels that are known.
        served: is shown each row. Omitted: nobody.
    """

    def __init__(
        self, settings: MonitorSettings, summary: RowSummary, labels: Labels, served: ServedRows | None = None
    ) -> None:
        self._served = served
        self._known = {*(each.name for each in settings.inputs), settings.row_id, *(served.columns if served else ())}
        self._settings = settings
        self._summary = summary
        self._labels = labels
        self._names = [each.name for each in settings.inputs]
        self._answers = [name for name in (settings.score, settings.predicted) if name is not None]
        self._seen = SeenRows()
        self._rows: list[list[object]] = []
        self._queries: list[int] = []
        if settings.task == "ranking":
            self._known.add(settings.query)
        self._extra: dict[str, int] = {}

    @property
    def unknown_fields(self) -> dict[str, int]:
        """Fields of requests that are no inputs, with the number of rows."""
        return self._extra

    def batches(self, exchanges: Iterable[CapturedExchange]) -> Iterator[RowBatch]:
        """The rows of exchanges, in batches."""
        for exchange in exchanges:
            self._add(exchange)
            if len(self._rows) >= BATCH:
                yield self._batch()
        if self._rows:
            yield self._batch()

    def _add(self, exchange: CapturedExchange) -> None:
        if exchange.key and not self._seen.add(hash_of(exchange.key)):
            self._summary.problem(TWICE)
            return
        if self._settings.task == "language":
            self._add_text(exchange)
            return
        request, answer = exchange.request, exchange.answer
        if self._settings.task == "ranking" and isinstance(request, list) and isinstance(answer, list):
            bodies, answers = cast("list[object]", request), cast("list[object]", answer)
            if len(bodies) == len(answers) > 1 and are_bodies(bodies, self._names):
                # each of them ranks rows of its own
                for place, (one, other) in enumerate(zip(bodies, answers, strict=True)):
                    self._add_rows(replace(exchange, request=one, answer=other, key=f"{exchange.key}/{place}"))
                return
        self._add_rows(exchange)

    def _add_rows(self, exchange: CapturedExchange) -> None:
        asked = rows_of(exchange.request, self._names)
        answered = rows_of(exchange.answer, self._answers)
        if asked is None or answered is None:
            self._summary.problem("bodies of an unknown form")
            return
        if len(asked) != len(answered):
            self._summary.problem("requests with another number of rows than their answer")
            return
        if exchange.time is not None and asked:
            self._summary.seen_at(exchange.time)
        for place, (row, answer) in enumerate(zip(asked, answered, strict=True)):
            inputs = self._inputs(row)
            if inputs is None:
                self._summary.problem("rows with another number of values than the model has inputs")
                continue
            score, predicted = self._answer(answer)
            name = self._row_id(row, exchange, place, len(asked))
            if self._served:
                self._served.add(row, exchange.time, f"{exchange.key}/{place}")
            label = self._labels.of(hash_of(name)) if name else None
            self._rows.append([*inputs, score, predicted, label])
            if self._settings.task == "ranking":
                self._queries.append(self._query_of(row, exchange))

    def _add_text(self, exchange: CapturedExchange) -> None:
        request, answer = exchange.request, exchange.answer
        if isinstance(request, list) and isinstance(answer, list):
            # several requests that were captured as one, since they came close together
            pairs = list(zip(cast("list[object]", request), cast("list[object]", answer), strict=False))
            if len(pairs) > 1:
                for place, (one, other) in enumerate(pairs):
                    each = replace(exchange, request=one, answer=other, key=f"{exchange.key}/{place}", seconds=None)
                    self._add_text(each)
                return
        prompt, answer = prompt_of(exchange.request), answer_of(exchange.answer)
        if prompt is None or answer is None:
            self._summary.problem("bodies that are no prompt and its answer")
            return
        if exchange.time is not None:
            self._summary.seen_at(exchange.time)
        count_speed(self._summary.counts["speed"], exchange)
        name = exchange.row_id or exchange.key
        label = self._labels.of(hash_of(name)) if name else None
        self._rows.append([*signals_of(prompt, answer), float("nan"), predicted_of(answer), label])

    def _inputs(self, row: Row) -> list[object] | None:
        if isinstance(row, list):
            return row if len(row) == len(self._names) else None
        for name in row:
            if name not in self._known:
                told = readable(name)
                self._extra[told] = self._extra.get(told, 0) + 1
        return [row.get(name) for name in self._names]

    def _answer(self, row: Row) -> tuple[float, str | None]:
        """Score and class of an answer; not a number, or None, where it does not say."""
        settings = self._settings
        if isinstance(row, dict):
            score = row.get(settings.score) if settings.score is not None else None
            predicted = row.get(settings.predicted) if settings.predicted is not None else None
        elif settings.score is None:
            score, predicted = None, row[0] if row else None
        else:
            # the probabilities of both classes, or one number; with a class name, score before class
            score = row[1] if len(row) == 2 and settings.predicted is None else row[0] if row else None
            predicted = row[1] if len(row) > 1 and settings.predicted is not None else None
        if isinstance(score, list):
            numbers = cast("list[object]", score)
            score = numbers[-1] if numbers else None
        number = number_of(score) if isinstance(score, int | float) else float("nan")
        return number, class_name(predicted) if predicted is not None else None

    def _row_id(self, row: Row, exchange: CapturedExchange, place: int, rows: int) -> str:
        if isinstance(row, dict) and row.get(self._settings.row_id) is not None:
            return str(row[self._settings.row_id])
        base = exchange.row_id or exchange.key
        return "" if not base else base if rows == 1 else f"{base}/{place}"

    def _query_of(self, row: Row, exchange: CapturedExchange) -> int:
        """What a request asks for is one query, if its rows do not say which ones they are."""
        name = row.get(self._settings.query) if isinstance(row, dict) else None
        return hash_of(f"{exchange.key}/{'' if name is None else name}")

    def _batch(self) -> RowBatch:
        columns = list(zip(*self._rows, strict=True))
        queries = np.array(self._queries, dtype=np.uint64) if self._queries else None
        self._rows, self._queries = [], []
        settings = self._settings
        return RowBatch(
            tuple(values(column) for column in columns[: len(self._names)]),
            score=np.array(columns[-3], dtype=np.float64) if settings.score is not None else None,
            predicted=values(columns[-2]) if settings.predicted is not None else None,
            label=values(columns[-1]) if self._labels.by_row else None,
            query=queries,
        )
