"""Waiting for what a program has begun, in one pass.

Pulumi waits for the first of all its pending outputs, and then again for the first of those that are left: every
round puts a callback on each of them and takes it off. Here each output says once that it is done.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from typing import Any

from pulumi.runtime import stack
from pulumi.runtime.settings import SETTINGS, _get_rpc_manager

plain_wait_for_rpcs = stack.wait_for_rpcs

_SETTINGS: Any = SETTINGS
_Pending = asyncio.Future[Any]


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Stands in for `pulumi.runtime.stack.wait_for_rpcs`: calls first, then outputs, until neither is left."""
    manager: Any = _get_rpc_manager()
    while True:
        await plain_wait_for_rpcs(await_all_outstanding_tasks=False)
        if not await_all_outstanding_tasks:
            return
        await _outputs()
        if not manager.rpcs:
            return


async def _outputs() -> None:
    """Until every output is done, those that come up meanwhile too; raises what one of them failed with."""
    pending: set[_Pending] = set()
    done: asyncio.Queue[_Pending] = asyncio.Queue()
    ended_one = done.put_nowait
    try:
        while True:
            for output in _taken():
                if output not in pending:
                    pending.add(output)
                    output.add_done_callback(ended_one)
            if not pending:
                return
            ended = [await done.get()]
            while not done.empty():
                ended.append(done.get_nowait())
            for output in ended:
                pending.discard(output)
                await output
    finally:
        for output in pending:
            output.remove_done_callback(ended_one)


def _taken() -> list[_Pending]:
    with _SETTINGS.lock:
        taken: list[_Pending] = list(_SETTINGS.outputs)
        _SETTINGS.outputs.clear()
    return taken
