"""Signals that end a process: they become exceptions, so that what a rehearsal began ends before it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU")
_SIGNALS = tuple(signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__)
"""Signals whose default ends a process without its clean-up; SIGKILL can be caught by nobody."""

_PAUSE = 5.0
"""Seconds after a signal in which no other is raised: an impatient second Ctrl-C would end the first one's clean-up."""


class EndedBySignal(SystemExit):
    """A signal ended the process; its exit code is 128 and the signal's number, as shells have it."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(128 + number)


class _Held:
    """Signals that arrive while they are held; handlers belong to the process, and so does this."""

    depth = 0
    first: int | None = None
    raised = -_PAUSE
    """Time of the last exception."""


def _raise(number: int) -> None:
    _Held.raised = time.monotonic()
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise EndedBySignal(number)


def _handle(number: int, frame: FrameType | None) -> None:
    del frame
    if _Held.depth:
        _Held.first = _Held.first or number
    elif time.monotonic() - _Held.raised > _PAUSE:
        _raise(number)


@contextmanager
def signals_raise() -> Generator[None]:
    """Within the block, signals that would end the process raise `EndedBySignal`, and Ctrl-C `KeyboardInterrupt`.

    Signals that the process ignores, as under `nohup`, or handles by itself stay as they are. Outside the main thread,
    which alone may set handlers, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    ours = [number for number, handler in former.items() if handler in (signal.SIG_DFL, signal.default_int_handler)]
    for number in ours:
        signal.signal(number, _handle)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, former[number])


@contextmanager
def signals_held() -> Generator[None]:
    """Signals that arrive within the block are raised at its end: what it makes or removes is never half done."""
    _Held.depth += 1
    try:
        yield
    finally:
        _Held.depth -= 1
        if not _Held.depth and _Held.first is not None:
            number, _Held.first = _Held.first, None
            if time.monotonic() - _Held.raised > _PAUSE:
                _raise(number)
