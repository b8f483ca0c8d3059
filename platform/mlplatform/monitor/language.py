"""Signals of language models: of each prompt and answer some numbers and categories, which are judged as inputs are.

No text leaves this file: what is counted and written are lengths, names of languages, kinds of answers, and sums of
signs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from math import log2, sqrt
from typing import Any

import numpy as np

from mlplatform.monitor.chats import AnswerText
from mlplatform.monitor.rows import values
from mlplatform.spec.model_monitor import ANSWER_KINDS
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.monitor_questions import LANGUAGE_SIGNALS, TOPICS

PROMPT, ANSWER, FINISH = "prompt", "answer", "finish_reason"
"""Columns of the reference."""

PREDICTED = "predicted"
"""Column of the answers: 1 for each that is not empty, so that a label of 1 confirms it."""

MOST_CHARACTERS = 20_000
"""Characters of a text of which language and topic are told; lengths are of all."""

REFUSALS = (
    "i can't", "i cannot", "i can not", "i'm sorry, but", "i am sorry, but", "sorry, i can", "i'm unable to",
    "i am unable to", "i won't", "i will not", "as an ai", "i'm not able to", "i am not able to",
)  # fmt: skip
"""How answers begin that refuse, in English. In other languages only the server's own word tells."""

_BEGINNING = 80
_WORD = re.compile(r"[^\W\d_]+")

_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh", "\u4e00", "\u9fff"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("greek", "\u0370", "\u03ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("hebrew", "\u0590", "\u05ff"),
    ("devanagari", "\u0900", "\u097f"),
    ("thai", "\u0e00", "\u0e7f"),
)
"""Letters that few languages share: https://www.unicode.org/charts/ (2026-11). Japanese first: it has letters of
Chinese too."""

_FIRST_SCRIPT = min(first for _, first, _ in _SCRIPTS)

_FREQUENT = {
    "en": "the and of to in is that it for you was with on are this have what how can be",
    "de": "der die und das ist nicht ich zu den mit ein eine von wie auf sie es dem für was",
    "fr": "le la les et est un une des que pour dans je vous pas qui sur du ce comment avec",
    "es": "el los y es que en un una por para con no las como del se lo mi más qué",
    "it": "il di che è un una per non sono con le gli della come mi del si ho da questo",
    "pt": "o os que é um uma para não com do da em como se na eu você por mais no",
    "nl": "de het een en van is dat niet ik op te voor met zijn hoe wat je er maar ook",
    "pl": "nie się na jest w z do że jak to i co czy dla mam po tak od ale mnie",
}
"""The most frequent words of languages with Latin letters."""

_SIGNS = np.array([[1.0 if number >> bit & 1 else -1.0 for bit in range(TOPICS)] for number in range(256)])

_OF_WORD: dict[str, tuple[str, ...]] = {
    word: tuple(name for name, text in _FREQUENT.items() if word in text.split())
    for text in _FREQUENT.values()
    for word in text.split()
}


def with_signals(settings: MonitorSettings) -> MonitorSettings:
    """The settings with the signals as inputs, where the task is language; others as they are."""
    if settings.task != "language":
        return settings
    return settings.model_copy(update={"inputs": LANGUAGE_SIGNALS, "score": None, "predicted": PREDICTED})


def signals_of(prompt: str, answer: AnswerText) -> list[object]:
    """The values of an exchange, in the order of `LANGUAGE_SIGNALS`.

    An empty text has none, and an empty answer no kind: that there is no answer is a finding of its own.
    """
    asked, told = _signals(prompt), _signals(answer.text)
    return [asked[0], told[0], asked[1], told[1], answer_kind(answer) or None, *asked[2:], *told[2:]]


def _signals(text: str) -> list[object]:
    """Length, language and topics."""
    if not text.strip():
        return [None] * (TOPICS + 2)
    return [log2(1 + len(text)), language_of(text), *_topics(text)]


def predicted_of(answer: AnswerText) -> str | None:
    """`1`, or None where there is no answer."""
    return "1" if answer_kind(answer) else None


def answer_kind(answer: AnswerText) -> str:
    """One of `ANSWER_KINDS`; empty where there is no answer."""
    if answer.refused or answer.finish == "content_filter":
        return "refused"
    if not answer.text.strip():
        # a model that calls a tool, or was cut while it thought, says nothing by itself
        return {"tool_calls": "tool call", "length": "cut off"}.get(answer.finish, "")
    beginning = answer.text.lstrip()[:_BEGINNING].lower().replace("\u2019", "'")
    if beginning.startswith(REFUSALS):
        return "refused"
    return "cut off" if answer.finish == "length" else "answered"


def language_of(text: str) -> str:
    """A language by its most frequent words, a script, `other`, or `none` where there are no letters."""
    words = _words(text)
    letters = "".join(words)[:2000]
    if not letters:
        return "none"
    for name, first, last in _SCRIPTS if max(letters) >= _FIRST_SCRIPT else ():
        # Japanese mixes its own letters with Chinese ones
        if sum(first <= each <= last for each in letters) > len(letters) * (0.1 if name == "ja" else 0.5):
            return name
    votes = dict.fromkeys(_FREQUENT, 0)
    for word in words[:500]:
        for name in _OF_WORD.get(word, ()):
            votes[name] += 1
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] else "other"


def reference_columns(settings: MonitorSettings, table: dict[str, Any]) -> dict[str, Any]:
    """The columns of the signals of a part of a reference, with the answers and its labels."""
    rows: list[list[object]] = []
    predicted: list[object] = []
    for prompt, text, finish in zip(*(table[name].tolist() for name in (PROMPT, ANSWER, FINISH)), strict=True):
        answer = AnswerText(_plain(text), _plain(finish))
        rows.append(signals_of(_plain(prompt), answer))
        predicted.append(predicted_of(answer))
    made: dict[str, Any] = {
        signal.name: np.array([row[place] for row in rows], dtype=np.float64)
        if signal.kind == "number"
        else values([row[place] for row in rows])
        for place, signal in enumerate(LANGUAGE_SIGNALS)
    }
    made[PREDICTED] = values(predicted)
    if settings.label in table:
        made[settings.label] = table[settings.label]
    return made


def known_values(name: str) -> tuple[str, ...] | None:
    """All values of a signal, in order, so that one which the reference lacks is no broken value; None of numbers."""
    if name == "answer_kind":
        return tuple(sorted(ANSWER_KINDS))
    if name in ("prompt_language", "answer_language"):
        return tuple(sorted((*_FREQUENT, *(name for name, *_ in _SCRIPTS), "other", "none")))
    return None


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:MOST_CHARACTERS].lower())


def _topics(text: str) -> list[float]:
    """A hashing vectoriser with few places: each word has a sign in each place, and the signs are added.

    Words without spaces between them, as in Chinese, count by pairs of letters.
    """
    pieces: list[str] = []
    for word in _words(text):
        if word > "\u0e00" and len(word) > 2:
            pieces += [word[at : at + 2] for at in range(len(word) - 1)]
        else:
            pieces.append(word)
    if not pieces:
        return [0.0] * TOPICS
    total = _SIGNS[[_number(piece) for piece in pieces]].sum(axis=0)
    return (total / sqrt(len(pieces))).tolist()


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    """A byte for a word, the same in every process: its bits are the signs."""
    return blake2b(word.encode("utf-8", "replace"), digest_size=1).digest()[0]
