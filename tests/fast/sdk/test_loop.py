"""The loop of a plan does what Python's own does, in the same order."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable

import pytest

from mlplatform.fast.sdk import loop as fast_loop
from mlplatform.fast.sdk.loop import new_loop

PLACE = contextvars.ContextVar("PLACE", default="outside")
WAYS = pytest.mark.parametrize("make", [asyncio.new_event_loop, new_loop], ids=["plain", "fast"])


def test_it_is_used_where_python_has_its_own_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = new_loop()
    loop.close()
    assert type(loop) is not asyncio.SelectorEventLoop or sys.version_info >= (3, 14)
    monkeypatch.setenv("MLPLATFORM_PLAIN", "1")
    loop = new_loop()
    loop.close()
    assert type(loop) is asyncio.SelectorEventLoop
    monkeypatch.delenv("MLPLATFORM_PLAIN")
    monkeypatch.setattr(fast_loop, "_HANDLE_SLOTS", {"others"})
    loop = new_loop()
    loop.close()
    assert type(loop) is asyncio.SelectorEventLoop


@WAYS
def test_callbacks_run_in_order_and_in_their_context(make: Callable[[], asyncio.AbstractEventLoop]) -> None:
    seen: list[object] = []
    errors: list[object] = []

    async def child(name: str, turns: int) -> str:
        PLACE.set(name)
        for turn in range(turns):
            await asyncio.sleep(0)
            seen.append((name, turn, PLACE.get()))
        return name

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, told: errors.append(repr(told["exception"])))
        inner = contextvars.copy_context()
        inner.run(PLACE.set, "given")
        loop.call_soon(lambda: seen.append(PLACE.get()), context=inner)
        loop.call_soon(lambda one, two: seen.append((one, two)), 1, 2)
        handle = loop.call_soon(seen.append, "never")
        handle.cancel()
        assert handle.cancelled()
        loop.call_soon([1].index, 2)
        ended = await asyncio.gather(child("a", 3), child("b", 2), asyncio.to_thread(lambda: "thread"))
        seen.append(ended)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        seen.append(PLACE.get())

    loop = make()
    try:
        loop.run_until_complete(main())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
    first, rest = seen[:2], seen[2:]
    assert first == ["given", (1, 2)]
    assert rest == [
        *[("a", 0, "a"), ("b", 0, "b"), ("a", 1, "a"), ("b", 1, "b"), ("a", 2, "a")],
        ["a", "b", "thread"],
        "outside",
    ]
    assert errors == ["ValueError('2 is not in list')"]
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)


@WAYS
def test_what_a_debugger_asks_of_a_callback_is_the_same(make: Callable[[], asyncio.AbstractEventLoop]) -> None:
    loop = make()
    try:
        # without its arguments from Python 3.13 on, where nobody debugs
        assert repr(loop.call_soon(print, 1)).endswith(("print(1)>", "print()>"))
        loop.set_debug(True)
        handle = loop.call_soon(print)
        assert vars(asyncio.Handle)["_source_traceback"].__get__(handle) is not None
    finally:
        loop.close()
