"""Python's cyclic garbage collector, which runs seldom while a program registers resources.

Pulumi's outputs, futures and tasks form one ever-growing graph in which next to nothing is garbage until
the end. The collector, which starts afresh every 700 allocations, walks it again and again: two thirds of
the time of a registration. Counting references goes on as always.

A collection that finds next to nothing delays the next one, so that their number does not grow with the program; one
that finds garbage ends the delay.
"""

from __future__ import annotations

import atexit
import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager

from mlplatform.fast.switch import plain_sdk_requested

YOUNG = 500_000
"""Net new container objects until a collection: some 100 MB, so that a huge program still gets collected."""
FURTHER = 4
"""Factor for the objects until the next collection, after one that found little."""
LITTLE = 0.05
"""Share of garbage among the objects since the last collection that counts as little."""

_LOCK = threading.Lock()
_depth = 0
_before = (0, 0, 0)


@contextmanager
def quiet_gc() -> Generator[None]:
    """Run the collector seldom inside the block, and as before after the outermost one, also on an error."""
    if plain_sdk_requested():
        yield
        return
    _quieten()
    try:
        yield
    finally:
        _restore()


def quiet_gc_until_exit() -> None:
    """Run the collector seldom from now on, and not at all while the process ends.

    For commands and for Pulumi's own program, whose registrations go on after its last line.
    """
    if not plain_sdk_requested():
        _quieten()
        atexit.register(gc.freeze)


def _quieten() -> None:
    global _depth, _before
    with _LOCK:
        if _depth == 0:
            _before = gc.get_threshold()
            # a threshold of 0 means that collection is switched off already
            if _before[0] != 0:
                gc.set_threshold(max(YOUNG, _before[0]), *_before[1:])
                gc.callbacks.append(_pace)
        _depth += 1


def _restore() -> None:
    global _depth
    with _LOCK:
        _depth -= 1
        if _depth == 0:
            if _pace in gc.callbacks:
                gc.callbacks.remove(_pace)
            gc.set_threshold(*_before)


def _pace(phase: str, info: dict[str, int]) -> None:
    """Called by the collector around each collection; allocates nothing that it tracks."""
    if phase == "stop":
        young = gc.get_threshold()[0]
        little = info["collected"] < young * LITTLE
        gc.set_threshold(young * FURTHER if little else max(YOUNG, _before[0]), *_before[1:])
