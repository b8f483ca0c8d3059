"""Cheaper outputs: reading the settings that each one uses, remembering outputs, waiting for them and making them."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from pulumi import Output, Resource
from pulumi._utils import ContextProperty
from pulumi.output import _OutputData
from pulumi.runtime import rpc, stack
from pulumi.runtime.settings import SETTINGS, _get_rpc_manager

from mlplatform.fast.sdk.replacements.proof import same_parameters

_OUTPUT: Any = Output
_SETTINGS: Any = SETTINGS

# Settings
#
# Every output reads Pulumi's settings several times, and each time the value is fetched twice, through two more calls.

_PROPERTY: Any = ContextProperty
plain_get_setting = _PROPERTY.__get__


def get_setting(self: Any, instance: object, _owner: object) -> object:  # noqa: ANN401 - the class is patched
    """Replaces `ContextProperty.__get__`."""
    if instance is None:
        return self
    value = self._data.get(self._ContextProperty__default)
    return self if isinstance(value, dict) else value


def replace_settings() -> bool:
    """Replace the method if it gives the same objects for every setting."""
    kind = type(SETTINGS)
    properties = [value for value in vars(kind).values() if isinstance(value, ContextProperty)]
    same = len(properties) > 0 and all(
        get_setting(prop, instance, kind) is plain_get_setting(prop, instance, kind)
        for prop in properties
        for instance in (SETTINGS, None)
    )
    if same:
        _PROPERTY.__get__ = get_setting
    return same


# Remembered outputs
#
# Pulumi remembers every output to wait for it at the end of the program, with a callback that forgets it: two calls, a
# closure and a copied context for each value that was never pending.

plain_track = _OUTPUT._track


def track(self: Any) -> None:  # noqa: ANN401 - the class is patched
    """Replaces `Output._track`: an output that has its value is not remembered."""
    data: asyncio.Future[object] = self._data
    if data.done() and not data.cancelled() and data.exception() is None:
        return
    with _SETTINGS.lock:
        _SETTINGS.outputs.add(data)
    data.add_done_callback(_forget)


def _forget(data: asyncio.Future[object]) -> None:
    # an output that failed stays, so that its error is raised at the end
    if not data.cancelled() and data.exception() is None:
        with _SETTINGS.lock:
            _SETTINGS.outputs.discard(data)


def replace_tracking() -> bool:
    """Replace the method if it takes the same parameters as the original."""
    same = same_parameters(plain_track, track)
    if same:
        _OUTPUT._track = track
    return same


# Outputs of plain values
#
# Pulumi asks of each value in a list or map whether it is an output, an input class, a collection or awaitable.

plain_from_input = _OUTPUT.from_input

_PLAIN = frozenset({str, bool, int, float, type(None)})


def from_input(val: Any) -> Any:  # noqa: ANN401 - values of any type
    """Replaces `Output.from_input`; what is no plain value goes to the original."""
    if type(val) not in _PLAIN:
        return plain_from_input(val)
    data: asyncio.Future[_OutputData[Any]] = asyncio.Future()
    data.set_result(_OutputData(set(), val, True, False))
    output = object.__new__(_OUTPUT)
    output._data = data
    return output


def replace_inputs() -> bool:
    """Replace the function if it takes the same parameters as the original, and outputs with a value are not kept."""
    same = _OUTPUT._track is track and same_parameters(plain_from_input, from_input)
    if same:
        _OUTPUT.from_input = staticmethod(from_input)
    return same


# Waiting
#
# Pulumi waits for the first of all its pending outputs, and then again for the first of those that are left: every
# round puts a callback on each of them and takes it off. Here each output reports once that it is done.

plain_wait_for_rpcs = stack.wait_for_rpcs

_Pending = asyncio.Future[Any]


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Replaces `pulumi.runtime.stack.wait_for_rpcs`: calls first, then outputs, until neither is left."""
    manager: Any = _get_rpc_manager()
    while True:
        await _wait_for_calls(manager.rpcs)
        await plain_wait_for_rpcs(await_all_outstanding_tasks=False)
        if not await_all_outstanding_tasks:
            return
        await _wait_for_outputs()
        if not manager.rpcs:
            return


async def _wait_for_calls(calls: list[_Pending]) -> None:
    """Wait for calls until none is left or one failed, whose error the original raises.

    The original lets the loop run once for each call that is done already.
    """
    while calls:
        call = calls[-1]
        if not call.done():
            await asyncio.wait([call])
        if call.cancelled() or call.exception() is not None:
            return
        # others may have come meanwhile
        calls.remove(call)


async def _wait_for_outputs() -> None:
    """Wait until every output is done, new ones included; raises the error of one that failed."""
    pending: set[_Pending] = set()
    done: asyncio.Queue[_Pending] = asyncio.Queue()
    report_end = done.put_nowait
    try:
        while True:
            for output in _take_outputs():
                if output not in pending:
                    pending.add(output)
                    output.add_done_callback(report_end)
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
            output.remove_done_callback(report_end)


def _take_outputs() -> list[_Pending]:
    with _SETTINGS.lock:
        outputs: list[_Pending] = list(_SETTINGS.outputs)
        _SETTINGS.outputs.clear()
    return outputs


def replace_waiting() -> bool:
    """Replace the function if it takes the same parameters as the original."""
    same = same_parameters(plain_wait_for_rpcs, wait_for_rpcs)
    if same:
        stack.wait_for_rpcs = wait_for_rpcs
    return same


# Outputs of a resource's properties
#
# Pulumi joins four futures in a task for every property that a resource could have: 90 tasks for a cluster. It makes a
# resource's `id` and `urn` of one future each, and here the properties are made in the same way. They are not kept
# until the end of the program either: they are done when the registration is, and that is waited for.

plain_transfer_properties = rpc.transfer_properties

Resolver = Callable[[Any, bool, bool, "set[Resource] | None", "Exception | None"], None]


def transfer_properties(res: Resource, props: Iterable[str], custom: bool) -> dict[str, Resolver]:
    """Replaces `pulumi.runtime.rpc.transfer_properties`: the same outputs and resolvers, by name."""
    resolvers: dict[str, Resolver] = {}
    for name in props:
        # the caller makes these two
        if name == "urn" or (name == "id" and custom):
            continue
        future: asyncio.Future[_OutputData[Any]] = asyncio.Future()
        resolvers[name] = Resolve(res, future)
        output = object.__new__(_OUTPUT)
        output._data = future
        res.__dict__[name] = output
    return resolvers


class Resolve:
    """Sets one property's future: an object with two slots, where a function would bring a closure and its cells."""

    __slots__ = ("_res", "future")

    def __init__(self, res: Resource, future: asyncio.Future[_OutputData[Any]]) -> None:
        self._res = res
        self.future = future

    def __call__(
        self, value: object, is_known: bool, is_secret: bool, deps: set[Resource] | None, failed: Exception | None
    ) -> None:
        if failed is not None:
            self.future.set_exception(failed)
            # the error of the registration is the one that is raised
            self.future.exception()
        else:
            self.future.set_result(_OutputData({*(deps or ()), self._res}, value, is_known, is_secret))


def replace_property_outputs() -> bool:
    """Replace the function if it takes the same parameters as the original."""
    same = same_parameters(plain_transfer_properties, transfer_properties)
    if same:
        serializing: Any = rpc
        serializing.transfer_properties = transfer_properties
    return same
