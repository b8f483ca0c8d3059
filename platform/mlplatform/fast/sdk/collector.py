"""When Python's cyclic garbage collector runs: seldom while a program registers resources.

Pulumi's outputs, futures and tasks form one ever-growing graph in which next to nothing is garbage until
the end. The collector, which starts afresh every 700 allocations, walks it again and again: two thirds of
the time of a registration. Counting references goes on as always.

A collection that finds next to nothing puts the next one further off, so that their number does not grow with the
program; one that finds garbage brings it back.
"""

from __future__ import annotations

import atexit
import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager

from mlplatform.fast.switch import plain_requested

YOUNG = 500_000
"""Net new container objects until a collection: some 100 MB, so that a huge program still gets collected."""
FURTHER = 4
"""How many times as many objects until the next collection where one found little."""
LITTLE = 0.05
"""Share of the objects since the last collection that is little garbage."""

_LOCK = threading.Lock()
_depth = 0
_before = (0, 0, 0)


@contextmanager
def quiet_gc() -> Generator[None]:
    """Run the collector seldom inside the block, and as before after the outermost one, also on an error."""
    if plain_requested():
        yield
        return
    _quieten()
    try:
        yield
    finally:
        _restore()


def quiet_gc_until_exit() -> None:
    """Run the collector seldom from now on, and not at all for the clearing up at the end of the process.

    For commands and for Pulumi's own program, whose registrations go on after its last line.
    """
    if not plain_requested():
        _quieten()
        atexit.register(gc.freeze)


def _quieten() -> None:
    global _depth, _before
    with _LOCK:
        if _depth == 0:
            _before = gc.get_threshold()
            # A threshold of 0 means that somebody has switched collection off already
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
