"""Waiting for outputs, remembering them and serialising values: as Pulumi does it, without the repetition."""

from __future__ import annotations

import asyncio
import contextvars
import enum
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi
import pytest
from pulumi import _types
from pulumi.runtime import settings

from mlplatform.plan.speed import tracking, values, waiting

WAYS = pytest.mark.parametrize("wait", [waiting.plain_wait_for_rpcs, waiting.wait_for_rpcs])


def run(program: Callable[[], Awaitable[object]]) -> object:
    """Run with outputs of its own: what other tests left pending is none of its business."""

    async def main() -> object:
        settings.SETTINGS.outputs = set()
        settings._get_rpc_manager().clear()
        return await asyncio.wait_for(program(), 10)  # type: ignore[arg-type]

    return contextvars.copy_context().run(asyncio.run, main())


def later(value: object, turns: int, failed: bool = False) -> pulumi.Output[Any]:
    async def come() -> object:
        for _ in range(turns):
            await asyncio.sleep(0)
        if failed:
            raise ValueError(value)
        return value

    return pulumi.Output.from_input(come())


@WAYS
def test_waits_for_outputs_and_for_those_that_come_up_meanwhile(wait: Callable[[], Awaitable[None]]) -> None:
    seen: list[object] = []

    async def program() -> None:
        for turns in (5, 1, 3):
            later(turns, turns).apply(lambda value: later(value, 4).apply(seen.append))
        await wait()
        assert not settings.SETTINGS.outputs

    run(program)
    assert seen == [1, 3, 5]


@WAYS
def test_waits_for_a_call_that_an_output_began(wait: Callable[[], Awaitable[None]]) -> None:
    seen: list[object] = []

    async def call() -> None:
        await asyncio.sleep(0)
        seen.append("called")

    async def program() -> None:
        manager = settings._get_rpc_manager()
        later(1, 2).apply(lambda _: asyncio.ensure_future(manager.do_rpc("call", call)()))
        await wait()

    run(program)
    assert seen == ["called"]


@WAYS
@pytest.mark.parametrize("turns", [0, 3])
def test_raises_what_an_output_failed_with_while_another_never_ends(
    turns: int, wait: Callable[[], Awaitable[None]]
) -> None:
    async def program() -> None:
        pulumi.Output.from_input(asyncio.get_running_loop().create_future())
        later("refused", turns, failed=True)
        later(1, turns + 1)
        await wait()

    with pytest.raises(ValueError, match="refused"):
        run(program)


@pytest.mark.parametrize("track", [tracking.plain_track, tracking.track])
def test_only_what_failed_is_remembered_when_all_is_done(track: Callable[[object], None]) -> None:
    async def program() -> int:
        loop = asyncio.get_running_loop()
        done, pending, failed, gone = (loop.create_future() for _ in range(4))
        done.set_result(1)
        for future in (done, pending, failed, gone):
            output: Any = object.__new__(pulumi.Output)
            output._data = future
            track(output)
        assert {pending, failed, gone} <= settings.SETTINGS.outputs
        pending.set_result(2)
        failed.set_exception(ValueError("refused"))
        gone.cancel()
        await asyncio.sleep(0)
        assert settings.SETTINGS.outputs == {failed, gone}
        return len(settings.SETTINGS.outputs)

    assert run(program) == 2


class Colour(str, enum.Enum):  # noqa: UP042 - as the SDKs write them
    RED = "red"


@pytest.mark.parametrize("value", ["text", "", 3, 2.5, True, None, Colour.RED, ["a", None], {"key": {"b": 1}}, b"raw"])
@pytest.mark.parametrize("typ", [None, str, pulumi.Input[str], pulumi.Input[list[str]] | None])
@pytest.mark.parametrize("wire", [False, True])
def test_values_are_serialised_alike(value: object, typ: object, wire: bool) -> None:
    async def said(serialize: Callable[..., Awaitable[object]]) -> object:
        try:
            made = await serialize(value, [], "key", typ=typ, return_protobuf_value=wire)
            return type(made), made
        except (ValueError, AssertionError) as error:
            return str(error)

    ours, plain = (
        asyncio.run(said(way))  # type: ignore[arg-type]
        for way in (values.serialize_property, values.plain_serialize)
    )
    assert ours == plain


def test_types_are_unwrapped_alike() -> None:
    written: list[Any] = [str, Any, dict, list[str], pulumi.Input[str], pulumi.Input[str] | None, pulumi.Output[int]]
    written += [pulumi.Input[list[pulumi.Input[str]]], pulumi.InputType[pulumi.ResourceOptions], str | None]
    for typ in [*written, *written]:
        assert values.unwrap_type(typ) is values.plain_unwrap(typ) or typ in (str | None,)
        assert values.unwrap_type(typ) == values.plain_unwrap(typ)
    assert _types.unwrap_type is values.unwrap_type
