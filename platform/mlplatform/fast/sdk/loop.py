"""An event loop that hands callbacks on with fewer questions: a plan of 800 resources has 25,000 of them."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any

from mlplatform.fast.switch import interpreter_supported, plain_sdk_requested

_HANDLE_SLOTS = {"_callback", "_args", "_cancelled", "_loop", "_source_traceback", "_repr", "__weakref__", "_context"}


class _Handle(asyncio.Handle):
    """A callback of a loop that is not in debug mode."""

    __slots__ = ()

    def __init__(  # pyright: ignore[reportMissingSuperCall]
        self, callback: Callable[..., object], args: tuple[Any, ...], loop: asyncio.AbstractEventLoop, context: Context
    ) -> None:
        own: Any = self
        own._context = context
        own._loop = loop
        own._callback = callback
        own._args = args
        own._cancelled = False
        own._repr = own._source_traceback = None


if sys.platform != "win32":

    class _Loop(asyncio.SelectorEventLoop):
        """The default loop of these systems, except in how a callback comes into its queue."""

        def call_soon(
            self,
            callback: Callable[..., object],
            *args: Any,  # noqa: ANN401 - as the original
            context: Context | None = None,
        ) -> asyncio.Handle:
            """As the original, which asks four more questions."""
            own: Any = self
            if own._debug or own._closed:
                return super().call_soon(callback, *args, context=context)
            handle = _Handle(callback, args, self, copy_context() if context is None else context)
            own._ready.append(handle)
            return handle


def new_loop() -> asyncio.AbstractEventLoop:
    """A new event loop for one run; Python's own where the one above does not fit."""
    if sys.platform == "win32" or plain_sdk_requested() or not interpreter_supported():
        return asyncio.new_event_loop()
    # somebody may have chosen another loop, and another version of Python may have another one
    policy = asyncio.get_event_loop_policy()  # pyright: ignore[reportDeprecated] - not on the versions that come here
    is_default = type(policy) is asyncio.DefaultEventLoopPolicy  # pyright: ignore[reportDeprecated]
    return _Loop() if is_default and {*asyncio.Handle.__slots__} == _HANDLE_SLOTS else asyncio.new_event_loop()
