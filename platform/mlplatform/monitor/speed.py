"""How fast a language model answered and what its server counted, of captured exchanges: counts that add up.

Only what an exchange itself says: the time between the headers of a request and those of its answer, which is the whole
answer where it is no stream, and the tokens that the server writes into the answer (`usage`). How long a request waited
in the server's queue stands in no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log2

import numpy as np

from mlplatform.monitor.capture import CapturedExchange
from mlplatform.monitor.chats import tokens_of
from mlplatform.monitor.findings import ServedFigure
from mlplatform.monitor.rows import Counts

FIGURES: Mapping[str, str] = {
    "answer_seconds": "seconds from a request to its answer, of answers that are no streams",
    "seconds_per_token": "those seconds by the tokens of the answer",
    "prompt_tokens": "tokens of a prompt",
    "answer_tokens": "tokens of an answer",
    "cached_share": "share of a prompt's tokens that the server had in its cache",
}
"""What is counted, each with what it is."""

BINS = 256
_LEAST, _STEPS = 0.001, 8
"""Bins grow by an eighth of a power of two: a quantile is off by at most 4.5 %."""

_PARTS = 1_000_000
"""What 1 is in the sums, which are whole numbers."""


def empty_speed() -> Counts:
    """Counts of nothing: for each figure its bins, and its sum."""
    return np.zeros((len(FIGURES), BINS + 1), dtype=np.int64)


def count_speed(counts: Counts, exchange: CapturedExchange) -> None:
    """Count what one exchange says."""
    tokens = tokens_of(exchange.answer)
    seconds = None if exchange.streamed else exchange.seconds
    told: dict[str, float | None] = {
        "answer_seconds": seconds,
        "prompt_tokens": tokens.prompt,
        "answer_tokens": tokens.answer,
    }
    if seconds is not None and tokens.answer:
        told["seconds_per_token"] = seconds / tokens.answer
    if tokens.prompt and tokens.cached is not None:
        told["cached_share"] = min(tokens.cached / tokens.prompt, 1.0)
    for place, name in enumerate(FIGURES):
        value = told.get(name)
        if value is not None:
            counts[place, _bin(value)] += 1
            counts[place, BINS] += round(value * _PARTS)


def speed_of(counts: Counts) -> Iterator[ServedFigure]:
    """The figures of a window that any of its exchanges say."""
    for name, row in zip(FIGURES, counts, strict=True):
        bins = row[:BINS]
        exchanges = int(bins.sum())
        if exchanges:
            yield ServedFigure(
                name=name,
                exchanges=exchanges,
                mean=int(row[BINS]) / _PARTS / exchanges,
                median=_quantile(bins, 0.5),
                high=_quantile(bins, 0.95),
            )


def _bin(value: float) -> int:
    """The first bin is for all that is hardly more than nothing, such as a cache without a hit."""
    return 0 if value <= _LEAST else min(BINS - 1, 1 + int(_STEPS * log2(value / _LEAST)))


def _quantile(bins: Counts, share: float) -> float:
    """The middle of the bin in which it is."""
    place = int(np.searchsorted(np.cumsum(bins), share * int(bins.sum())))
    return 0.0 if place == 0 else _LEAST * 2 ** ((place - 0.5) / _STEPS)
