"""The day on which versions are still sold: today, or what `SOURCE_DATE_EPOCH` says."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_HISTORY: ContextVar[bool] = ContextVar("history", default=False)


def selling_day() -> date | None:
    """Today in UTC; None where the past is read, whose versions may no longer be sold.

    `SOURCE_DATE_EPOCH`, seconds since 1970, sets it, as other tools do: https://reproducible-builds.org/specs/source-date-epoch/
    """
    if _HISTORY.get():
        return None
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)).date()


@contextmanager
def reading_history() -> Generator[None]:
    """A block that reads a platform as it was: ends of support that have come since do not make it wrong."""
    token = _HISTORY.set(True)
    try:
        yield
    finally:
        _HISTORY.reset(token)


def reads_history() -> bool:
    """Whether a platform is read as it was."""
    return _HISTORY.get()
